"""The generated reference: complete, and fresh."""

import inspect
import json
import re
from pathlib import Path

import msgspec
import pytest

from citizen_gateway_sdk import Gateway, events, models

from .examples import CONTRACT, ERRORS, ROOT, operations
from .test_generation import PACKAGE, REFERENCE, generate


def page(name: str) -> str:
    """Return a page of the reference."""
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def headings(name: str, depth: int) -> list[str]:
    """Return the headings of one depth of a page."""
    return re.findall(rf"^{'#' * depth} (.+)$", page(name), re.MULTILINE)


class TestMethods:
    """`docs/reference/sdk.md`."""

    def test_each_method_is_there_once(self) -> None:
        """Every public method of every resource, in the form that `help` shows too."""
        with Gateway("https://gateway.example") as gateway:
            there = [
                f"gateway.{resource}.{name}"
                for resource, bound in vars(gateway).items()
                if not resource.startswith("_")
                for name, _ in inspect.getmembers(bound, inspect.ismethod)
                if not name.startswith("_")
            ]
        assert there
        assert sorted(headings("sdk", 3)) == sorted(there)

    def test_each_operation_is_there(self) -> None:
        """So that who knows the path finds the method."""
        named = set(re.findall(r"^`(\w+ /\S+)`", page("sdk"), re.MULTILINE))
        assert {f"{method} {path}" for path, method, _ in operations()} - named <= {"POST /oauth2/token"}

    def test_signatures_texts_and_refusals(self) -> None:
        """A method says its parameters with their types, what it does, and which errors are its own."""
        (said,) = re.findall(r"### gateway\.tickets\.give_back\n(.*?)\n### ", page("sdk"), re.DOTALL)
        assert "    code: models.ReturnCode,\n    evidence: str,\n" in said
        assert ") -> models.Ticket\n" in said
        assert "Give a ticket back to the center" in said
        assert "`EvidenceMissing`" in said
        assert "`Unauthenticated`" not in said  # that one is every method's, and stands above


class TestOthers:
    """Objects, events and errors."""

    def test_each_object(self) -> None:
        """Every class of `models`, with all its members."""
        assert sorted(headings("objects", 2)) == sorted(set(models.__all__) - {"Page"} - aliases())
        said = page("objects").split("\n## Ticket\n")[1].split("\n## ")[0]
        for field in msgspec.structs.fields(models.Ticket):
            assert f"| `{field.name}` |" in said

    def test_each_event(self) -> None:
        """Every type."""
        assert sorted(headings("events", 2)) == sorted(events.BY_TYPE)

    def test_each_error(self) -> None:
        """Every code."""
        codes = {entry["code"] for entry in json.loads(ERRORS.read_text(encoding="utf-8"))}
        assert set(re.findall(r"^\| `(\w+)` \|", page("errors"), re.MULTILINE)) == codes


def aliases() -> set[str]:
    """Return the names in `models` that stand for several classes."""
    return {name for name in models.__all__ if not inspect.isclass(getattr(models, name))}


@pytest.mark.parametrize("name", ["sdk", "objects", "events", "errors"])
def test_a_page_changed_by_hand_is_noticed(name: str, tmp_path: Path) -> None:
    """It is named as stale; `make check` and the tests ask."""
    for path in REFERENCE.glob("*.md"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / f"{name}.md").write_text("mine")
    done = generate(CONTRACT, PACKAGE, "--reference", tmp_path, "--check")
    assert (done.returncode, done.stdout) == (1, f"stale: {name}.md\n")


def test_links_lead_somewhere() -> None:
    """The pages are linked from where partners begin."""
    begin = (ROOT / "docs" / "how-to" / "partners" / "README.md").read_text(encoding="utf-8")
    for name in ("sdk", "objects", "events", "errors"):
        assert f"(../../reference/{name}.md)" in begin
