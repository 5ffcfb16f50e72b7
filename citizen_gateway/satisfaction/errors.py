"""What can be refused about a rating."""

from citizen_gateway.kernel.errors import Problem


class NotYetInvited(Problem):
    """The ticket is not resolved yet, so there is nothing to rate."""

    status = 404
    code = "not_yet_invited"
    title = "There is nothing to rate yet"
    detail = "You will be invited to rate when the ticket is resolved."


class AlreadyRated(Problem):
    """One vote per report."""

    status = 409
    code = "already_rated"
    title = "This report is rated already"
    detail = "Each report can be rated once."


class RatingClosed(Problem):
    """The invitation's seven days are over."""

    status = 410
    code = "rating_closed"
    title = "The time to rate is over"
    detail = "The invitation ended on {expired_at}."
