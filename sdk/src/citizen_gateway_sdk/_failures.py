# ruff: noqa: N818 - an error is named by what happened
"""What may go wrong, apart from the problems the gateway documents one by one (these are in `errors`)."""

from typing import Self

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """What the gateway says about a refusal (RFC 9457).

    `errors` name each field that is wrong, `extra` holds what the text was made of, for programs to read, and `members`
    whatever a newer gateway says besides.
    """

    type: str = "about:blank"
    title: str = ""
    status: int = 0
    detail: str = ""
    code: str | None = None
    request_id: str | None = None
    errors: list[dict[str, object]] = []
    extra: dict[str, object] = {}
    members: dict[str, object] = {}


class GatewayError(Exception):
    """A call that did not do what was asked.

    `request_id` is the gateway's own where it answered, and otherwise the one that was sent: quote it when you ask for
    help. The text begins with it. `idempotency_key` is the one a write was sent with: given to the same call later, it
    makes sure that the write happens once.
    """

    idempotency_key: str | None = None

    def __init__(self, message: str, *, request_id: str) -> None:
        super().__init__(message)
        self.message = message
        self.request_id = request_id

    def __str__(self) -> str:
        return f"{self.request_id}: {self.message}"

    def __reduce__(self) -> tuple[object, ...]:
        return _revive, (type(self), self.__dict__)

    @classmethod
    def _from_state(cls, state: dict[str, object]) -> Self:
        error = cls.__new__(cls, state["message"])
        error.__dict__.update(state)
        return error


def _revive(kind: type[GatewayError], state: dict[str, object]) -> GatewayError:
    return kind._from_state(state)  # noqa: SLF001 - this is how a worker process hands the error back


class ConnectionFailed(GatewayError):
    """The gateway could not be reached, or the connection broke before the answer was complete."""


class TimedOut(GatewayError):
    """The gateway did not answer within the timeout; a write may or may not have happened.

    Repeat it with the error's `idempotency_key`, and it happens once.
    """


class UnreadableAnswer(GatewayError):
    """The gateway said yes in a form that this SDK cannot read; `body` is what it said."""

    def __init__(self, message: str, *, request_id: str, status: int, body: bytes) -> None:
        super().__init__(message, request_id=request_id)
        self.status = status
        self.body = body


class APIError(GatewayError):
    """The gateway, or something in front of it, answered with a failure.

    `problem` and `code` are None where the answer was not a problem document, as from a proxy; `body` is always what
    was answered, and `retry_after` the seconds after which to try again, where that was said.
    """

    code: str | None = None

    def __init__(
        self,
        message: str,
        *,
        request_id: str,
        status: int,
        body: bytes,
        problem: Problem | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, request_id=request_id)
        self.status = status
        self.body = body
        self.problem = problem
        self.retry_after = retry_after
        if problem is not None and problem.code is not None:
            self.code = problem.code
