"""Taking a ticket on, settling it, looking whether it is really done, and taking it up again."""

import msgspec

from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.events import Happening
from citizen_gateway.tickets.actions.acting import Acting
from citizen_gateway.tickets.errors import AlreadyReopened, Missing
from citizen_gateway.tickets.events import Accepted, Closed, Reopened, Resolved, Started, Supervised, Verified
from citizen_gateway.tickets.terms import Level, Need, ReopenCause


def accept(_acting: Acting) -> list[Happening]:
    """Sign for it (签收)."""
    return [Accepted()]


def start(_acting: Acting) -> list[Happening]:
    """Begin work (处置)."""
    return [Started()]


def resolve(acting: Acting) -> list[Happening]:
    """Settle it with a reply (办结)."""
    return [Resolved(acting.text(Need.REPLY), acting.photos(Need.AFTER_PHOTO))]


def verify(acting: Acting) -> list[Happening]:
    """Say whether it is really done (核查); where it is not, it goes back to the lead."""
    done, note = acting.bring(Need.DONE, bool), acting.text(Need.NOTE)
    told: list[Happening] = [Verified(done, note, acting.photos(Need.PHOTOS))]
    return told if done else told + back_to_lead(acting, ReopenCause.VERIFICATION, note)


def reopen(acting: Acting) -> list[Happening]:
    """Take it up again (重办). Raises `AlreadyReopened` where citizens were unsatisfied once before."""
    usual = ReopenCause.UNSATISFIED if acting.actor.kind is ActorKind.SYSTEM else ReopenCause.CENTER
    cause = ReopenCause(acting.text(Need.CAUSE) or usual)
    if cause is ReopenCause.UNSATISFIED and acting.ticket.reopened_unsatisfied:
        raise AlreadyReopened
    return back_to_lead(acting, cause, acting.text(Need.REASON))


def back_to_lead(acting: Acting, cause: ReopenCause, reason: str) -> list[Happening]:
    """Give it back to the department that had it, with new limits, and tell the center that watches."""
    if acting.ticket.department is None:
        raise Missing(need=Need.DEPARTMENT.value)
    given = acting.assignment(acting.ticket.department, reason)
    level = acting.ticket.supervision or Level.STREET
    again = Reopened(**msgspec.structs.asdict(given), cause=cause.value)
    return [again, Supervised(level.value, reason)]


def close(acting: Acting) -> list[Happening]:
    """File it (归档)."""
    return [Closed(acting.text(Need.REASON))]
