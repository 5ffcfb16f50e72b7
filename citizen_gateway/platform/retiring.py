"""Operations that are to go away: said on each of their answers, a year before (RFC 9745, RFC 8594)."""

from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

import msgspec


class Retiring(msgspec.Struct, frozen=True):
    """Since when an operation is deprecated, until when it is served, and where to read what comes instead."""

    since: date
    until: date
    instead: str

    def headers(self) -> dict[str, str]:
        """Return what each answer says."""
        since, until = (datetime.combine(day, time(), UTC) for day in (self.since, self.until))
        return {
            "Deprecation": f"@{int(since.timestamp())}",
            "Sunset": format_datetime(until, usegmt=True),
            "Link": f'<{self.instead}>; rel="deprecation"',
        }

    def as_handler(self) -> dict[str, Any]:
        """Return what a handler's decorator takes: `@get(…, **Retiring(…).as_handler())`."""
        return {"deprecated": True, "opt": {_NAME: self}}


_NAME = "retiring"


def retiring_of(handler: object) -> Retiring | None:
    """Return what a route handler says of its end, if anything."""
    found = getattr(handler, "opt", {}).get(_NAME)
    return found if isinstance(found, Retiring) else None
