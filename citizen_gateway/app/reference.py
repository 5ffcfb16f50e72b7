"""`/schema`: the API's description for machines, and the same as a page for people, without any script."""

from html import escape
from typing import Any

import msgspec
from litestar import MediaType
from litestar.enums import OpenAPIMediaType
from litestar.openapi.plugins import OpenAPIRenderPlugin

from citizen_gateway.app.openapi import describe
from citizen_gateway.platform.http import AnyRequest

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a2a33}"
    "h2{margin-top:2.5rem}article{border:1px solid #cfd8dc;border-radius:6px;margin:1rem 0;padding:.5rem 1rem}"
    "code{background:#eef3f5;padding:.1em .3em;border-radius:3px}b.m{display:inline-block;min-width:4.5em}"
    "table{border-collapse:collapse;width:100%}td{border-top:1px solid #e3eaed;padding:.25rem .5rem;vertical-align:top}"
)


class Description(OpenAPIRenderPlugin):
    """The description for machines."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json", media_type=OpenAPIMediaType.OPENAPI_JSON)

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002 - ours is completed
        """Return OpenAPI 3.1."""
        return msgspec.json.encode(describe(request.app))


class Reference(OpenAPIRenderPlugin):
    """The description for people."""

    def __init__(self) -> None:
        super().__init__(path="/", media_type=MediaType.HTML)

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002 - ours is completed
        """Return a page to read."""
        return render(describe(request.app)).encode()


def render(spec: dict[str, Any]) -> str:
    """Return the description as one HTML page that needs nothing else."""
    info = spec["info"]
    groups: dict[str, list[str]] = {}
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            group = (operation.get("tags") or ["other"])[0]
            groups.setdefault(group, []).append(_operation(path, method, operation))
    body = "".join(f"<h2 id='{escape(name)}'>{escape(name)}</h2>{''.join(parts)}" for name, parts in groups.items())
    menu = " · ".join(f"<a href='#{escape(name)}'>{escape(name)}</a>" for name in groups)
    return (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style><h1>{escape(info['title'])}</h1>"
        f"<p>{escape(info['description'])}</p><p><a href='/schema/openapi.json'>OpenAPI 3.1</a></p>"
        f"<nav>{menu}</nav>{body}<h2>Forms</h2>{_forms(spec)}</html>"
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(p['in'])}</td>"
        f"<td>{escape(p.get('description') or '')}</td></tr>"
        for p in operation.get("parameters", [])
    )
    body = _schema(operation.get("requestBody", {}))
    takes = f"<p>Takes {_type(body)}</p>" if body else ""
    answers = "".join(
        f"<tr><td><b>{escape(status)}</b></td><td>{escape(answer.get('description') or '')}</td>"
        f"<td>{_type(_schema(answer))}</td></tr>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<article><h3><b class='m'>{method.upper()}</b> <code>{escape(path)}</code></h3>"
        f"<p>{escape(operation.get('description') or operation.get('summary') or '')}</p>{takes}"
        f"<table>{rows}</table><h4>Answers</h4><table>{answers}</table></article>"
    )


def _forms(spec: dict[str, Any]) -> str:
    return "".join(
        f"<article id='form-{escape(name)}'><h3>{escape(name)}</h3><p>{escape(form.get('description', ''))}</p><table>"
        + "".join(
            f"<tr><td><code>{escape(key)}</code>{'' if key in form.get('required', []) else ' (optional)'}</td>"
            f"<td>{_type(field)}</td><td>{escape(field.get('description', ''))}</td></tr>"
            for key, field in form.get("properties", {}).items()
        )
        + (f"<tr><td colspan=3>{escape(' | '.join(map(str, form['enum'])))}</td></tr>" if "enum" in form else "")
        + "</table></article>"
        for name, form in sorted(spec["components"]["schemas"].items())
    )


def _schema(carrier: dict[str, Any]) -> dict[str, Any]:
    """Return the form of a body, of whichever media type."""
    for content in carrier.get("content", {}).values():
        return dict(content.get("schema", {}))
    return {}


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f"<a href='#form-{name}'>{name}</a>"
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return " or ".join(_type(one) for one in schema[several])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(" ".join(str(schema[key]) for key in ("type", "format") if schema.get(key)))
