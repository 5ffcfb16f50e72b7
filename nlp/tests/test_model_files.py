"""Files that are broken say so in one line."""

from pathlib import Path

import numpy as np
import pytest

from citizen_nlp import CategoryModel, DataFileError
from citizen_nlp.artefact import Artefact, pack, unpack
from citizen_nlp.keywords import keyness
from citizen_nlp.leaves import leaf_lexicon
from citizen_nlp.lexfile import DATA, read_sections


class TestLexiconFile:
    """Word lists."""

    @pytest.mark.parametrize(
        ("content", "line", "reason"),
        [
            ("[a]\nsure = x\nno equals sign", 3, "expected"),
            ("sure = x", 1, "before the first"),
            ("[a]\n[a]", 2, "twice"),
            ("[a", 1, "malformed"),
        ],
    )
    def test_names_file_and_line(self, tmp_path: Path, content: str, line: int, reason: str) -> None:
        """The error points at the line."""
        path = tmp_path / "words.txt"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(DataFileError, match=f"words.txt:{line}: .*{reason}"):
            read_sections(path)

    def test_missing_file(self, tmp_path: Path) -> None:
        """A missing file is named."""
        with pytest.raises(DataFileError, match=r"none.txt"):
            read_sections(tmp_path / "none.txt")

    def test_unknown_strength(self, tmp_path: Path) -> None:
        """Leaves know three strengths."""
        path = tmp_path / "leaves.txt"
        path.write_text("[101]\nsurely = x", encoding="utf-8")
        with pytest.raises(DataFileError, match="surely"):
            leaf_lexicon(path)

    def test_keyness_line(self, tmp_path: Path) -> None:
        """A bad number in the keyness table is found."""
        path = tmp_path / "keywords.txt"
        path.write_text("0 0 0 0\n路灯 x\n", encoding="utf-8")
        with pytest.raises(DataFileError, match=r"keywords.txt:2"):
            keyness(path)


class TestModelFile:
    """Weights."""

    def test_round_trip(self, tmp_path: Path) -> None:
        """What is packed is unpacked, and equal content gives equal bytes."""
        content = Artefact({"a": 1}, {"x": np.arange(6, dtype=np.int8).reshape(2, 3)})
        path = tmp_path / "m.bin"
        path.write_bytes(pack("test", content))
        again = unpack(path, "test")
        assert (again.arrays["x"] == content.arrays["x"]).all()
        assert pack("test", again) == path.read_bytes()

    @pytest.mark.parametrize("cut", [0, 10, 5000, -1])
    def test_cut_file(self, tmp_path: Path, cut: int) -> None:
        """A file cut short is refused with its name."""
        path = tmp_path / "category.bin"
        path.write_bytes((DATA / "category.bin").read_bytes()[:cut])
        with pytest.raises(DataFileError, match=r"category.bin"):
            CategoryModel(path)

    def test_other_kind(self, tmp_path: Path) -> None:
        """A model of another kind is refused."""
        path = tmp_path / "m.bin"
        path.write_bytes(pack("coarse", Artefact({}, {})))
        with pytest.raises(DataFileError, match="coarse"):
            CategoryModel(path)

    def test_shipped_files_fit_five_megabytes(self) -> None:
        """Everything shipped together stays small."""
        assert sum(path.stat().st_size for path in DATA.iterdir()) <= 5_000_000
