"""Time that stands still, and more time: holds, their end, and extensions; departments ask, centers decide."""

from datetime import datetime

import msgspec

from citizen_gateway.platform.events import Happening
from citizen_gateway.tickets.actions.acting import Acting
from citizen_gateway.tickets.clocks import Clock
from citizen_gateway.tickets.errors import Missing
from citizen_gateway.tickets.events import (
    Extended,
    ExtensionRefused,
    ExtensionRequested,
    Held,
    HoldRefused,
    HoldRequested,
    Resumed,
)
from citizen_gateway.tickets.record import Wish
from citizen_gateway.tickets.terms import ClockName, Need, TicketState


def request_hold(acting: Acting) -> list[Happening]:
    """Ask the center to let it wait (申请挂账)."""
    return [HoldRequested(acting.text(Need.REASON), acting.ahead(Need.REVIEW_ON))]


def hold(acting: Acting) -> list[Happening]:
    """Let it wait until a review (挂账), as asked for or as the center sees it."""
    wish = acting.ticket.hold_wish
    if wish is None:
        raise Missing(need=Need.REVIEW_ON.value)
    return [Held(acting.text(Need.REASON) or wish.reason, _granted(acting, Need.REVIEW_ON, wish, acting.now))]


def refuse_hold(acting: Acting) -> list[Happening]:
    """Do not let it wait."""
    return [HoldRefused(acting.text(Need.REASON))]


def resume(acting: Acting) -> list[Happening]:
    """End a pause (解挂); its clocks go on with what was left."""
    return [resumed(acting, acting.text(Need.REASON))]


def resumed(acting: Acting, cause: str) -> Resumed:
    """Return the end of a pause, with the ends of the clocks that stood still."""
    ticket, now = acting.ticket, acting.now
    pause = ticket.pause
    if pause is None or ticket.resolve_due is None or ticket.accept_due is None or ticket.assigned_at is None:
        raise RuntimeError("a ticket on hold has a pause and limits")
    resolve = Clock(ClockName.RESOLVE, ticket.assigned_at, ticket.resolve_due, ticket.around_the_clock)
    accept = Clock(ClockName.ACCEPT, ticket.assigned_at, ticket.accept_due, around=True)
    waits_for_signature = pause.before is TicketState.ASSIGNED
    return Resumed(
        cause=cause,
        resolve_due=_later(acting, resolve, pause.since, now),
        accept_due=_later(acting, accept, pause.since, now) if waits_for_signature else None,
    )


def request_extension(acting: Acting) -> list[Happening]:
    """Ask the center for more time, before the limit (申请延期)."""
    return [ExtensionRequested(acting.text(Need.REASON), acting.ahead(Need.UNTIL, acting.ticket.resolve_due))]


def extend(acting: Acting) -> list[Happening]:
    """Grant more time (延期), as asked for or as the center sees it."""
    wish = acting.ticket.extension_wish
    if wish is None:
        raise Missing(need=Need.UNTIL.value)
    until = _granted(acting, Need.UNTIL, wish, acting.ticket.resolve_due or acting.now)
    return [Extended(acting.text(Need.REASON) or wish.reason, until)]


def refuse_extension(acting: Acting) -> list[Happening]:
    """Grant no more time."""
    return [ExtensionRefused(acting.text(Need.REASON))]


def _granted(acting: Acting, need: Need, wish: Wish, after: datetime) -> datetime:
    """Return the moment that the center names, else the one wished for; a wish may have been outrun by then."""
    named = acting if acting.given.get(need) else msgspec.structs.replace(acting, given={need: wish.until})
    return named.ahead(need, after)


def _later(acting: Acting, clock: Clock, since: datetime, now: datetime) -> datetime:
    return clock.resumed(acting.city.calendar, since, max(since, now))
