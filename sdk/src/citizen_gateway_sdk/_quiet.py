"""Keeps addresses of calls out of logs: they hold tokens of invitations and places of people.

The HTTP library logs the full address of each request. Within calls of the SDK that line is left out; the
SDK's own logger says the same with the parameters left open. Other users of the HTTP library are not touched.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_within_call: ContextVar[bool] = ContextVar("citizen_gateway_sdk_within_call", default=False)


def _outside_calls(record: logging.LogRecord) -> bool:  # noqa: ARG001 - the form of a logging filter
    return not _within_call.get()


logging.getLogger("httpx2").addFilter(_outside_calls)


@contextmanager
def addresses_unlogged() -> Iterator[None]:
    """Leave the HTTP library's lines about requests out of the logs."""
    token = _within_call.set(True)
    try:
        yield
    finally:
        _within_call.reset(token)
