"""Time that stands still, and more time."""

from datetime import datetime, timedelta

from citizen_gateway.platform.actor import Role
from tests.conftest import NOW
from tests.gateway import DEPARTMENT, Gateway, Person
from tests.tickets.actions.conftest import shown, told, types

REVIEW = (NOW + timedelta(days=400)).isoformat()


class TestHold:
    """挂账: the department asks, the center decides."""

    async def test_granted_as_asked_for(self, begun: str, handler: Person, center: Person, citizen: Person) -> None:
        """The clocks stop until the review; the citizen sees that it waits and why, not who asked."""
        asked = await handler.done(begun, "request-hold", {"reason": "等待厂家配件", "review_on": REVIEW})
        assert asked["state"] == "in_progress"
        assert asked["handling"]["hold_wish"]["reason"] == "等待厂家配件"
        held = await center.done(begun, "hold", {})
        assert (held["state"], held["handling"]["hold_wish"]) == ("on_hold", None)
        seen = await shown(citizen, begun)
        assert (seen["pause"]["cause"], seen["pause"]["text"]) == ("hold", "等待厂家配件")
        assert datetime.fromisoformat(seen["pause"]["until"]) == datetime.fromisoformat(REVIEW)
        assert "held" in await types(citizen, begun)
        assert "hold_requested" not in await types(citizen, begun)

    async def test_the_center_may_set_another_review(self, begun: str, handler: Person, center: Person) -> None:
        """Earlier or later than asked for, with its own reason."""
        await handler.done(begun, "request-hold", {"reason": "r", "review_on": REVIEW})
        sooner = (NOW + timedelta(days=390)).isoformat()
        held = await center.done(begun, "hold", {"reason": "先等一个月", "review_on": sooner})
        assert held["pause"]["text"] == "先等一个月"
        assert datetime.fromisoformat(held["pause"]["until"]) == datetime.fromisoformat(sooner)

    async def test_refused_it_goes_on(self, begun: str, handler: Person, center: Person) -> None:
        """With a reason; the wish is gone, and cannot be granted any more."""
        await handler.done(begun, "request-hold", {"reason": "r", "review_on": REVIEW})
        after = await center.done(begun, "refuse-hold", {"reason": "配件可以调拨"})
        assert (after["state"], after["handling"]["hold_wish"]) == ("in_progress", None)
        assert (await center.refused(begun, "hold", {}))[2]["condition"] == "hold_wished"

    async def test_resumed_its_clock_has_what_was_left(
        self, begun: str, handler: Person, center: Person, gateway: Gateway
    ) -> None:
        """The limit moves by the working time that passed on hold."""
        city, before = gateway.parts.city, await shown(center, begun)
        await handler.done(begun, "request-hold", {"reason": "r", "review_on": REVIEW})
        held = await center.done(begun, "hold", {})
        gateway.clock.advance(timedelta(days=3))
        center = await gateway.staff(Role.CENTER)
        after = await center.done(begun, "resume", {"reason": "配件到货"})
        assert (after["state"], after["pause"]) == ("in_progress", None)
        since = datetime.fromisoformat(held["pause"]["since"])
        back = datetime.fromisoformat((await told(center, begun))[-1]["at"])
        left = city.calendar.working_hours_between(since, datetime.fromisoformat(before["resolve_due"]))
        assert (
            abs(city.calendar.working_hours_between(back, datetime.fromisoformat(after["resolve_due"])) - left) < 1e-6
        )

    async def test_bad_requests(self, begun: str, handler: Person, center: Person, gateway: Gateway) -> None:
        """A review in the past, one without time zone, a hold nobody asked for, a handler who grants it themselves."""
        before = await gateway.census()
        past = (NOW - timedelta(days=9)).isoformat()
        body = {"reason": "r", "review_on": past}
        assert (await handler.refused(begun, "request-hold", body))[:2] == (422, "not_ahead")
        body = {"reason": "r", "review_on": "2030-01-01T00:00:00"}
        assert (await handler.refused(begun, "request-hold", body))[:2] == (422, "invalid_request")
        assert (await center.refused(begun, "hold", {}))[2]["condition"] == "hold_wished"
        assert (await center.refused(begun, "resume", {"reason": "r"}))[1] == "illegal_action"
        assert await gateway.census() == before
        await handler.done(begun, "request-hold", {"reason": "r", "review_on": REVIEW})
        assert (await handler.refused(begun, "hold", {}))[:2] == (403, "not_your_ticket")


class TestExtension:
    """延期: asked for before the limit, decided by a center."""

    async def test_granted_the_citizen_is_told(
        self, begun: str, handler: Person, center: Person, citizen: Person
    ) -> None:
        """The new limit and the reason are on the public timeline; the request was not."""
        until = (datetime.fromisoformat((await shown(handler, begun))["resolve_due"]) + timedelta(days=5)).isoformat()
        await handler.done(begun, "request-extension", {"reason": "需开挖路面", "until": until})
        assert "extension_requested" not in await types(citizen, begun)
        after = await center.done(begun, "extend", {})
        assert datetime.fromisoformat(after["resolve_due"]) == datetime.fromisoformat(until)
        last = (await told(citizen, begun))[-1]
        assert (last["type"], last["data"]["reason"]) == ("ticket.extended", "需开挖路面")

    async def test_refused_the_limit_stays(self, begun: str, handler: Person, center: Person) -> None:
        """And the department may ask again."""
        before = await shown(handler, begun)
        until = (datetime.fromisoformat(before["resolve_due"]) + timedelta(days=5)).isoformat()
        await handler.done(begun, "request-extension", {"reason": "r", "until": until})
        after = await center.done(begun, "refuse-extension", {"reason": "资料已齐"})
        assert after["resolve_due"] == before["resolve_due"]
        assert "request_extension" in (await shown(handler, begun))["actions"]

    async def test_after_the_limit_it_is_too_late_to_ask(self, begun: str, gateway: Gateway) -> None:
        """申请须在到期前."""
        gateway.clock.advance(timedelta(days=11))
        handler = await gateway.staff(Role.HANDLER, DEPARTMENT)
        until = (gateway.clock() + timedelta(days=5)).isoformat()
        status, code, extra = await handler.refused(begun, "request-extension", {"reason": "r", "until": until})
        assert (status, code, extra["condition"]) == (409, "not_possible", "in_time")

    async def test_more_time_is_more_time(self, begun: str, handler: Person, center: Person) -> None:
        """A new limit before the old one is none; what nobody asked for is not granted."""
        soon = (datetime.fromisoformat((await shown(handler, begun))["resolve_due"]) - timedelta(hours=1)).isoformat()
        assert (await handler.refused(begun, "request-extension", {"reason": "r", "until": soon}))[1] == "not_ahead"
        assert (await center.refused(begun, "extend", {}))[2]["condition"] == "extension_wished"
