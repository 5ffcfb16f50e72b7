"""What each event changes of what is counted, by hand-checked histories."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from citizen_gateway.insights.events import Excluded, Included
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.satisfaction.events import Rated
from citizen_gateway.tickets import events as told
from citizen_gateway.tickets.clock_events import Overdue
from tests.insights.conftest import BUREAU, OTHER, STREET, Chronicle, assigned, at, opened

HOUR = 3600


class TestOpening:
    """The first event."""

    async def test_says_where_and_what(self, chronicle: Chronicle) -> None:
        """The place is known up to its district, with the dedicated area across it."""
        case = await chronicle.case(("2026-03-02 09:00", opened(dedicated="zz-d01")))
        assert (case.state, case.category, case.channel, case.reports) == ("pending", "101", "app", 1)
        assert case.areas == (STREET, "410103", "zz-d01")

    async def test_of_an_area_that_is_no_more(self, chronicle: Chronicle) -> None:
        """An area of an earlier pack counts under its own code alone."""
        case = await chronicle.case(("2026-03-02 09:00", opened("gone")))
        assert case.areas == ("gone",)

    async def test_is_needed(self, chronicle: Chronicle) -> None:
        """What belongs to no ticket that was opened counts nothing."""
        stream = await chronicle.tell(("2026-03-02 09:00", told.Accepted()))
        assert await chronicle.read(stream) == [None]


class TestTimes:
    """Acceptance, handling and waiting, in seconds: elapsed and in working hours."""

    async def test_of_a_plain_life(self, chronicle: Chronicle) -> None:
        """Dispatched on Friday afternoon, settled on Monday morning."""
        case = await chronicle.case(
            ("2026-03-06 16:50", opened()),
            assigned("2026-03-06 17:00", hours=80),
            ("2026-03-06 17:20", told.Accepted()),
            ("2026-03-06 17:30", told.Started()),
            ("2026-03-09 10:00", told.Resolved("done", ())),
        )
        (turn,) = case.turns
        assert (turn.acceptance, turn.acceptance_working) == (20 * 60, 20 * 60)
        assert (turn.handling, turn.handling_working) == (65 * HOUR, 2 * HOUR)
        assert (turn.waiting, turn.waiting_working) == (65 * HOUR + 600, 2 * HOUR + 600)
        assert (case.state, turn.ended, case.resolve_due) == ("resolved", "resolved", None)
        assert turn.accept_overdue_at is None

    async def test_pauses_do_not_count(self, chronicle: Chronicle) -> None:
        """An hour's question and a night on hold are left out; the clock ends later."""
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:10", told.Accepted()),
            ("2026-03-02 10:00", told.Asked("where?", at("2026-03-09 10:00"))),
            ("2026-03-02 11:00", told.Resumed("answered", at("2026-03-02 18:00"))),
            ("2026-03-02 17:00", told.Held("parts", at("2026-03-03 10:00"))),
            ("2026-03-03 10:00", told.Resumed("review", at("2026-03-03 12:00"))),
            ("2026-03-03 11:00", told.Resolved("done", ())),
        )
        (turn,) = case.turns
        assert (turn.paused, turn.paused_working) == (18 * HOUR, 3 * HOUR)
        assert (turn.handling, turn.handling_working) == (8 * HOUR, 7 * HOUR)
        assert turn.resolve_overdue_at is None

    async def test_a_ticket_on_hold_comes_back_as_it_was(self, chronicle: Chronicle) -> None:
        """State and running clocks are those before the pause."""
        history = [
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:10", told.Asked("where?", at("2026-03-09 10:00"))),
        ]
        case = await chronicle.case(*history)
        assert (case.state, case.accept_due, case.resolve_due) == ("on_hold", None, None)
        case = await chronicle.case(*history, ("2026-03-02 09:20", told.Resumed("answered", at("2026-03-02 18:00"))))
        assert (case.state, case.accept_due) == ("assigned", at("2026-03-02 09:30"))
        assert case.resolve_due == at("2026-03-02 18:00")

    async def test_a_question_before_acceptance(self, chronicle: Chronicle) -> None:
        """It stops both clocks; the time to accept is counted without it."""
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:10", told.Asked("where?", at("2026-03-09 10:00"))),
            ("2026-03-02 10:10", told.Resumed("answered", at("2026-03-02 18:00"), at("2026-03-02 10:30"))),
            ("2026-03-02 10:25", told.Accepted()),
        )
        (turn,) = case.turns
        assert (turn.acceptance, turn.accept_due, turn.accept_overdue_at) == (25 * 60, at("2026-03-02 10:30"), None)


class TestLimits:
    """What was overdue, and when it became so."""

    async def test_an_event_after_the_limit_shows_it(self, chronicle: Chronicle) -> None:
        """No clock's own event is needed; the instant is the limit."""
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:31", told.Accepted()),
            ("2026-03-02 17:01", told.Resolved("done", ())),
        )
        assert case.turns[0].accept_overdue_at == at("2026-03-02 09:30")
        assert case.turns[0].resolve_overdue_at == at("2026-03-02 17:00")

    async def test_the_clocks_event_shows_it(self, chronicle: Chronicle) -> None:
        """An open ticket becomes overdue by the event its clock fires."""
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:31", Overdue("accept", at("2026-03-02 09:30"))),
        )
        assert case.turns[0].accept_overdue_at == at("2026-03-02 09:30")
        assert case.turns[0].resolve_overdue_at is None

    async def test_an_extension_moves_it(self, chronicle: Chronicle) -> None:
        """More time is in time."""
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:10", told.Accepted()),
            ("2026-03-02 16:00", told.Extended("parts", at("2026-03-04 17:00"))),
            ("2026-03-03 17:00", told.Resolved("done", ())),
        )
        assert case.turns[0].resolve_overdue_at is None


class TestTurns:
    """Which department had it, and how that ended."""

    async def test_returned_then_arbitrated(self, chronicle: Chronicle) -> None:
        """A return counts for who returned; the next begins anew."""
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:20", told.Returned(BUREAU, "not_our_area", "map", (), 1)),
            assigned("2026-03-02 10:00", OTHER, kind=told.Arbitrated),
            ("2026-03-02 10:10", told.Accepted()),
        )
        assert [(turn.department, turn.cause, turn.ended, turn.return_code) for turn in case.turns] == [
            (BUREAU, "assigned", "returned", "not_our_area"),
            (OTHER, "arbitrated", None, None),
        ]
        assert (case.department, case.state) == (OTHER, "accepted")

    async def test_transferred(self, chronicle: Chronicle) -> None:
        """The first department's turn ends with the second's beginning."""
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            assigned("2026-03-02 09:05", OTHER, kind=told.Transferred),
        )
        assert [turn.ended for turn in case.turns] == ["transferred", None]

    async def test_reopened(self, chronicle: Chronicle) -> None:
        """The lead has another turn; votes stay with the one they were about."""
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:05", told.Accepted()),
            ("2026-03-02 11:00", told.Resolved("done", ())),
            ("2026-03-02 12:00", Rated(contacted=False, solved="not", satisfied=1)),
            assigned("2026-03-02 13:00", kind=told.Reopened),
            ("2026-03-02 13:05", Rated(contacted=True, solved="partly", satisfied=3)),
        )
        assert [(turn.cause, turn.votes, turn.denials) for turn in case.turns] == [
            ("assigned", 2, 1),
            ("reopened", 0, 0),
        ]
        assert [(vote.number, vote.satisfied, vote.department) for vote in case.votes] == [
            (1, 1, BUREAU),
            (2, 3, BUREAU),
        ]
        assert case.state == "assigned"


class TestReports:
    """How many reports one ticket answers."""

    async def test_join_merge_and_their_undoing(self, chronicle: Chronicle) -> None:
        """Each adds or takes what it says."""
        other, three = uuid4(), tuple(uuid4() for _ in range(3))
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            ("2026-03-02 09:01", told.Joined(uuid4())),
            ("2026-03-02 09:02", told.Absorbed(other, "n", three)),
            ("2026-03-02 09:03", told.Unmerged(other, "n", "mistake", three)),
            ("2026-03-02 09:04", told.Joined(uuid4())),
            ("2026-03-02 09:05", told.Split(other, "n", "two matters", three[:1])),
            ("2026-03-02 09:06", told.Unjoined(uuid4(), other)),
        )
        assert case.reports == 1

    async def test_a_merger_that_is_undone(self, chronicle: Chronicle) -> None:
        """The ticket is as it was, its turn goes on."""
        other, reports = uuid4(), (UUID(int=1),)
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:05", told.Merged(other, "n", "same", reports)),
        )
        assert (case.state, case.reports, case.turns[0].ended) == ("merged", 0, "merged")
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:05", told.Merged(other, "n", "same", reports)),
            ("2026-03-02 09:10", told.Unmerged(other, "n", "mistake", reports)),
        )
        assert (case.state, case.reports, case.turns[0].ended) == ("assigned", 1, None)
        assert case.accept_due == at("2026-03-02 09:30")

    async def test_a_merger_that_is_undone_while_it_waits(self, chronicle: Chronicle) -> None:
        """It waits on, all the time, and goes on where it stood."""
        other, reports = uuid4(), (UUID(int=1),)
        waits = [
            ("2026-03-02 09:00", opened()),
            assigned("2026-03-02 09:00"),
            ("2026-03-02 09:05", told.Asked("which one?", at("2026-03-09 09:05"))),
            ("2026-03-02 09:10", told.Merged(other, "n", "same", reports)),
            ("2026-03-02 09:20", told.Unmerged(other, "n", "mistake", reports)),
        ]
        case = await chronicle.case(*waits)
        assert (case.state, case.before, case.accept_due, case.resolve_due) == ("on_hold", "assigned", None, None)
        case = await chronicle.case(*waits, ("2026-03-02 09:35", told.Resumed("answered", at("2026-03-02 17:30"))))
        assert (case.state, case.before, case.turns[0].paused) == ("assigned", None, 30 * 60)


class TestEnds:
    """How a ticket's life ends."""

    @pytest.mark.parametrize(
        ("what", "state"),
        [
            (told.Rejected("not ours"), "rejected"),
            (told.Withdrawn("gone"), "withdrawn"),
            (told.Closed("rated"), "closed"),
        ],
    )
    async def test_stops_the_clocks(self, chronicle: Chronicle, what: told.Closed, state: str) -> None:
        """Nothing runs any more."""
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()), assigned("2026-03-02 09:00"), ("2026-03-02 09:10", what)
        )
        assert (case.state, case.accept_due, case.resolve_due) == (state, None, None)
        assert case.ended_at == at("2026-03-02 09:10")


class TestExclusion:
    """Left out, and in again (剔除)."""

    async def test_has_reason_and_author(self, chronicle: Chronicle) -> None:
        """Both are the event's."""
        author = Actor(ActorKind.STAFF, uuid4())
        ticket = await chronicle.tell(("2026-03-02 09:00", opened()))
        await chronicle.tell(("2026-03-02 10:00", Excluded("a test call")), ticket=ticket, actor=author)
        (case,) = await chronicle.read(ticket)
        assert case is not None
        assert (case.excluded, case.exclusion, case.excluded_by) == (True, "a test call", author.id)
        await chronicle.tell(("2026-03-02 11:00", Included("it was real")), ticket=ticket, actor=author)
        (case,) = await chronicle.read(ticket)
        assert case is not None
        assert (case.excluded, case.exclusion, case.excluded_at) == (False, None, None)


class TestSupervision:
    """Urged and supervised."""

    async def test_is_counted(self, chronicle: Chronicle) -> None:
        """How often, and how high."""
        case = await chronicle.case(
            ("2026-03-02 09:00", opened()),
            ("2026-03-03 09:00", told.Urged()),
            ("2026-03-04 09:00", told.Urged()),
            ("2026-03-04 10:00", told.Supervised("district", "overdue")),
        )
        assert (case.urged, case.supervised) == (2, "district")
        assert case.opened_at + timedelta(days=2, hours=1) == at("2026-03-04 10:00")
