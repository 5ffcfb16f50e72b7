"""Files that are broken say so in one line."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from citizen_nlp import CategoryModel, DataFileError
from citizen_nlp.artefact import Artefact, pack, unpack
from citizen_nlp.danger import alarm_phrases, shield_phrases
from citizen_nlp.keywords import keyness
from citizen_nlp.leaves import leaf_lexicon, leaf_phrases
from citizen_nlp.lexfile import DATA, read_numbers, read_sections
from citizen_nlp.nature import nature_phrases
from citizen_nlp.normalise import simplified
from citizen_nlp.parts import part_signs
from citizen_nlp.privacy import introductions
from citizen_nlp.subject import stopwords


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

    @pytest.mark.parametrize(
        ("load", "content", "line", "reason"),
        [
            (leaf_phrases, "[101]\nsure = 路灯\n  井盖 *坏了\n", 3, "begins with nothing"),
            (leaf_phrases, "[101]\n\nsurely = x", 3, "surely"),
            (nature_phrases, "[praise]\nsure = 感谢\n[anger]\nsure = 气死了", 3, "anger"),
            (nature_phrases, "[praise]\nmaybe = 感谢", 2, "maybe"),
            (simplified, "[characters]\npairs = 亂乱\n  東\n", 3, "side by side"),
            (part_signs, "[open]\nfirst = 1、", 1, "further"),
            (part_signs, "[open]\nfirst = 1、\nfurther =", 3, "no phrase"),
            (stopwords, "[stopwords]\n# nothing", 1, "words"),
            (introductions, "[name]\nlead = 我叫", 1, "weak"),
        ],
    )
    def test_what_a_list_needs_is_named_with_its_line(
        self, tmp_path: Path, load: Callable[[Path], object], content: str, line: int, reason: str
    ) -> None:
        """A list that lacks or holds what its part cannot use points at the line, whichever part it is of."""
        path = tmp_path / "words.txt"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(DataFileError, match=f"words.txt:{line}: .*{reason}"):
            load(path)

    @pytest.mark.parametrize("load", [alarm_phrases, shield_phrases])
    def test_missing_section_is_named(self, tmp_path: Path, load: Callable[[Path], object]) -> None:
        """A section that is not there has no line, but a name."""
        path = tmp_path / "danger.txt"
        path.write_text("[now]\nnear = 现在", encoding="utf-8")
        with pytest.raises(DataFileError, match=r"danger.txt: lacks the section \["):
            load(path)

    def test_number(self, tmp_path: Path) -> None:
        """What should be a number is shown with its line."""
        path = tmp_path / "settings.txt"
        path.write_text("[strength]\nsure = 3.0\nlikely = viel", encoding="utf-8")
        with pytest.raises(DataFileError, match=r"settings.txt:3: .*viel"):
            read_numbers("strength", path)

    def test_not_text(self, tmp_path: Path) -> None:
        """Bytes that are no UTF-8 are refused with the file's name."""
        path = tmp_path / "keywords.txt"
        path.write_bytes(b"\xff\xfe")
        with pytest.raises(DataFileError, match=r"keywords.txt: cannot be read"):
            keyness(path)

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
