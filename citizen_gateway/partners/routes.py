"""`/v1/events`: the event feed, by long polls and as a stream."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from citizen_gateway.accounts.errors import ScopeMissing
from citizen_gateway.kernel.errors import BadCursor, Unauthenticated
from citizen_gateway.partners.errors import ForeignCursor, StaleCursor, UnknownEventType
from citizen_gateway.partners.following import Follower, read_types
from citizen_gateway.partners.schema import EventBatch, batch_view
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.platform.problems import raises

MAX_EVENTS = 1000
MAX_WAIT_S = 30

After = Annotated[
    str | None,
    QueryParameter(
        name="after",
        description="A cursor of an earlier answer; `latest`: only what happens from now on",
        max_length=200,
    ),
]
Types = Annotated[
    str | None, QueryParameter(name="types", description="Types of events, with commas between them", max_length=2000)
]
_READS = raises(Unauthenticated, ScopeMissing, BadCursor, ForeignCursor, StaleCursor, UnknownEventType)


class EventController(Controller):
    """Events."""

    path = "/v1/events"
    tags = ("events",)

    @get(operation_id="listEvents", summary="What happened since", responses=_READS)
    async def read(
        self,
        *,
        actor: Caller,
        work: Work,
        after: After = None,
        types: Types = None,
        wait: Annotated[
            int, QueryParameter(ge=0, le=MAX_WAIT_S, description="Seconds to wait for an event where there is none")
        ] = 0,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_EVENTS, description="Most events at once")] = 100,
    ) -> EventBatch:
        """List what happened to the tickets that you may see, oldest first, each event at least once.

        A center sees all tickets, a department those it holds or is called to, a client and a citizen the public
        events of their own reports' tickets. Without `after` the feed begins 30 days ago.
        """
        follower = Follower(work, actor, read_types(types))
        place = await follower.start(after)
        return batch_view(await follower.next(place, wait=wait, limit=limit), follower.cursors)

    @get("/stream", operation_id="streamEvents", include_in_schema=False)
    async def stream(
        self,
        *,
        actor: Caller,
        work: Work,
        after: After = None,
        types: Types = None,
        last: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
    ) -> Stream:
        """Stream the feed as server-sent events; `Last-Event-ID` goes on behind an event, as browsers send it."""
        follower = Follower(work, actor, read_types(types))
        place = await follower.start(last or after)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Stream(follower.stream(place, limit=MAX_EVENTS), media_type="text/event-stream", headers=headers)
