"""What can be refused about a ticket."""

from citizen_gateway.kernel.errors import Problem


class IllegalAction(Problem):
    """The ticket is in a state in which this cannot be done."""

    status = 409
    code = "illegal_action"
    title = "This cannot be done now"
    detail = "A ticket that is {state} does not allow {action}."
    shown = ("state", "action", "legal")


class Outrun(Problem):
    """Somebody else changed the ticket at the same moment, and was first."""

    status = 409
    code = "ticket_changed"
    title = "Somebody else was first"
    detail = "The ticket was changed at the same moment. Look at its new state and decide again."


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
