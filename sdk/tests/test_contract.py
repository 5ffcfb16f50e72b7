"""The SDK against the contract: every operation has one method, every field its type."""

import ast
import inspect
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest

import citizen_gateway_sdk
from citizen_gateway_sdk import Gateway, errors, models, operations
from citizen_gateway_sdk._call import Operation
from citizen_gateway_sdk._model import Model, OpenEnum, Page

from .agreement import disagreements
from .examples import ERRORS, by_contract, contract, example, example_of, operation_of, resolved, success
from .examples import operations as contract_operations
from .stage import Answer, Seen, Stage

SOURCE = Path(citizen_gateway_sdk.__file__).parent / "_async"
COMPOSED = {("events", "follow")}
"""Methods made of another one's calls; they have tests of their own."""
OPTIONS = {"options", "return", "self"}


def methods() -> Iterator[tuple[str, str]]:
    """Yield resource and name of each method of a client."""
    with Gateway("http://gateway.example") as gateway:
        for resource in [name for name in vars(gateway) if not name.startswith("_")]:
            for name, member in inspect.getmembers(getattr(gateway, resource), inspect.ismethod):
                if not name.startswith("_") and (resource, name) not in COMPOSED:
                    yield resource, member.__name__


METHODS = sorted(methods())


def sample(hint: Any, name: str, *, empty: bool = False) -> Any:  # noqa: ANN401, PLR0911 - of any parameter's type
    """Make an argument of a type, as full as the contract allows, or with `empty` as bare."""
    hint = next((part for part in get_args(hint) if part is not type(None)), hint) if None in _parts(hint) else hint
    if get_origin(hint) is Literal:
        return get_args(hint)[-1]
    if name in {"source", "cursor", "progress"}:
        return {"source": b"a photo", "cursor": "of an earlier page", "progress": max}[name]
    if UUID in (hint, *get_args(hint)) and "Sequence" not in str(hint):
        return UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    if "Sequence" in str(hint):
        return [sample(get_args(hint)[0], name)]
    if isinstance(hint, type) and issubclass(hint, Model):
        return msgspec.convert(example(contract()["components"]["schemas"][hint.__name__], empty=empty), hint)
    if isinstance(hint, type) and issubclass(hint, OpenEnum):
        return list(hint)[-1]
    plain = {str: "word", int: 3, float: 0.5, bool: True, datetime: datetime(2026, 11, 22, tzinfo=UTC)}
    return {date: date(2026, 11, 22), **plain}[hint]


def _parts(hint: Any) -> set[Any]:  # noqa: ANN401
    return {None if part is type(None) else part for part in get_args(hint)}


def call(gateway: Gateway, resource: str, name: str, *, required_only: bool = False) -> object:
    """Call a method with all its arguments, or only with those it needs."""
    method = getattr(getattr(gateway, resource), name)
    hints = get_type_hints(method)
    positional, named = [], {}
    for parameter in inspect.signature(method).parameters.values():
        if parameter.name in OPTIONS or (required_only and parameter.default is not parameter.empty):
            continue
        value = sample(hints[parameter.name], parameter.name, empty=required_only)
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = value
        else:
            positional.append(value)
    answer = method(*positional, **named)
    return answer.first_page() if hasattr(answer, "first_page") else answer


class TestOperations:
    """Every operation has exactly one method."""

    def test_each_is_used_once(self) -> None:
        """No operation is forgotten and none has two methods, save one for each kind of a body that has kinds."""
        used = Counter(
            node.attr
            for path in SOURCE.glob("*.py")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "operations"
        )
        expected = {name: 1 for name, value in vars(operations).items() if isinstance(value, Operation)}
        for name in expected:
            body = contract_body(getattr(operations, name))
            expected[name] = len(body.get("oneOf", [1]))
        assert used == expected

    def test_a_failure_that_is_an_answer(self, stage: Stage, gateway: Gateway) -> None:
        """A gateway that is not ready says what is missing; that is no error, and is not asked again."""
        stage.play(Answer(503, example_of("GET", "/ready") | {"ready": False}))
        assert not gateway.health.ready().ready
        assert len(stage.seen) == 1
        stage.play(Answer(503, b"<html>", {"Content-Type": "text/html"}), Answer(body=example_of("GET", "/ready")))
        assert gateway.health.ready().ready

    def test_each_of_the_contract_is_there(self) -> None:
        """The generated constants are the operations of the contract."""
        here = {
            value.id: (value.path, value.method) for value in vars(operations).values() if isinstance(value, Operation)
        }
        assert here == {described["operationId"]: (path, method) for path, method, described in contract_operations()}

    @pytest.mark.parametrize(("resource", "name"), METHODS)
    def test_all_that_may_be_said_arrives(self, stage: Stage, gateway: Gateway, resource: str, name: str) -> None:
        """Called with all its arguments, a method sends every parameter and every field that the contract knows."""
        stage.play(by_contract)
        call(gateway, resource, name)
        seen = stage.seen[0]
        _, operation = operation_of(seen.method, seen.path)
        parameters = operation.get("parameters", [])
        assert set(seen.query) == {found["name"] for found in parameters if found["in"] == "query"}
        headers = {found["name"].lower() for found in parameters if found["in"] == "header"}
        assert headers <= set(seen.headers)
        assert fields_sent(seen) == fields_known(seen)

    @pytest.mark.parametrize(("resource", "name"), METHODS)
    def test_an_answer_arrives_whole(self, stage: Stage, gateway: Gateway, resource: str, name: str) -> None:
        """Every field of an answer is in the value that the method returns."""
        stage.play(by_contract)
        answer = call(gateway, resource, name)
        _, schema, media = success(operation_of(stage.seen[0].method, stage.seen[0].path)[1])
        if schema is None:
            assert answer is None
        elif "json" not in media:
            assert answer == b"bytes of the contract"
        else:
            whole = example(schema)
            inner = whole["items"] if isinstance(answer, list) and set(whole) == {"items"} else whole
            assert json.loads(msgspec.json.encode(answer)) == inner

    @pytest.mark.parametrize(("resource", "name"), METHODS)
    def test_the_barest_is_enough(self, stage: Stage, gateway: Gateway, resource: str, name: str) -> None:
        """Only what the contract requires need be said, and only what it promises need be answered."""
        stage.play(lambda seen: by_contract(seen, empty=True))
        call(gateway, resource, name, required_only=True)
        seen = stage.seen[0]
        _, operation = operation_of(seen.method, seen.path)
        required = {p["name"] for p in operation.get("parameters", []) if p["in"] == "query" and p.get("required")}
        assert required <= set(seen.query)
        body = body_schema(seen)
        assert fields_sent(seen) == set(body.get("required", []) if "multipart" not in media_sent(seen) else ["file"])


def contract_body(operation: Operation[Any]) -> Any:  # noqa: ANN401
    """Return the schema of the JSON body of an operation."""
    described = operation_of(operation.method, operation.path)[1]
    return described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})


def media_sent(seen: Seen) -> str:
    """Return the media type of a body."""
    return seen.headers.get("content-type", "")


def body_schema(seen: Seen) -> Any:  # noqa: ANN401
    """Return the schema of the body that a request has, the right one of several kinds."""
    content = operation_of(seen.method, seen.path)[1].get("requestBody", {}).get("content", {})
    schema: Any = resolved(next((described["schema"] for described in content.values()), {}))
    if "oneOf" not in schema:
        return schema
    body = json.loads(seen.body)
    kinds = [resolved(part) for part in schema["oneOf"]]
    return next(kind for kind in kinds if kind["properties"]["kind"]["const"] == body["kind"])


def fields_known(seen: Seen) -> set[str]:
    """Return the fields that the contract knows of a body."""
    return set(body_schema(seen).get("properties", {}))


def fields_sent(seen: Seen) -> set[str]:
    """Return the fields of a body, JSON or form."""
    if "multipart" in media_sent(seen):
        return {"file"} if b'name="file"' in seen.body else set()
    return set(json.loads(seen.body)) if seen.body else set()


class TestModels:
    """Every field has its type."""

    @pytest.mark.parametrize("name", sorted(set(models.__all__) - {"Page"}))
    def test_each_agrees_with_its_schema(self, name: str) -> None:
        """Names, types, what is required and the words of enums are those of the contract."""
        schemas = contract()["components"]["schemas"]
        by_name = {key.rpartition(".")[2]: schema for key, schema in schemas.items()}
        if name in by_name:
            assert disagreements(by_name[name], msgspec.inspect.type_info(getattr(models, name)), name) == []

    def test_a_page_agrees(self) -> None:
        """Pages by cursor are items and the cursor of what follows."""
        pages = [schema for schema in contract()["components"]["schemas"].values() if "next_cursor" in str(schema)]
        assert all(set(page["properties"]) == set(Page.__struct_fields__) for page in pages)


class TestErrors:
    """Every documented code has its class."""

    def test_each_code(self) -> None:
        """The classes are those of the catalogue, each with its code and a text."""
        catalogue = json.loads(ERRORS.read_text(encoding="utf-8"))
        assert set(errors.BY_CODE) == {entry["code"] for entry in catalogue}
        assert all(kind.__doc__ for kind in errors.BY_CODE.values())
        assert all(getattr(errors, name) for name in errors.__all__)

    def test_the_problem_document(self) -> None:
        """Every member that the contract gives a problem has its field."""
        assert set(contract()["components"]["schemas"]["Problem"]["properties"]) <= set(
            errors.Problem.__struct_fields__
        )
