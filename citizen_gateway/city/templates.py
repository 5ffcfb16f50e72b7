"""What departments and centers usually write, as the pack words it (答复模板)."""

import string
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from citizen_gateway.city.model import CategoryCode
from citizen_gateway.city.pack_files import line_of
from citizen_gateway.city.problems import Findings

FILE = "templates.toml"

ACTIONS = frozenset({"resolve", "return", "ask", "request_hold", "request_extension", "reject", "transfer", "reopen"})
"""What is done with words of one's own, and so may have templates."""

FIELDS = frozenset({"number", "title", "category", "department", "place", "opened", "due"})
"""What a template may leave open for the ticket to fill."""


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text for an action; for some categories, or for all where none is named."""

    id: Annotated[str, Meta(pattern="^[a-z0-9-]+$")]
    action: str
    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    categories: tuple[CategoryCode, ...] = ()


class TemplatesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`templates.toml`."""

    template: tuple[Template, ...] = ()


def check_templates(folder: Path, file: TemplatesFile, categories: Collection[str], findings: Findings) -> None:
    """Note each template that is for nothing that exists, or names a field that no ticket has, with its line."""
    for name, count in Counter(template.id for template in file.template).items():
        if count > 1:
            findings.add(FILE, f"template {name} is there {count} times", line=line_of(folder, FILE, f'"{name}"'))
    for template in file.template:
        for fault in _faults(template, categories):
            findings.add(FILE, f"template {template.id} {fault}", line=line_of(folder, FILE, f'"{template.id}"'))


def _faults(template: Template, categories: Collection[str]) -> Iterator[str]:
    if template.action not in ACTIONS:
        yield f"is for no action {template.action}"
    for category in template.categories:
        if category not in categories:
            yield f"names no category {category}"
    try:
        holes = [hole for hole in string.Formatter().parse(template.text) if hole[1] is not None]
    except ValueError as error:
        yield f"cannot be filled in: {error}"
        return
    for _, field, form, conversion in holes:
        if field not in FIELDS:
            yield f"names {{{field}}}, which no ticket has"
        if form or conversion:
            yield f"gives {{{field}}} a form; texts are filled in as they are"


def fitting(templates: Collection[Template], action: str, category: str | None) -> list[Template]:
    """Return the templates for an action on a ticket of this category, those made for the category first."""
    fits = [one for one in templates if one.action == action and (not one.categories or category in one.categories)]
    return sorted(fits, key=lambda one: not one.categories)
