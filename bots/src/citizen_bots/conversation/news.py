"""What a citizen hears of their reports unasked: which events, and in which words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_bots.conversation.naming import EVENTS, moment_in
from citizen_bots.conversation.replies import Button, Reply
from citizen_bots.texts import Translator, mark

TOLD = (
    "ticket.assigned",
    "ticket.arbitrated",
    "ticket.transferred",
    "ticket.accepted",
    "ticket.started",
    "ticket.asked",
    "ticket.held",
    "ticket.extended",
    "ticket.resolved",
    "ticket.reopened",
    "ticket.closed",
    "ticket.rejected",
    "ticket.merged",
    "ticket.unmerged",
    "ticket.split",
    "ticket.unjoined",
)
"""The types of events that are told; what citizens did themselves they know."""

_AT_ONCE = 2
"""The first assignment of a ticket that was dispatched at once is in the receipt."""

_WORDS = {
    "ticket.asked": ("question", mark("They ask you: {words}")),
    "ticket.held": ("reason", mark("It waits: {words}")),
    "ticket.extended": ("reason", mark("The reason: {words}")),
    "ticket.resolved": ("reply", mark("Reply: {words}")),
    "ticket.rejected": ("reason", mark("The reason: {words}")),
}
"""Which words of an event's data are told, by its type."""


class News(msgspec.Struct, frozen=True):
    """One thing that happened to the ticket of a citizen's report."""

    id: UUID
    type: str
    ticket: str
    report: UUID
    at: datetime
    words: str = ""


def is_told(kind: str, version: int) -> bool:
    """Whether an event, the ticket's `version`-th, is told to those who reported."""
    return kind in TOLD and not (kind == "ticket.assigned" and version <= _AT_ONCE)


def words_of(kind: str, data: Mapping[str, object]) -> str:
    """Return the words of an event's data that citizens are told."""
    member, _ = _WORDS.get(kind, ("", ""))
    return str(data.get(member, "")) if member else ""


def compose(news: Sequence[News], locale: str) -> Reply:
    """Return one message for all of it, by ticket, with a way to act on the last of each."""
    t = Translator(locale)
    tickets: dict[str, list[News]] = {}
    for one in sorted(news, key=lambda one: one.at):
        tickets.setdefault(one.ticket, []).append(one)
    parts, buttons = [], []
    for number, past in tickets.items():
        parts.append("\n".join([t("News of your report {number}:", number=number), *(_line(t, one) for one in past)]))
        buttons += _buttons(t, past[-1], alone=len(tickets) == 1)
    return Reply("\n\n".join(parts), tuple(buttons))


def facts(news: Sequence[News], locale: str) -> dict[str, str]:
    """Return the last of it in three words."""
    last, t = max(news, key=lambda one: one.at), Translator(locale)
    what = t(EVENTS[last.type]) if last.type in EVENTS else last.type
    return {"number": last.ticket, "what": what, "when": moment_in(locale, last.at)}


def _line(t: Translator, one: News) -> str:
    line = f"{moment_in(t.locale, one.at)}  {t(EVENTS[one.type]) if one.type in EVENTS else one.type}"
    _, text = _WORDS.get(one.type, ("", ""))
    return f"{line}\n{t(text, words=one.words)}" if text and one.words else line


def _buttons(t: Translator, last: News, *, alone: bool) -> list[Button]:
    seeing = Button(f"ticket:{last.ticket}", t("How it stands") if alone else last.ticket)
    if alone and last.type == "ticket.asked":
        return [Button(f"answer:{last.ticket}", t("Answer")), seeing]
    if alone and last.type == "ticket.resolved":
        return [Button(f"rate:{last.report}", t("Rate the result")), seeing]
    return [seeing]
