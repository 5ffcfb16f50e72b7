"""Every refusal as RFC 9457 `application/problem+json`: stable `code`, words in the caller's language."""

from collections.abc import Mapping
from typing import Any

import msgspec
import structlog
from litestar import Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from litestar.openapi.datastructures import ResponseSpec

from citizen_gateway.kernel.errors import NotFound, NotJson, Problem, Violation
from citizen_gateway.platform.http import AnyRequest
from citizen_gateway.platform.i18n import MESSAGES, message, preferred_locale, translate

MEDIA_TYPE = "application/problem+json"

_NO_NUL = message("A text may not contain the sign U+0000")

_log = structlog.get_logger(__name__)


class Internal(Problem):
    """A defect of ours; the request id finds it in the log."""

    status = 500
    code = "internal_error"
    title = "Something went wrong on our side"
    detail = "Nothing was changed. Please try again, and name the request id if it happens again."


class MethodNotAllowed(Problem):
    """The address exists, but not for this method."""

    status = 405
    code = "method_not_allowed"
    title = "This address does not know that method"
    detail = "See the API documentation for the methods of this address."


class BodyTooLarge(Problem):
    """The body is larger than this address takes."""

    status = 413
    code = "body_too_large"
    title = "The body is too large"
    detail = "See the API documentation for the limits of this address."


class Unsupported(Problem):
    """The body is not of a media type this address takes."""

    status = 415
    code = "unsupported_media_type"
    title = "This media type is not supported here"
    detail = "See the API documentation for what this address takes."


class ProblemDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem as it is sent; `code` is stable, the texts are for people and follow `Accept-Language`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[dict[str, str]] = []
    extra: dict[str, Any] = {}


def raises(*problems: type[Problem]) -> dict[int, ResponseSpec]:
    """Return the `responses` of a handler for the problems it may answer, one entry per status."""
    by_status: dict[int, list[type[Problem]]] = {}
    for problem in problems:
        by_status.setdefault(problem.status, []).append(problem)
    return {
        status: ResponseSpec(
            ProblemDocument,
            generate_examples=False,
            media_type=MEDIA_TYPE,
            description="; ".join(f"`{problem.code}` {problem.title}" for problem in several),
        )
        for status, several in by_status.items()
    }


def answer_problem(request: AnyRequest, problem: Problem) -> Response[Any]:
    """Answer a refusal in the caller's language."""
    locale = preferred_locale(request.headers.get("accept-language"))
    title, detail = in_words(problem, locale)
    document = ProblemDocument(
        type=f"/problems/{problem.code}",
        title=title,
        status=problem.status,
        detail=detail,
        code=problem.code,
        request_id=str(request.scope.get("request_id", "")),
        extra={name: value for name, value in problem.fields.items() if name in problem.shown},
    )
    headers = {name.replace("_", "-").title(): str(problem.fields[name]) for name in problem.headers}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(msgspec.json.encode(document), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def in_words(problem: Problem, locale: str) -> tuple[str, str]:
    """Return a refusal's title and detail for people."""
    return translate(problem.title, locale), translate(problem.detail, locale, **_words(problem.fields, locale))


def _words(fields: Mapping[str, object], locale: str) -> dict[str, object]:
    """Return the fields with those words translated that are messages themselves, such as a ticket's state."""
    return {
        name: translate(value, locale) if isinstance(value, str) and value in MESSAGES else value
        for name, value in fields.items()
    }


def answer_http_exception(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Answer what Litestar itself refuses, in our form, with the headers it gives (`Allow`)."""
    answer = answer_problem(request, _as_problem(error))
    answer.headers.update(error.headers or {})
    return answer


def answer_unstorable(request: AnyRequest, _error: Exception) -> Response[Any]:
    """Answer a text with the sign NUL, which PostgreSQL cannot keep; the transaction is undone."""
    return answer_problem(request, Violation(reason=_NO_NUL, pointer="/"))


def answer_defect(request: AnyRequest, error: Exception) -> Response[Any]:
    """Answer a defect: logged whole for us, nothing of it shown."""
    _log.error("request_failed", method=request.method, path=request.url.path, exc_info=error)
    return answer_problem(request, Internal())


def _as_problem(error: HTTPException) -> Problem:
    if isinstance(error, ValidationException):
        return _violation(error)
    if isinstance(error.__cause__, SerializationException) or isinstance(error, SerializationException):
        return NotJson(reason=str(error.__cause__ or error))
    by_status: dict[int, Problem] = {
        404: NotFound(what="address"),
        405: MethodNotAllowed(),
        413: BodyTooLarge(),
        415: Unsupported(),
    }
    if error.status_code in by_status:
        return by_status[error.status_code]
    return Violation(reason=error.detail, pointer="/") if error.status_code < 500 else Internal()


def _violation(error: ValidationException) -> Problem:
    first = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
    if not isinstance(first, dict):
        return Violation(reason=error.detail, pointer="/")
    pointer = "/" + str(first.get("key", "")).removeprefix("data").replace(".", "/").lstrip("/")
    return Violation(reason=str(first.get("message", error.detail)), pointer=pointer)
