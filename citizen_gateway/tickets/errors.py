"""What can be refused about a ticket."""

from citizen_gateway.kernel.errors import Problem


class IllegalAction(Problem):
    """The ticket is in a state in which this cannot be done."""

    status = 409
    code = "illegal_action"
    title = "This cannot be done now"
    detail = "A ticket that is {state} does not allow {action}."
    shown = ("state", "action", "legal", "yours")


class NotPossible(Problem):
    """The state would allow it, but something else about the ticket does not."""

    status = 409
    code = "not_possible"
    title = "This is not possible with this ticket"
    detail = "{why}"
    shown = ("action", "condition", "legal", "yours")


class Outrun(Problem):
    """Somebody else changed the ticket since it was looked at."""

    status = 409
    code = "ticket_changed"
    title = "Somebody else was first"
    detail = "The ticket was changed meanwhile and is {state} now. Look at it and decide again."
    shown = ("state", "version")


class NotYours(Problem):
    """The ticket is held by another department."""

    status = 403
    code = "not_your_ticket"
    title = "This ticket is not yours to work on"
    detail = "Only {who} may do this."


class Missing(Problem):
    """The action lacks something it must bring."""

    status = 422
    code = "evidence_missing"
    title = "Something is missing"
    detail = "This needs: {need}."
    shown = ("need",)


class TooLate(Problem):
    """A moment that must lie ahead lies behind, or before the limit that holds now."""

    status = 422
    code = "not_ahead"
    title = "This moment is too early"
    detail = "{need} must come after {after}."
    shown = ("need", "after")


class SameDepartment(Problem):
    """The department has the ticket already."""

    status = 422
    code = "same_department"
    title = "This department has it already"
    detail = "The ticket is with {department} already."


class AlreadyReopened(Problem):
    """Citizens who are not satisfied have a ticket reopened once."""

    status = 409
    code = "already_reopened"
    title = "It was taken up again once already"
    detail = "A ticket is taken up again once because citizens are not satisfied."


class UrgedToday(Problem):
    """A reporter may urge once a day."""

    status = 429
    code = "urged_today"
    title = "You have urged this today"
    detail = "A ticket can be urged once a day. The department was told."


class SameTicket(Problem):
    """A ticket cannot be merged with itself."""

    status = 422
    code = "same_ticket"
    title = "This is the same ticket"
    detail = "A ticket cannot be merged into itself."


class NotOpen(Problem):
    """The other ticket of a merger is not open."""

    status = 409
    code = "other_not_open"
    title = "The other ticket is not open"
    detail = "The ticket {number} is {state}, so its reports stay as they are."
    shown = ("number", "state")


class NotItsReports(Problem):
    """Reports that this ticket does not answer, or all of them."""

    status = 422
    code = "not_its_reports"
    title = "These reports cannot be split off"
    detail = "Name some of the reports that this ticket answers, and not all of them."


class UnknownDepartment(Problem):
    """No such department in this city."""

    status = 422
    code = "unknown_department"
    title = "This department is not known"
    detail = "There is no department {department} in this city."


class UnknownCategory(Problem):
    """No such category in this city's directory."""

    status = 422
    code = "unknown_category"
    title = "This category is not known"
    detail = "There is no category {category} in this city's directory."


class BadTicketNumber(Problem):
    """A ticket number that was mistyped: its check sign is wrong."""

    status = 404
    code = "bad_ticket_number"
    title = "This is not a ticket number"
    detail = "The number does not fit its check sign; please compare it with your receipt."
