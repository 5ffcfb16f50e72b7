"""The command line."""

import csv
import json
import sys
from pathlib import Path

import pytest

from citizen_nlp import CategoryModel, commands
from citizen_nlp.cli import main
from citizen_nlp.corpus import Labelled
from citizen_nlp.leaves import leaf_lexicon
from citizen_nlp.tickets import _is_held_back

HERE = Path(__file__).parent / "data"


def write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def tickets(path: Path, code: str) -> Path:
    """Write eighty tickets an operator corrected to `code`."""
    rows = [[f"第{i}号院蓝色装置故障", f"{i}号院里的蓝色装置坏了", "506", code] for i in range(80)]
    return write(path, ["title", "text", "code", "operator_code"], rows)


class TestTrain:
    """Learning from a city's corrections."""

    def test_operator_wins_and_same_data_give_same_bytes(self, tmp_path: Path) -> None:
        """Corrections teach a word nobody knew; two runs write the same file."""
        source = tickets(tmp_path / "tickets.csv", "C04")
        outs = [tmp_path / "one.bin", tmp_path / "two.bin"]
        for out in outs:
            assert main(["train", "--tickets", str(source), "--out", str(out), "--json"]) == 0
        assert outs[0].read_bytes() == outs[1].read_bytes()
        model = CategoryModel(outs[0])
        assert model.codes == leaf_lexicon().codes

    def test_worse_model_is_refused(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Tickets filed under a wrong leaf make a model worse on those held back, so it is not written."""
        all_rows = [[f"路灯不亮{i}", "晚上路灯不亮", "501"] for i in range(120)]
        held = {row[0] for row in all_rows if _is_held_back(Labelled(row[0], row[1], row[2]))}
        rows = [row if row[0] in held else [row[0], row[1], "C04"] for row in all_rows]
        source = write(tmp_path / "t.csv", ["title", "text", "code"], rows)
        out = tmp_path / "out.bin"
        assert main(["train", "--tickets", str(source), "--out", str(out), "--json"]) == 1
        report = json.loads(capsys.readouterr().out)
        assert not report["accepted"]
        assert report["held_back"] == len(held) > 0
        assert report["top1_after"] < report["top1_before"] == 1.0
        assert not out.exists()

    def test_missing_file_is_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A file that is not there is named, without a traceback."""
        assert main(["train", "--tickets", str(tmp_path / "none.csv")]) == 1
        error = capsys.readouterr().err
        assert "none.csv" in error
        assert error.count("\n") == 1

    def test_unknown_code_names_the_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A code outside the directory is an error with file and line."""
        source = write(tmp_path / "t.csv", ["title", "text", "code"], [["a", "b", "501"], ["a", "b", "999"]])
        assert main(["train", "--tickets", str(source)]) == 1
        assert "t.csv:3" in capsys.readouterr().err


class TestEvaluate:
    """Figures as JSON and as tables."""

    def test_json(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A small gold file gives all figures."""
        rows = [
            ["路灯不亮", "路灯不亮一周了", "501", "", "", "路灯不亮", ""],
            ["停水", "小区停水", "601", "", "", "停水", ""],
        ]
        gold = write(tmp_path / "g.csv", ["title", "text", "code", "alt", "place", "problem", "problem_b"], rows)
        assert main(["evaluate", "--gold", str(gold), "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
        assert {"top1", "top3", "ece", "confusion", "per_leaf"} <= set(report["category"])
        assert set(report["category"]["per_leaf"]["501"]) == {"precision", "recall", "messages"}
        assert report["category"]["top1"] == 1.0
        assert report["problem_in_top3"] == 1.0
        assert set(report["category"]["per_leaf"]) == {"501", "601"}

    def test_table(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Without --json the same figures are tables: leaves, confusion, calibration."""
        rows = [["路灯不亮", "路灯不亮一周了", "502", ""], ["停水", "小区停水", "601", ""]]
        gold = write(tmp_path / "g.csv", ["title", "text", "code", "alt"], rows)
        assert main(["evaluate", "--gold", str(gold)]) == 0
        shown = capsys.readouterr().out
        assert all(word in shown for word in ("per_leaf", "precision", "recall", "502>501", "ece"))

    def test_missing_column(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A table without the columns is refused."""
        assert main(["evaluate", "--gold", str(write(tmp_path / "g.csv", ["x"], []))]) == 1
        assert "lacks the columns" in capsys.readouterr().err

    def test_explain_and_lists(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Evidence is shown on the terminal."""
        assert main(["explain", "小区门口路灯不亮"]) == 0
        assert "路灯" in capsys.readouterr().out
        arguments = [
            "--emergencies",
            str(HERE / "emergencies.tsv"),
            "--calm",
            str(HERE / "calm.tsv"),
            "--json",
        ]
        assert main(["danger", *arguments]) == 0
        assert json.loads(capsys.readouterr().out)["found"] >= 0.98


class TestCoarse:
    """Any flat labels."""

    def test_learns_a_small_task(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Two plain labels are told apart on other messages; figures have the agreed names."""

        def table(name: str, start: int) -> Path:
            rows = [[f"{i}号楼停水", "自来水停了两天", "水"] for i in range(start, start + 12)]
            rows += [[f"{i}路公交晚点", "等公交车四十分钟", "车"] for i in range(start, start + 12)]
            return write(tmp_path / name, ["title", "text", "label"], rows)

        arguments = ["--train", str(table("a.csv", 0)), "--test", str(table("b.csv", 50)), "--json"]
        assert main(["coarse", *arguments]) == 0
        report = json.loads(capsys.readouterr().out)
        assert report["macro_f1"] == 1.0
        assert report["accuracy"] == 1.0
        assert report["model_mb"] < 5


class TestBench:
    """Timing."""

    def test_missing_library_is_one_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The pipeline that is timed beside the analyser needs some of its own."""
        monkeypatch.setitem(sys.modules, "jieba.analyse", None)
        messages = write(tmp_path / "messages.csv", ["id", "title", "text"], [["1", "路灯", "路灯坏了"]])
        monkeypatch.setattr(commands, "read_labels", lambda *_files: [Labelled("路灯", "路灯坏了", "506")])
        assert main(["bench", "--messages", str(messages)]) == 1
        assert capsys.readouterr().err.startswith("This needs jieba.analyse")
