"""What becomes due, and how much of it late."""

from datetime import date

from citizen_gateway.insights.forecast import forecast
from citizen_gateway.insights.questions import Selection
from citizen_gateway.tickets import events as told
from tests.insights.conftest import BUREAU, OTHER, ZONE, Chronicle, assigned, opened

WEEK = Selection(date(2021, 7, 5), date(2021, 7, 7), ZONE.key)


async def history(chronicle: Chronicle) -> None:
    """Record a department that is always late, one that never is, and one open ticket of each."""
    for department, hour in ((BUREAU, "20:00"), (OTHER, "10:00")):
        for day in ("2021-06-01", "2021-06-02", "2021-06-03", "2021-06-04", "2021-06-07"):
            await chronicle.tell(
                (f"{day} 09:00", opened()),
                assigned(f"{day} 09:00", department),
                (f"{day} 09:10", told.Accepted()),
                (f"{day} {hour}", told.Resolved("done", ())),
            )
        await chronicle.tell(
            ("2021-07-05 09:00", opened()),
            assigned("2021-07-05 09:00", department, hours=30),
            ("2021-07-05 09:10", told.Accepted()),
        )
    await chronicle.tell(("2021-07-05 09:00", opened()), assigned("2021-07-05 09:00", hours=3))
    await chronicle.read()


class TestForecast:
    """By day."""

    async def test_counts_limits_by_their_day(self, chronicle: Chronicle) -> None:
        """Each day of the selection, empty ones too."""
        await history(chronicle)
        found = await forecast(chronicle.tx.conn, WEEK)
        assert [(day.day, day.accept, day.resolve) for day in found] == [
            ("2021-07-05", 1, 1),
            ("2021-07-06", 0, 2),
            ("2021-07-07", 0, 0),
        ]

    async def test_expects_late_what_is_usually_late(self, chronicle: Chronicle) -> None:
        """One department late in five of five, one in none, both drawn to the half they have together."""
        await history(chronicle)
        found = await forecast(chronicle.tx.conn, WEEK)
        assert found[0].expected_late == 0.75
        assert found[1].expected_late == 1.0
