"""`/v1/queues`: the lists on which staff work, and how much is in them."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from citizen_gateway.city.read_model import City
from citizen_gateway.desk import queues
from citizen_gateway.desk.model import Place, Queue
from citizen_gateway.desk.narrowing import NARROWED, REFUSED, FilterId, Narrowing, admitted
from citizen_gateway.desk.schema import QueueCount, QueueCounts
from citizen_gateway.kernel.errors import BadCursor
from citizen_gateway.kernel.paging import Page
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets.model import actions_of
from citizen_gateway.tickets.schema import TicketView, ticket_view


class QueueController(Controller):
    """Queues."""

    path = "/v1/queues"
    tags = ("desk",)

    @get(operation_id="countQueues", summary="How much is in my queues", responses=raises(*REFUSED))
    async def count(self, *, actor: Caller, work: Work, saved: FilterId = None) -> QueueCounts:
        """Count what is in each of your queues, up to a thousand, narrowed by a saved filter of yours."""
        city = work.part(City)
        async with work.read(actor) as tx:
            conditions = await admitted(tx, city, Narrowing(saved=saved))
            found = await queues.counts(tx.conn, actor, tx.now, conditions)
        return QueueCounts([QueueCount(queue, n, n >= queues.MOST_COUNTED) for queue, n in found.items()])

    @get(
        "/{queue:str}",
        operation_id="listQueue",
        summary="A queue",
        dependencies=NARROWED,
        responses=raises(*REFUSED, BadCursor),
    )
    async def show(
        self,
        *,
        queue: FromPath[Queue],
        actor: Caller,
        work: Work,
        narrowing: NamedDependency[Narrowing],
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[TicketView]:
        """List a queue: emergencies first, then what is due first.

        A page goes on behind the place of the last ticket, whatever became of that since: no ticket that stayed where
        it was is left out or shown twice.
        """
        city = work.part(City)
        after = Place.decode(cursor) if cursor else None
        async with work.read(actor) as tx:
            conditions = await admitted(tx, city, narrowing)
            values: list[object] = []
            where = queues.condition(queue, actor, tx.now, values) + queues.narrowed(conditions, values)
            rows = await queues.page(tx.conn, (where, values), after, limit + 1)
        views = [
            ticket_view(city, row.ticket, staff=True, actions=actions_of(actor, row.ticket, tx.now))
            for row in rows[:limit]
        ]
        return Page(views, rows[limit - 1].place.encode() if len(rows) > limit else None)
