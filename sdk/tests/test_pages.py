"""Lists that fetch their pages as they are read; the items here are made by the contract."""

import pytest

from citizen_gateway_sdk import AsyncGateway, Gateway, TicketState, errors

from .examples import example_of
from .stage import Answer, Seen, Stage, problem

PAGES: dict[str | None, tuple[list[str], str | None]] = {
    None: (["A", "B"], "c1"),
    "c1": ([], "c2"),
    "c2": (["C"], None),
}


def queue(seen: Seen) -> Answer:
    """Answer three pages of tickets, the second of them empty."""
    numbers, following = PAGES[seen.query.get("cursor")]
    ticket = example_of("GET", "/v1/tickets")["items"][0]
    return Answer(body={"items": [ticket | {"number": number} for number in numbers], "next_cursor": following})


class TestPages:
    """Reading a list."""

    def test_all_items(self, stage: Stage, gateway: Gateway) -> None:
        """Iteration goes through all pages, and an empty one in between ends nothing."""
        stage.play(queue)
        found = gateway.tickets.list(state=TicketState.PENDING, limit=2)
        assert [ticket.number for ticket in found] == ["A", "B", "C"]
        assert [seen.query for seen in stage.seen] == [
            {"state": "pending", "limit": "2"},
            {"state": "pending", "limit": "2", "cursor": "c1"},
            {"state": "pending", "limit": "2", "cursor": "c2"},
        ]

    async def test_all_items_asynchronously(self, stage: Stage, async_gateway: AsyncGateway) -> None:
        """The same with `async for`."""
        stage.play(queue)
        assert [ticket.number async for ticket in async_gateway.tickets.list()] == ["A", "B", "C"]

    def test_nothing_is_fetched_before_it_is_read(self, stage: Stage, gateway: Gateway) -> None:
        """A list costs nothing until somebody looks, and then no more pages than are looked at."""
        stage.play(queue)
        found = gateway.tickets.list()
        assert stage.seen == []
        next(iter(found))
        assert len(stage.seen) == 1

    def test_one_page_and_later_the_next(self, stage: Stage, gateway: Gateway) -> None:
        """A cursor kept somewhere continues behind its page."""
        stage.play(queue)
        page = gateway.tickets.list().first_page()
        assert ([ticket.number for ticket in page.items], page.next_cursor) == (["A", "B"], "c1")
        assert [ticket.number for ticket in gateway.tickets.list(cursor=page.next_cursor)] == ["C"]

    def test_page_by_page(self, stage: Stage, gateway: Gateway) -> None:
        """Whoever stores cursors goes through the pages themselves."""
        stage.play(queue)
        assert [len(page.items) for page in gateway.tickets.list().pages()] == [2, 0, 1]

    def test_a_second_reading_begins_anew(self, stage: Stage, gateway: Gateway) -> None:
        """A list is a question, not an answer that wears off."""
        stage.play(queue)
        found = gateway.tickets.list()
        assert len(list(found)) == len(list(found)) == 3

    def test_a_page_that_fails(self, stage: Stage, gateway: Gateway) -> None:
        """A refusal in the middle is raised there; what came before stays read."""
        stage.play(queue, problem("bad_cursor", 400))
        numbers: list[str] = []
        with pytest.raises(errors.BadCursor):
            numbers.extend(ticket.number for ticket in gateway.tickets.list())
        assert len(stage.seen) == 2
