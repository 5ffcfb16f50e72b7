"""Events, typed; and the feed, followed whatever happens to either side."""

import json
from itertools import islice
from typing import Any

import msgspec
import pytest

from citizen_gateway_sdk import AsyncGateway, Gateway, errors, events, models
from citizen_gateway_sdk._events import typed

from .examples import ROOT, example
from .stage import Answer, Stage, problem

CATALOGUE = json.loads((ROOT / "openapi" / "events.json").read_text(encoding="utf-8"))["components"]
TYPES = [message["name"] for message in CATALOGUE["messages"].values()]


def event(kind: str, number: int = 1, /, **data: object) -> dict[str, Any]:
    """Make an event as the gateway sends it."""
    return {
        "id": f"01890a5d-ac96-774b-bcce-b302099a80{number:02}",
        "type": kind,
        "at": "2026-11-22T08:00:00Z",
        "ticket": "ZZ-20261122-7K3F9Q-M",
        "version": number,
        "by": "staff",
        "public": True,
        "data": data,
        "reports": [],
        "cursor": f"c{number}",
    }


def batch(*items: dict[str, Any], cursor: str = "end") -> Answer:
    """Answer a batch."""
    return Answer(body={"items": list(items), "cursor": cursor, "more": False})


class TestTypes:
    """Each type of event has its class."""

    @pytest.mark.parametrize("kind", TYPES)
    def test_each_of_the_catalogue(self, kind: str) -> None:
        """Its data has the form that the catalogue says, with every member."""
        cls, form = events.BY_TYPE[kind]
        said = {name: example(member) for name, member in CATALOGUE["schemas"][form.__name__]["properties"].items()}
        made = typed(_read(event(kind, **said)))
        assert type(made) is cls
        assert type(made.data) is form
        assert set(form.__struct_fields__) == set(said)

    def test_one_that_is_not_known_yet(self) -> None:
        """A newer gateway's event comes through as it is; so does a known one in a form that is not."""
        newer = typed(_read(event("ticket.sung_about", song="x")))
        assert type(newer) is events.Event
        assert (newer.type, newer.data) == ("ticket.sung_about", {"song": "x"})
        assert type(typed(_read(event("ticket.resolved", reply=7)))) is events.Event

    def test_matching(self) -> None:
        """A program tells them apart by class."""
        match typed(_read(event("ticket.resolved", reply="done", after_photos=[]))):
            case events.TicketResolved(data=events.TicketResolvedData(reply=reply)):
                assert reply == "done"
            case other:
                raise AssertionError(other)


def _read(sent: dict[str, Any]) -> models.Event:
    return msgspec.convert(sent, models.Event)


class TestFollow:
    """`follow` yields without end."""

    def test_goes_on_behind_what_it_was_told(self, stage: Stage, gateway: Gateway) -> None:
        """Batch after batch, each asked for by the cursor before it, with the types wanted, waiting for news."""
        stage.play(batch(event("ticket.opened"), event("ticket.accepted", 2), cursor="a"), batch(event("ticket.x", 3)))
        seen = list(islice(gateway.events.follow("start", types=["ticket.opened", "ticket.accepted"]), 3))
        assert [one.version for one in seen] == [1, 2, 3]
        assert [asked.query["after"] for asked in stage.seen] == ["start", "a"]
        assert stage.seen[0].query["types"] == "ticket.opened,ticket.accepted"
        assert int(stage.seen[0].query["wait"]) > 0

    def test_survives_the_gateway_s_restart(self, stage: Stage, gateway: Gateway) -> None:
        """Away, overloaded, broken off in the middle of an answer: asked again at the same place until it answers."""
        whole = json.dumps({"items": [event("ticket.opened")], "cursor": "a", "more": False}).encode()
        broken = Answer(200, whole, cut=True)
        away = [Answer(502, b""), Answer(503, b""), problem("internal_error", 500), broken, Answer(504, b"")]
        stage.play(batch(cursor="a"), *away, batch(event("ticket.opened", 7)))
        assert next(iter(gateway.events.follow("start"))).version == 7
        assert [asked.query["after"] for asked in stage.seen] == ["start"] + ["a"] * 6

    @pytest.mark.parametrize(
        ("code", "status", "raised"),
        [
            ("stale_cursor", 410, errors.StaleCursor),
            ("foreign_cursor", 403, errors.ForeignCursor),
            ("unauthenticated", 401, errors.Unauthenticated),
        ],
    )
    def test_what_would_never_help_is_raised(
        self, stage: Stage, gateway: Gateway, code: str, status: int, raised: type[errors.APIError]
    ) -> None:
        """A bad cursor or a credential that ended is for the program to decide on."""
        stage.play(problem(code, status))
        with pytest.raises(raised):
            next(iter(gateway.events.follow("start")))
        assert len(stage.seen) == 1

    async def test_asynchronously(self, stage: Stage, async_gateway: AsyncGateway) -> None:
        """The same without blocking."""
        stage.play(batch(event("ticket.accepted"), cursor="a"), Answer(503, b""), batch(event("ticket.started", 2)))
        seen = []
        async for one in async_gateway.events.follow():
            seen.append(type(one))
            if len(seen) == 2:
                break
        assert seen == [events.TicketAccepted, events.TicketStarted]
