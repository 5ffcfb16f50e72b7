"""What a partner installs: a small typed wheel that needs two libraries and loads quickly."""

import ast
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from .examples import ROOT

PACKAGE = ROOT / "sdk" / "src" / "citizen_gateway_sdk"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    wheels = pytest.importorskip("hatchling.builders.wheel")
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = wheels.WheelBuilder(str(ROOT / "sdk")).build(directory=str(folder))
    return Path(built)


def python(*arguments: str) -> str:
    """Run a fresh interpreter and return what it printed."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def imported(path: Path) -> Iterator[str]:
    """Yield the packages that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


class TestWheel:
    """The built wheel, not the tree."""

    def test_its_content(self, wheel: Path) -> None:
        """Both clients, the mark that it is typed, and nothing else."""
        names = set(zipfile.ZipFile(wheel).namelist())
        package = {name for name in names if ".dist-info/" not in name}
        assert package == {f"citizen_gateway_sdk/{path.relative_to(PACKAGE)}" for path in sources()}
        assert "citizen_gateway_sdk/py.typed" in package
        assert wheel.stat().st_size < 200_000

    def test_what_it_needs(self, wheel: Path) -> None:
        """Two libraries, and Python from 3.11 on."""
        with zipfile.ZipFile(wheel) as opened:
            (name,) = [name for name in opened.namelist() if name.endswith("METADATA")]
            metadata = message_from_bytes(opened.read(name))
        needed = metadata.get_all("Requires-Dist") or []
        assert sorted(line.partition(">")[0] for line in needed) == ["httpx2", "msgspec"]
        assert metadata["Requires-Python"] == ">=3.11"

    def test_it_works_from_the_wheel(self, wheel: Path) -> None:
        """The wheel alone is enough to make both clients."""
        code = f"import sys; sys.path.insert(0, {str(wheel)!r}); import citizen_gateway_sdk as c; "
        code += "c.Gateway('http://x.example').close(); print(c.__file__, c.AsyncGateway('http://x.example'))"
        printed = python("-c", code)
        assert str(wheel) in printed
        assert "AsyncGateway('http://x.example')" in printed

    def test_the_suite_passes_on_it(self, wheel: Path, tmp_path: Path) -> None:
        """What partners install, not the tree, carries calls, uploads and errors, and plays the gateway in memory."""
        with zipfile.ZipFile(wheel) as opened:
            opened.extractall(tmp_path)
        suite = [
            str(Path(__file__).with_name(f"test_{name}.py")) for name in ("transport", "uploads", "errors", "fake")
        ]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *suite]
        ran = {**os.environ, "PYTHONPATH": str(tmp_path), "CITIZEN_SDK_FROM": str(tmp_path)}
        done = subprocess.run(command, cwd=ROOT, env=ran, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def sources() -> list[Path]:
    """Return the files of the package."""
    return [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


class TestImport:
    """What it costs to load."""

    def test_it_adds_little(self) -> None:
        """Beside its two libraries, loading takes a small part of a second."""
        code = (
            "import httpx2, msgspec, time; began = time.process_time(); import citizen_gateway_sdk; "
            "print(time.process_time() - began)"
        )
        assert min(float(python("-c", code)) for _ in range(3)) < 0.25

    def test_only_two_libraries(self) -> None:
        """No module imports anything but them and Python's own."""
        names = {name for path in sources() if path.suffix == ".py" for name in imported(path)}
        assert names - set(sys.stdlib_module_names) == {"citizen_gateway_sdk", "httpx2", "msgspec"}
