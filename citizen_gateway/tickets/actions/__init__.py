"""What each action of the table makes happen: pure functions from a ticket and what is brought to events."""

from collections.abc import Callable, Mapping

from citizen_gateway.platform.events import Happening
from citizen_gateway.tickets.actions.acting import Acting
from citizen_gateway.tickets.actions.asking import answer, ask, urge, withdraw
from citizen_gateway.tickets.actions.dispatching import arbitrate, assign, reject, return_, transfer
from citizen_gateway.tickets.actions.settling import accept, close, reopen, resolve, start, verify
from citizen_gateway.tickets.actions.together import answer_call, assist, conclude, convene, follow_up, supervise
from citizen_gateway.tickets.actions.waiting import (
    extend,
    hold,
    refuse_extension,
    refuse_hold,
    request_extension,
    request_hold,
    resume,
)
from citizen_gateway.tickets.terms import Action

__all__ = ["EFFECTS", "Acting", "Effect"]

Effect = Callable[[Acting], list[Happening]]

EFFECTS: Mapping[Action, Effect] = {
    Action.ASSIGN: assign,
    Action.ACCEPT: accept,
    Action.START: start,
    Action.RETURN: return_,
    Action.ARBITRATE: arbitrate,
    Action.TRANSFER: transfer,
    Action.ASSIST: assist,
    Action.ANSWER_CALL: answer_call,
    Action.CONVENE: convene,
    Action.CONCLUDE: conclude,
    Action.FOLLOW_UP: follow_up,
    Action.ASK: ask,
    Action.ANSWER: answer,
    Action.REQUEST_HOLD: request_hold,
    Action.HOLD: hold,
    Action.REFUSE_HOLD: refuse_hold,
    Action.RESUME: resume,
    Action.REQUEST_EXTENSION: request_extension,
    Action.EXTEND: extend,
    Action.REFUSE_EXTENSION: refuse_extension,
    Action.RESOLVE: resolve,
    Action.VERIFY: verify,
    Action.REOPEN: reopen,
    Action.CLOSE: close,
    Action.REJECT: reject,
    Action.WITHDRAW: withdraw,
    Action.URGE: urge,
    Action.SUPERVISE: supervise,
}
"""Every action but those that touch two tickets, which are in `tickets.merging`."""
