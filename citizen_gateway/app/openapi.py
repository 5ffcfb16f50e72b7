"""The API's description as it is really served: Litestar's, completed by what it cannot know."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from citizen_gateway.accounts.errors import AddressNotAllowed, KeyExpired, KeyRevoked, MalformedKey
from citizen_gateway.app.links import add_links
from citizen_gateway.kernel.errors import NotFound, NotJson, Problem, Unauthenticated, Violation
from citizen_gateway.partners.clients.oauth import TOKEN_PATH
from citizen_gateway.platform.actor import Scope
from citizen_gateway.platform.idempotency import BadKey, KeyReused
from citizen_gateway.platform.limits import RateLimited
from citizen_gateway.platform.problems import MEDIA_TYPE, BodyTooLarge, Unsupported
from citizen_gateway.tickets.reference import path_of, sentence
from citizen_gateway.tickets.terms import Action

UNSAFE = frozenset({"post", "put", "patch", "delete"})
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key of your own; a repetition with the same key gets the first answer and changes nothing.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_REQUEST_ID = {"description": "The id under which our log knows this request", "schema": {"type": "string"}}
_PAGE_OF = re.compile(rb"Page_[\w.]*\.(\w+?)_(?=\")")
_STEPS = {f"/v1/tickets/{{number}}/{path_of(action)}": action for action in Action}
_VIEW = re.compile(rb"(?<=[\"/])(\w+?)(?:View|Document)(?=(?:Page)?\")")


def describe(app: Litestar) -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of the application."""
    spec = _with_plain_names(app.openapi_schema.to_schema())
    spec["info"]["description"] = (
        "Reports of citizens, the tickets they become, and what becomes of those. Refusals are RFC 9457 problems "
        "with a stable `code`; texts follow `Accept-Language`. Coordinates always name their datum."
    )
    credentials = _credentials(app)
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            _complete(operation, method, credentials.get((path, method), ()))
            if step := _STEPS.get(path):
                operation["description"] += f" {sentence(step)}"
    add_links(spec["paths"])
    components = spec.setdefault("components", {})
    kinds = dict(sorted(_kinds(), key=lambda named: named[1].__module__.endswith(".schema")))
    for name, form in components["schemas"].items():
        if name in kinds:
            _complete_form(form, kinds[name])
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "The token of a session, or a client's key"},
        "oauth2": {
            "type": "oauth2",
            "description": "Tokens of fifteen minutes for a client's id and one of its keys",
            "flows": {
                "clientCredentials": {"tokenUrl": TOKEN_PATH, "scopes": {scope.value: scope.name for scope in Scope}}
            },
        },
    }
    return dict(spec)


def _with_plain_names(spec: dict[str, Any]) -> dict[str, Any]:
    """Call the view of a ticket `Ticket` and a page of them `TicketPage`; Litestar names the Python types."""
    text = _VIEW.sub(rb"\1", _PAGE_OF.sub(rb"\1Page", msgspec.json.encode(spec)))
    named: dict[str, Any] = msgspec.json.decode(text)
    return named


def _complete(operation: dict[str, Any], method: str, credential: tuple[str, ...]) -> None:
    if method in UNSAFE:
        operation.setdefault("parameters", []).append(_KEY)
    if "actor" in credential:
        operation["security"] = [{"bearer": []}, {"oauth2": []}]
    elif "visitor" in credential:
        operation["security"] = [{"bearer": []}, {"oauth2": []}, {}]
    responses = operation["responses"]
    if MEDIA_TYPE not in responses.get("400", {}).get("content", {}):
        responses.pop("400", None)  # Litestar's own form of a refusal, which is never sent
    for problem in _refusals(operation, method, credential):
        _declare(responses, problem)
    responses["default"] = {"description": "Any other refusal", "content": _PROBLEM}
    for response in responses.values():
        response.setdefault("headers", {})["X-Request-Id"] = _REQUEST_ID


def _refusals(operation: dict[str, Any], method: str, credential: tuple[str, ...]) -> Iterator[type[Problem]]:
    """Give the problems that come of an operation's form, not of its meaning."""
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    body = operation.get("requestBody", {}).get("content", {})
    if credential:
        yield from (Unauthenticated, KeyExpired, KeyRevoked, MalformedKey, AddressNotAllowed, RateLimited)
    if "path" in places:
        yield NotFound
    if "query" in places or body:
        yield Violation
    if body:
        yield from (BodyTooLarge, Unsupported)
    if "application/json" in body:
        yield NotJson
    if method in UNSAFE:
        yield from (BadKey, KeyReused)


def _declare(responses: dict[str, Any], problem: type[Problem]) -> None:
    response = responses.setdefault(str(problem.status), {"content": _PROBLEM, "description": ""})
    told = response["description"]
    if f"`{problem.code}`" not in told:
        response["description"] = f"{told}; `{problem.code}` {problem.title}".removeprefix("; ")


def _complete_form(form: dict[str, Any], kind: type[msgspec.Struct]) -> None:
    """Say what a form is for, and which members it always has: an answer all of them, unless it leaves out defaults."""
    form.setdefault("description", inspect.getdoc(kind) or "")
    if kind.__struct_config__.forbid_unknown_fields:
        form["additionalProperties"] = False
    elif not kind.__struct_config__.omit_defaults:
        form["required"] = sorted(form.get("properties", {}))


def _kinds(above: type[msgspec.Struct] = msgspec.Struct) -> Iterator[tuple[str, type[msgspec.Struct]]]:
    """Give our Structs by the names they have in the description."""
    for kind in above.__subclasses__():
        if kind.__module__.startswith("citizen_gateway."):
            yield kind.__name__.removesuffix("View").removesuffix("Document"), kind
        yield from _kinds(kind)


def _credentials(app: Litestar) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return which of `actor` and `visitor` each operation takes, by path and method."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            names = tuple(name for name in ("actor", "visitor") if name in handler.parsed_fn_signature.parameters)
            for method in handler.http_methods:
                found[route.path_format, str(method).lower()] = names
    return found
