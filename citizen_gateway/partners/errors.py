"""What can be refused to a partner's system."""

from citizen_gateway.kernel.errors import Problem


class StaleCursor(Problem):
    """A cursor of the event feed so old that events behind it may no longer be kept."""

    status = 410
    code = "stale_cursor"
    title = "This cursor is too old"
    detail = "The feed keeps events for {days} days. List what you follow, then go on with after=latest."
    shown = ("days",)


class ForeignCursor(Problem):
    """A cursor of the event feed that was given to somebody else."""

    status = 403
    code = "foreign_cursor"
    title = "This cursor is not yours"
    detail = "A cursor works for the client it was given to alone. Start without one."


class UnknownEventType(Problem):
    """A type of event that the catalogue does not have."""

    status = 422
    code = "unknown_event_type"
    title = "This type of event is not known"
    detail = "There is no event {type}; see events.json for those there are."
    shown = ("type",)
