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


class RatingSuperseded(Problem):
    """The ticket is at work again, so its former result is nothing to rate any more."""

    status = 409
    code = "rating_superseded"
    title = "It is being worked on again"
    detail = "The ticket was taken up again. You will be invited anew when it is resolved."


class AlreadyFollowedUp(Problem):
    """Somebody recorded the result of this call before."""

    status = 409
    code = "already_followed_up"
    title = "This call is recorded already"
    detail = "The result of a call is recorded once."


class AnswersMissing(Problem):
    """A call in which somebody was reached has an answer."""

    status = 422
    code = "answers_missing"
    title = "The answers are missing"
    detail = (
        "Where somebody was reached, say whether they were contacted, whether it is solved, and how satisfied they are."
    )


class RatingClosed(Problem):
    """The invitation's seven days are over."""

    status = 410
    code = "rating_closed"
    title = "The time to rate is over"
    detail = "The invitation ended on {expired_at}."
