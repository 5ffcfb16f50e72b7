"""What can be refused about a hand-over."""

from citizen_gateway.kernel.errors import Problem


class NotResponsible(Problem):
    """A client handing over a case that another channel answers for."""

    status = 403
    code = "not_responsible"
    title = "Another channel answers for this case"
    detail = "Only {channel}, which signed for it, can hand this case over."


class HandoverOpen(Problem):
    """A case that is offered to somebody already."""

    status = 409
    code = "handover_open"
    title = "This case is being handed over already"
    detail = "It is offered to {channel}. Withdraw that first, or wait for the answer."


class HandoverAnswered(Problem):
    """A hand-over that was answered or withdrawn before."""

    status = 409
    code = "handover_answered"
    title = "This hand-over is over"
    detail = "It is {state} since {since}."
    shown = ("state", "since")


class NobodyThere(Problem):
    """No client of that channel takes hand-overs, or it is the sender's own."""

    status = 422
    code = "channel_not_connected"
    title = "Nobody takes hand-overs there"
    detail = "No system of the channel {channel} is connected here to take this case."
