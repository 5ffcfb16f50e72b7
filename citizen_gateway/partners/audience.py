"""Whom a ticket's event concerns: read from the ticket's own past, so that it depends on nothing that came later."""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from citizen_gateway.tickets.events import (
    Absorbed,
    Alerted,
    Arbitrated,
    Assigned,
    AssistRequested,
    Joined,
    Merged,
    Opened,
    Reopened,
    Returned,
    Split,
    Transferred,
    Unjoined,
    Unmerged,
)

_GIVES = {kind.name for kind in (Assigned, Arbitrated, Transferred, Reopened)}
_CALLS = {Alerted.name, AssistRequested.name}
_BRINGS = {Opened.name, Joined.name, Absorbed.name}
_TAKES = {Unjoined.name, Merged.name, Split.name}
TELLING = frozenset({*_GIVES, *_CALLS, *_BRINGS, *_TAKES, Returned.name, Unmerged.name})
"""The events that change whom a ticket concerns."""


class Audience(msgspec.Struct, frozen=True):
    """Whom a ticket concerns: the department that holds it, those called to it, and the reports it answers."""

    holder: str | None = None
    called: frozenset[str] = frozenset()
    reports: frozenset[UUID] = frozenset()

    @property
    def departments(self) -> frozenset[str]:
        """All departments concerned."""
        return self.called | {self.holder} if self.holder else self.called

    def after(self, kind: str, data: Mapping[str, object]) -> "Audience":
        """Return whom the ticket concerns once this has happened."""
        told = _reports(data)
        if kind in _GIVES:
            return msgspec.structs.replace(self, holder=_text(data.get("department")))
        if kind == Returned.name:
            return msgspec.structs.replace(self, holder=None)
        if kind in _CALLS:
            return msgspec.structs.replace(self, called=self.called | _names(data.get("departments")))
        if kind in _BRINGS or (kind == Unmerged.name and not told <= self.reports):
            return msgspec.structs.replace(self, reports=self.reports | told)
        if kind in _TAKES or kind == Unmerged.name:
            return msgspec.structs.replace(self, reports=self.reports - told)
        return self


def concerned(before: Audience, kind: str, data: Mapping[str, object]) -> Audience:
    """Return whom an event itself concerns: who is in it before and after, and whoever it names."""
    after = before.after(kind, data)
    named = _names(data.get("departments")) | _names([data.get("department"), data.get("from_department")])
    departments = before.departments | after.departments | named
    return Audience(after.holder, departments, before.reports | after.reports)


def _reports(data: Mapping[str, object]) -> frozenset[UUID]:
    given = data.get("reports") or ([data["report"]] if data.get("report") else [])
    return frozenset(UUID(str(one)) for one in given) if isinstance(given, list | tuple) else frozenset()


def _names(given: object) -> frozenset[str]:
    return frozenset(str(one) for one in given if one) if isinstance(given, Collection) else frozenset()


def _text(value: object) -> str | None:
    return str(value) if value else None
