"""Between a department and the citizens: questions, answers, and what citizens may do themselves."""

from citizen_gateway.platform.events import Happening
from citizen_gateway.platform.i18n import message, translate
from citizen_gateway.tickets.actions.acting import Acting
from citizen_gateway.tickets.actions.waiting import resumed
from citizen_gateway.tickets.clocks import answer_due
from citizen_gateway.tickets.events import Answered, Asked, Urged, Withdrawn
from citizen_gateway.tickets.terms import Need

ANSWERED = message("The question was answered.")


def ask(acting: Acting) -> list[Happening]:
    """Ask the citizen something (补充信息); clocks stop until the answer, or for five working days."""
    return [Asked(acting.text(Need.QUESTION), answer_due(acting.city.calendar, acting.now))]


def answer(acting: Acting) -> list[Happening]:
    """Answer the department; work goes on."""
    return [
        Answered(acting.text(Need.ANSWER), acting.photos(Need.PHOTOS)),
        resumed(acting, translate(ANSWERED, acting.city.settings.language)),
    ]


def urge(_acting: Acting) -> list[Happening]:
    """Ask to hurry (催办)."""
    return [Urged()]


def withdraw(acting: Acting) -> list[Happening]:
    """Take it back (撤回)."""
    return [Withdrawn(acting.text(Need.REASON))]
