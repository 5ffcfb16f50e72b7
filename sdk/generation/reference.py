"""Writes the reference: the SDK's methods from its source, its objects, the events, and the documented errors."""

import ast
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generation.contract import Contract, Schema, snake
from generation.errors import class_of

WRITTEN = "Written by `make generate` from {origin}; do not edit it here.\n"
_WIDTH = 100

_SDK_TOP = """\
# The SDK, method by method

{written}
`Gateway` is shown; `AsyncGateway` has the same methods, to be awaited, and its lists are read with `async for`. What
`models.…` are stands in [objects](objects.md), what `errors.…` say in [errors](errors.md), what is told in
[events](events.md).

- `options` of a call that reads (`ReadOptions`): `timeout` in seconds for each attempt, `max_retries`, further
  `headers`.
- `options` of a call that changes something (`WriteOptions`): these and `idempotency_key`, your own name for the one
  thing that is to happen.
- `Pages[…]` fetch themselves as they are read; `first_page()` and `by_page()` give whole pages with their cursor.
- Any call may raise `TimedOut`, `ConnectionFailed` and `UnreadableAnswer`, and nearly any of the gateway's:
  {common}. Each method names the others.
"""


@dataclass(frozen=True)
class _Called:
    """An operation as the contract has it, and the codes by which it refuses."""

    method: str
    path: str
    codes: tuple[str, ...]


def sdk_reference(contract: Contract, sources: Mapping[str, str]) -> str:
    """Return the page of all methods; `sources` are the modules of the synchronous client by their file names."""
    classes = {
        node.name: node
        for source in sources.values()
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef)
    }
    called = dict(_operations(contract))
    counted = Counter(code for one in called.values() for code in one.codes)
    common = {code for code, times in counted.items() if 3 * times > len(called)}
    listed = ", ".join(f"`{class_of(code)}`" for code in sorted(common)) or "none"
    parts = [
        _SDK_TOP.format(written=WRITTEN.format(origin="the SDK's source and `openapi/openapi.json`"), common=listed)
    ]
    for attribute, kind in sorted(_resources(classes)):
        parts.append(f"## gateway.{attribute}\n\n{_text(classes[kind])}\n")
        parts += [_method(attribute, method, called, common) for method in _methods(classes, kind)]
    return "\n".join(parts).rstrip() + "\n"


def objects_reference(models: str) -> str:
    """Return the page of all objects; `models` is the source of `models.py`."""
    written = WRITTEN.format(origin="`openapi/openapi.json`")
    said = "What `citizen_gateway_sdk.models` holds. Members and words may be added; ignore those you do not know."
    top = f"# Objects\n\n{written}\n{said}\n\n"
    nodes = [node for node in ast.parse(models).body if isinstance(node, ast.ClassDef)]
    return top + "\n".join(f"## {node.name}\n\n{_said(node)}" for node in sorted(nodes, key=lambda node: node.name))


def events_reference(catalogue: Schema, events: str) -> str:
    """Return the page of all types of events; `events` is the source of `events.py`."""
    written = WRITTEN.format(origin="`openapi/events.json`")
    parts = [
        f"# Events\n\n{written}\nThe feed and webhooks tell them alike, at least once and in order for each ticket: "
        "deduplicate by `id`. New types and new members may appear at any time; ignore what you do not know.\n\n"
        "Each event is an [Event](objects.md#event); its `data` is told here.\n"
    ]
    nodes = {node.name: node for node in ast.parse(events).body if isinstance(node, ast.ClassDef)}
    components = catalogue["components"]
    messages = components["messages"] if isinstance(components, dict) else {}
    for name, message in messages.items():
        table = _fields(nodes[f"{name}Data"]) or "No data.\n"
        parts.append(f"## {message['name']}\n\n`events.{name}`. {_text(nodes[name])}\n\n{table}")
    return "\n".join(parts)


def errors_reference(catalogue: Sequence[Mapping[str, object]]) -> str:
    """Return the page of all documented problems."""
    written = WRITTEN.format(origin="`openapi/errors.json`")
    rows = [
        f"| `{entry['code']}` | `{class_of(str(entry['code']))}` | {entry['status']} | {_cell(_when(entry))} "
        f"| {_cell(str(entry['detail']))} | {_members(entry)} |"
        for entry in sorted(catalogue, key=lambda entry: str(entry["code"]))
    ]
    return (
        f"# Errors\n\n{written}\nA refusal is a problem document (RFC 9457) whose `code` never changes its meaning. "
        "The SDK raises the class of that code, and `APIError` for one it does not know. "
        "Texts come in the caller's language.\n\n"
        "| code | class in `errors` | status | when | what is said | members of `extra` |\n|---|---|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _operations(contract: Contract) -> Iterator[tuple[str, _Called]]:
    for path, method, operation in contract.operations():
        answers = operation.get("responses")
        told = [str(answer.get("description")) for answer in answers.values()] if isinstance(answers, dict) else []
        codes = tuple(code for text in told for code in re.findall(r"(?:^|; )`(\w+)`", text))
        yield snake(str(operation["operationId"])).upper(), _Called(method.upper(), path, codes)


def _resources(classes: Mapping[str, ast.ClassDef]) -> Iterator[tuple[str, str]]:
    """Yield what the client binds: the name of each resource and its class."""
    if "Gateway" not in classes:
        return
    for node in ast.walk(classes["Gateway"]):
        match node:
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Call(func=ast.Name(id=kind))) if (
                kind in classes
            ):
                if not name.startswith("_"):
                    yield name, kind


def _methods(classes: Mapping[str, ast.ClassDef], kind: str) -> Iterator[ast.FunctionDef]:
    """Yield the public methods of a resource, those of its parts behind its own."""
    for node in classes[kind].body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node
    for base in classes[kind].bases:
        if isinstance(base, ast.Name) and base.id in classes:
            yield from _methods(classes, base.id)


def _method(resource: str, node: ast.FunctionDef, called: Mapping[str, _Called], common: set[str]) -> str:
    found = [
        part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "operations"
    ]
    lines = [f"### gateway.{resource}.{node.name}\n", f"```python\n{_signature(node)}\n```\n", f"{_text(node)}\n"]
    for name in found:
        one = called[name]
        refusals = ", ".join(f"`{class_of(code)}`" for code in sorted({*one.codes} - common))
        lines.append(f"`{one.method} {one.path}`{f' — refused by {refusals}' if refusals else ''}\n")
    return "\n".join(lines)


def _signature(node: ast.FunctionDef) -> str:
    arguments = node.args
    arguments.args = [one for one in arguments.args if one.arg != "self"]
    answer = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"{node.name}({ast.unparse(arguments)}){answer}"
    if len(line) <= _WIDTH:
        return line
    return f"{node.name}(\n{_one_by_one(arguments)}\n){answer}"


def _one_by_one(arguments: ast.arguments) -> str:
    """Write each parameter on a line of its own."""
    without = [None] * (len(arguments.args) - len(arguments.defaults))
    lines = [_parameter(one, usual) for one, usual in zip(arguments.args, [*without, *arguments.defaults], strict=True)]
    lines += ["*"] if arguments.kwonlyargs else []
    lines += [_parameter(one, usual) for one, usual in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    lines += [f"**{ast.unparse(arguments.kwarg)}"] if arguments.kwarg else []
    return textwrap.indent(",\n".join([*lines, ""]).rstrip("\n"), "    ")


def _parameter(one: ast.arg, usual: ast.expr | None) -> str:
    return ast.unparse(one) if usual is None else f"{ast.unparse(one)} = {ast.unparse(usual)}"


def _said(node: ast.ClassDef) -> str:
    """Return the text of a class and the table of its members, or its words where it is an enum."""
    table = _fields(node) or _words(node)
    return f"{_text(node)}\n\n{table}" if _text(node) else table


def _fields(node: ast.ClassDef) -> str:
    rows = []
    for part, following in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            kind = ast.unparse(part.annotation).replace("|", "\\|")
            rows.append(f"| `{part.target.id}` | `{kind}` | {_cell(_constant(following))} |")
    return "\n".join(["| member | type | |", "|---|---|---|", *rows, ""]) if rows else ""


def _words(node: ast.ClassDef) -> str:
    words = [ast.literal_eval(part.value) for part in node.body if isinstance(part, ast.Assign)]
    return f"One of {', '.join(f'`{word}`' for word in words)}.\n" if words else ""


def _constant(node: ast.stmt | None) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return text
    return ""


def _text(node: ast.ClassDef | ast.FunctionDef) -> str:
    return ast.get_docstring(node) or ""


def _when(entry: Mapping[str, object]) -> str:
    return str(entry.get("description") or entry["title"])


def _members(entry: Mapping[str, object]) -> str:
    members = entry.get("members")
    return ", ".join(f"`{name}`" for name in members) if isinstance(members, list) else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
