"""Writes `operations.py`: for each operation of the contract its method, its path and the type of its answer."""

import re

from generation.contract import Contract, Schema, snake, successes
from generation.source import HEADER, GenerationError, docstring

_TOP = '''\
"""The operations of the API: how each is called, and what it answers."""
# ruff: noqa: E501 - summaries are lines of the contract

from citizen_gateway_sdk import models
from citizen_gateway_sdk._call import Operation
from citizen_gateway_sdk._model import Page

'''


def operations_source(contract: Contract) -> str:
    """Return the module, one constant for each operation."""
    lines = [HEADER.format(origin="openapi/openapi.json") + _TOP]
    for path, method, operation in contract.operations():
        name = str(operation["operationId"])
        answer = _answer(contract, operation, name)
        said = str(operation.get("description") or operation.get("summary") or name)
        also = _also(operation)
        lines += [
            f'{snake(name).upper()} = Operation("{name}", "{method.upper()}", "{path}", {answer}'
            f"{f', also={also}' if also else ''})",
            docstring(said),
            "",
        ]
    return "\n".join(lines)


def _also(operation: Schema) -> tuple[int, ...]:
    """Return the failures that answer what a success answers."""
    found, responses = successes(operation), operation.get("responses")
    if not found or not found[0].get("content") or not isinstance(responses, dict):
        return ()
    same = found[0]["content"]
    return tuple(
        sorted(int(status) for status, other in responses.items() if status[0] in "45" and other.get("content") == same)
    )


def _answer(contract: Contract, operation: Schema, name: str) -> str:
    """Return the type of the first success that the contract names."""
    found = successes(operation)
    if not found:
        raise GenerationError(f"{name} names no success")
    content = found[0].get("content")
    if not isinstance(content, dict) or not content:
        return "type(None)"
    described = next((body.get("schema") or {} for media, body in content.items() if "json" in media), None)
    if described is None:
        return "bytes"
    kind = contract.python_type(described, f"{name}Answer")
    models = set(contract.classes.values()) | set(contract.inline)
    return re.sub(r"[A-Za-z_]\w*", lambda word: f"models.{word[0]}" if word[0] in models else word[0], kind)
