"""Both clients are one: the same names, parameters and texts, one of them without waiting words."""

import importlib
import inspect
import pkgutil
import re
from types import ModuleType

import pytest

from citizen_gateway_sdk import _async, _sync

MODULES = [found.name for found in pkgutil.iter_modules(_async.__path__)]


def surface(module: ModuleType) -> dict[str, str]:
    """Return the public functions of the classes of a module, each as its signature and text without waiting words."""
    return {
        plain(f"{cls.__name__}.{name}"): plain(f"{inspect.signature(member)} {member.__doc__}")
        for cls in vars(module).values()
        if inspect.isclass(cls) and cls.__module__ == module.__name__
        for name, member in vars(cls).items()
        if inspect.isfunction(member) and not name.startswith("_struct")
    }


def plain(text: str) -> str:
    """Leave out what tells the two apart."""
    text = re.sub(r"\bAwaitable\[(\w+)\]", r"\1", text)
    text = re.sub(r"\b(async|await) |Async|_(a?sync)\b", "", text)
    return re.sub(r"__a(enter|exit|iter|next)__|\ba(close)\b", lambda found: found[1] or found[2], text).replace(
        "__", ""
    )


@pytest.mark.parametrize("name", MODULES)
def test_same_surface(name: str) -> None:
    """Whoever knows one client knows the other."""
    there = importlib.import_module(f"{_async.__name__}.{name}")
    here = importlib.import_module(f"{_sync.__name__}.{name}")
    assert surface(there)
    assert surface(there) == surface(here)


@pytest.mark.parametrize("name", MODULES)
def test_nothing_to_wait_for(name: str) -> None:
    """No function of the synchronous client is a coroutine, and none mentions one."""
    module = importlib.import_module(f"{_sync.__name__}.{name}")
    source = inspect.getsource(module).replace("_async/", "")
    assert not re.search(r"\basync\b|\bawait\b|[Aa]sync[A-Z_]", source)
