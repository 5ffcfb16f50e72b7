"""Reads answers: a success into its type, a failure into the error of its code."""

from datetime import UTC, datetime
from typing import TypeVar, cast

import httpx2
import msgspec

from citizen_gateway_sdk import errors
from citizen_gateway_sdk._call import Call, Operation
from citizen_gateway_sdk._failures import APIError, Problem, UnreadableAnswer
from citizen_gateway_sdk._retry import parse_retry_after

T = TypeVar("T")

_SHOWN = 200


def is_answer(operation: Operation[T], response: httpx2.Response) -> bool:
    """Whether a response is what the operation answers, rather than a failure, the gateway's or a proxy's."""
    media = response.headers.get("Content-Type", "").partition(";")[0]
    return response.is_success or (response.status_code in operation.also and media == "application/json")


def read_success(operation: Operation[T], call: Call, response: httpx2.Response) -> T:
    """Return the answer as its type. Raises `UnreadableAnswer` where it is of another form."""
    if operation.answer in {bytes, type(None)}:
        return cast("T", response.content if operation.answer is bytes else None)
    try:
        return msgspec.json.decode(response.content, type=operation.answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        unreadable = UnreadableAnswer(
            f"the answer to {call.name} is not what this SDK expects: {error}",
            request_id=request_id_of(call, response),
            status=response.status_code,
            body=response.content,
        )
        unreadable.idempotency_key = call.idempotency_key
        raise unreadable from error


def read_failure(call: Call, response: httpx2.Response) -> APIError:
    """Return the error that a failed answer stands for: the class of its code, or a plain `APIError`."""
    problem = _problem(response)
    kind = APIError if problem is None else errors.BY_CODE.get(problem.code or "", APIError)
    return kind(
        _said(call, response, problem),
        request_id=request_id_of(call, response),
        status=response.status_code,
        body=response.content,
        problem=problem,
        retry_after=parse_retry_after(
            response.headers.get("Retry-After"), date=response.headers.get("Date"), now=datetime.now(UTC)
        ),
    )


def request_id_of(call: Call, response: httpx2.Response) -> str:
    """Return the gateway's own id of the request, or the one that was sent."""
    return response.headers.get("X-Request-Id") or call.request_id


def _problem(response: httpx2.Response) -> Problem | None:
    if "json" not in response.headers.get("Content-Type", ""):
        return None
    try:
        said = msgspec.json.decode(response.content, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if isinstance(word := said.get("error"), str):  # as OAuth 2 has its refusals (RFC 6749 §5.2)
        said = said | {"code": word, "title": str(said.get("error_description", ""))}
    problem = _with_members(said)
    return problem if problem.code or problem.title else None


def _with_members(said: dict[str, object]) -> Problem:
    """Return a problem document as its type; members of another form than documented are kept beside the others."""
    known = {name: said[name] for name in Problem.__struct_fields__ if name in said and name != "members"}
    for name in list(known):
        try:
            msgspec.convert({name: known[name]}, Problem)
        except msgspec.ValidationError:
            del known[name]
    problem = msgspec.convert(known, Problem)
    return msgspec.structs.replace(problem, members={k: v for k, v in said.items() if k not in known})


def _said(call: Call, response: httpx2.Response, problem: Problem | None) -> str:
    if problem is not None:
        words = " — ".join(part for part in (problem.title, problem.detail) if part)
        return f"{response.status_code} {problem.code or 'without a code'}: {words}"
    text = " ".join(response.content[: 4 * _SHOWN].decode(errors="replace").split())[:_SHOWN]
    answer = f"{response.status_code} {response.reason_phrase}"
    return f"{answer} to {call.name}, without a problem document: {text or 'no body'}"
