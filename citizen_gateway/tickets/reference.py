"""The table of actions as people read it: a page with the picture of states, a sentence for the description."""

from collections.abc import Iterator

from citizen_gateway.platform.i18n import translate
from citizen_gateway.tickets.conditions import WHY_NOT
from citizen_gateway.tickets.model import LIFE, Step, Then
from citizen_gateway.tickets.terms import OPEN, WHO, Action, Need, TicketState

_CHINESE = "zh_CN"
_LASTING = (TicketState.REJECTED, TicketState.WITHDRAWN, TicketState.CLOSED, TicketState.MERGED)

_INTRODUCTION = """# The life of a ticket

Written by `make generate` from the table in `citizen_gateway/tickets/model.py`; do not edit it here. A dashed return to
*the state before* is not drawn: what is on hold or merged goes back to where it was.

"""


def page() -> str:
    """Return the page of documentation: states as a Mermaid diagram, actions as a table, conditions in words."""
    parts = [_INTRODUCTION, _diagram(), "\n## Actions\n\n", *_table(), "\n## Conditions\n\n", *_conditions()]
    return "".join(parts)


def sentence(action: Action) -> str:
    """Return what the API's description says of an action: from where, to where, by whom, when."""
    step = next(step for step in LIFE if step.action is action)
    told = [f"From {_origins(step)} to {_target(step)}, by {' or '.join(WHO[who] for who in step.who)}."]
    if step.when:
        told.append(f"Conditions: {', '.join(f'`{condition}`' for condition in step.when)}.")
    told.append(f"Recorded as `{step.event.name}`{'' if step.event.public else ', which citizens do not see'}.")
    return " ".join(told)


def path_of(action: Action) -> str:
    """Return the last part of an action's address."""
    return action.value.replace("_", "-")


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {TicketState.PENDING}"]
    lines += [f'    state "{state} {translate(state.value, _CHINESE)}" as {state}' for state in TicketState]
    moves: dict[tuple[TicketState, TicketState], list[str]] = {}
    for step in LIFE:
        if isinstance(step.target, TicketState):
            for origin in step.origins:
                if origin is not step.target:
                    moves.setdefault((origin, step.target), []).append(step.action.value)
    lines += [f"    {origin} --> {target}: {', '.join(names)}" for (origin, target), names in moves.items()]
    lines += [f"    {state} --> [*]" for state in _LASTING]
    return "\n".join([*lines, "```", ""])


def _table() -> Iterator[str]:
    yield "| action | from | to | who | needs | may bring | if | event | what citizens see |\n"
    yield "|---|---|---|---|---|---|---|---|---|\n"
    for step in LIFE:
        cells = (
            f"`{step.action}` {translate(step.action.value, _CHINESE)}",
            _origins(step),
            _target(step),
            ", ".join(WHO[who] for who in step.who),
            _needs(step.needs),
            _needs(step.may_bring),
            ", ".join(f"`{condition}`" for condition in step.when) or "—",
            f"`{step.event.name}`",
            step.sees or "—",
        )
        yield f"| {' | '.join(cells)} |\n"


def _conditions() -> Iterator[str]:
    yield "| condition | what is said where it fails |\n|---|---|\n"
    for condition, why in WHY_NOT.items():
        yield f"| `{condition}` | {why} |\n"


def _origins(step: Step) -> str:
    return "any open state" if step.origins == OPEN else ", ".join(f"`{state}`" for state in step.origins)


def _target(step: Step) -> str:
    return step.target.value if isinstance(step.target, Then) else f"`{step.target}`"


def _needs(needs: tuple[Need, ...]) -> str:
    return ", ".join(f"`{need}`" for need in needs) or "—"
