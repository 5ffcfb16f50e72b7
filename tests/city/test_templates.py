"""What departments usually write, as the pack words it."""

import shutil
from pathlib import Path

import pytest

from citizen_gateway.city.pack import load_pack
from citizen_gateway.city.problems import PackError
from citizen_gateway.city.templates import ACTIONS, Template, fitting
from citizen_gateway.platform.resources import resource
from citizen_gateway.tickets.terms import Action

GOOD = '[[template]]\nid = "all-well"\naction = "resolve"\ncategories = ["{category}"]\ntext = "{number}: {title}"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the tiny town's pack."""
    copy = tmp_path / "town"
    shutil.copytree(Path(__file__).parents[1] / "packs" / "tinytown", copy)
    return copy


def first_category(folder: Path) -> str:
    """Return the code of the pack's first category."""
    return (folder / "categories.csv").read_text("utf-8").splitlines()[1].split(",")[0]


class TestPack:
    """`templates.toml`."""

    def test_a_pack_without_it_has_none(self, folder: Path) -> None:
        """Staff then write all themselves."""
        assert load_pack(folder).directory.settings.templates == ()

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ('"resolve"', '"celebrate"', "template all-well is for no action celebrate"),
            ("{category}", "nothing", "template all-well names no category nothing"),
            ("{title}", "{phone}", "template all-well names {phone}, which no ticket has"),
            ("{title}", "{title.__class__}", "names {title.__class__}, which no ticket has"),
            ("{title}", "{title!r}", "gives {title} a form"),
            ("{title}", "{title", "cannot be filled in"),
            ("text =", "words =", "templates.toml"),
            (GOOD, GOOD + GOOD, "template all-well is there 2 times"),
        ],
    )
    def test_mistakes_are_named_with_their_line(self, folder: Path, old: str, new: str, told: str) -> None:
        """All at once, and nothing is loaded then."""
        text = GOOD.replace(old, new).replace("{category}", first_category(folder))
        (folder / "templates.toml").write_text(f"# texts\n{text}", "utf-8")
        with pytest.raises(PackError) as caught:
            load_pack(folder)
        problem = next(str(problem) for problem in caught.value.problems if told in str(problem))
        assert problem.startswith("templates.toml")
        assert "template all-well" not in problem or problem.startswith("templates.toml:3: ")

    def test_the_citys_own_are_in_order(self) -> None:
        """Every action that takes words has some, and each category finds one for resolving."""
        settings = load_pack(resource("cities") / "zhengzhou").directory.settings
        assert {template.action for template in settings.templates} == ACTIONS
        assert fitting(settings.templates, "resolve", "101")[0].id == "resolve-cleaned"
        assert fitting(settings.templates, "resolve", "Z99")

    def test_actions_are_those_of_tickets(self) -> None:
        """The pack knows them by the same words."""
        assert {action.value for action in Action} >= ACTIONS


class TestFitting:
    """Which template goes first."""

    def test_the_one_made_for_the_category(self) -> None:
        """General ones come after it; those for other categories or actions never."""
        general = Template("general", "resolve", "t")
        special = Template("special", "resolve", "t", ("101",))
        other = Template("other", "resolve", "t", ("102",))
        asking = Template("asking", "ask", "t")
        assert fitting([general, other, special, asking], "resolve", "101") == [special, general]
        assert fitting([general, other, special, asking], "resolve", None) == [general]
