"""What each command does: reads files, calls the parts, gives a value to print and whether all is well."""

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from citizen_nlp import keyness_training
from citizen_nlp.analyser import Analyser
from citizen_nlp.bench import BenchFigures, measure_speed
from citizen_nlp.building import build
from citizen_nlp.category import CategoryModel
from citizen_nlp.coarse import measure_coarse
from citizen_nlp.corpus import read_captions, read_gold, read_labels, read_table
from citizen_nlp.lexfile import DATA, DataFileError, read_lines
from citizen_nlp.measure import (
    CategoryFigures,
    EventFigures,
    Judged,
    category_figures,
    event_figures,
    place_f1,
    problem_in_top3,
)
from citizen_nlp.model import Analysis, Urgency
from citizen_nlp.same_event import SURE, same_event, signature
from citizen_nlp.tables import progress_bar, show_table
from citizen_nlp.tickets import read_tickets, retrain

Result: TypeAlias = tuple[msgspec.Struct, bool]
Command: TypeAlias = Callable[[Namespace], Result]

THRESHOLDS = (0.2, 0.25, SURE, 0.35, 0.4, 0.5)


class Evaluation(msgspec.Struct, frozen=True):
    """Figures of one gold file; places and problems only where they are marked."""

    category: CategoryFigures
    place_f1: float | None
    problem_in_top3: float | None


class DangerFigures(msgspec.Struct, frozen=True):
    """How many emergencies are found, how many with the right number, how many calm sentences alarm."""

    emergencies: int
    found: float
    right_number: float
    calm: int
    false_alarms: float
    missed: list[str]
    alarmed: list[str]


class KeywordFigures(msgspec.Struct, frozen=True):
    """F1 of five words of a text against its title's keywords, on every fifth message, held back."""

    f1_at_5: float
    jieba_tfidf_f1_at_5: float
    messages: int


class EventReport(msgspec.Struct, frozen=True):
    """Same-event figures by threshold."""

    messages: int
    thresholds: list[EventFigures]


def train(options: Namespace) -> Result:
    """Retrain from tickets."""
    model = CategoryModel(options.model)
    tickets = read_tickets(options.tickets, model.codes)
    with progress_bar("training") as progress:
        result = retrain(model, tickets, options.out, progress)
    return result, result.accepted


def evaluate(options: Namespace) -> Result:
    """Measure a gold file."""
    gold = read_gold(options.gold)
    rows = list(read_table(options.gold, ("title", "text")))
    analyser = Analyser(model=CategoryModel(options.model))
    analyses = [analyser.analyse(message.title, message.text) for message in gold]
    judged = [_judged((m.code, *m.also), a) for m, a in zip(gold, analyses, strict=True)]
    paired = list(zip(analyses, rows, strict=True))
    marked = bool(rows) and "place" in rows[0] and "problem" in rows[0]
    return Evaluation(
        category_figures(judged),
        place_f1((a, row["place"]) for a, row in paired) if marked else None,
        problem_in_top3((a, (row["problem"], row.get("problem_b", ""))) for a, row in paired) if marked else None,
    ), True


def explain(options: Namespace) -> Result:
    """Analyse one message."""
    return Analyser().analyse(options.title, options.text), True


def coarse(options: Namespace) -> Result:
    """Train and measure the flat model."""
    with progress_bar("training") as progress:
        return measure_coarse(options.train, options.test, progress), True


def bench(options: Namespace) -> Result:
    """Time the analyser; the other pipeline learns what ours learnt, where that is at hand."""
    folder = os.environ.get("CITIZEN_DATA")
    files = options.messages or [path for path in (Path(folder).glob("*.csv") if folder else ()) if _is_source(path)]
    return measure_speed(read_labels(DATA / "labels.csv", files) if files else ()), True


def _is_source(path: Path) -> bool:
    return path.stem in {row["source"] for row in read_table(DATA / "labels.csv", ("source",))}


def build_model(options: Namespace) -> Result:
    """Build the shipped model."""
    labelled = read_labels(options.labels, options.messages)
    with progress_bar("training") as progress:
        captions = read_captions(options.captions)
        return build(labelled, read_gold(options.gold), captions, options.out, progress), True


def keywords(options: Namespace) -> Result:
    """Learn the keyness table, measure it on held-back messages, and write one learnt from all."""
    rows = [r for r in read_table(options.messages, ("title", "text")) if r.get("text_is", "raw") == "raw"]
    messages = [(row["title"], row["text"]) for row in rows]
    held, learnt = messages[::5], [m for i, m in enumerate(messages) if i % 5]
    figures = keyness_training.figures(keyness_training.learn(learnt), held)
    if options.out is not None:
        table = keyness_training.learn(messages)
        Path(options.out).write_text(keyness_training.keyness_file(table), encoding="utf-8")
    return KeywordFigures(*figures, messages=len(held)), True


def events(options: Namespace) -> Result:
    """Measure same-event pairs over a file of messages."""
    rows = list(read_table(options.messages, ("id", "title", "text")))
    analyser = Analyser()
    signatures = [signature(analyser.analyse(row["title"], row["text"])) for row in rows]
    at = {row["id"]: i for i, row in enumerate(rows)}
    groups: dict[str, list[int]] = {}
    for row in read_table(options.groups, ("event", "message_id")):
        if row["message_id"] in at:
            groups.setdefault(row["event"], []).append(at[row["message_id"]])

    def score(i: int, j: int) -> float:
        return same_event(signatures[i], signatures[j])

    return EventReport(len(rows), event_figures(score, groups, len(rows), THRESHOLDS)), True


def danger(options: Namespace) -> Result:
    """Measure emergencies on two lists of sentences."""
    analyser = Analyser()
    lines = _emergencies(options.emergencies)
    calm = [line for line in read_lines(options.calm) if line]
    given = [(number, text, analyser.analyse("", text)) for number, text in lines]
    missed = [text for _, text, a in given if a.urgency is not Urgency.EMERGENCY]
    right = sum(number in a.emergency_numbers for number, _, a in given)
    alarmed = [text for text in calm if analyser.analyse("", text).urgency is Urgency.EMERGENCY]
    total, quiet = max(len(given), 1), max(len(calm), 1)
    found = round(1 - len(missed) / total, 4)
    return DangerFigures(
        len(given), found, round(right / total, 4), len(calm), round(len(alarmed) / quiet, 4), missed, alarmed
    ), True


def _emergencies(path: Path) -> list[list[str]]:
    found: list[list[str]] = []
    for number, line in enumerate(read_lines(path), start=1):
        if line and line.count("\t") != 1:
            raise DataFileError(path, number, "expected a number to call, a tab and a sentence")
        found += [line.split("\t")] if line else []
    return found


def captions(options: Namespace) -> Result:
    """Measure categories on short captions without title."""
    analyser = Analyser()
    found = read_captions(options.captions)
    return category_figures([_judged((m.code, *m.also), analyser.analyse("", m.text)) for m in found]), True


def _judged(wanted: tuple[str, ...], analysis: Analysis) -> Judged:
    ranked = tuple(guess.code for guess in analysis.categories)
    confidence = analysis.categories[0].confidence if analysis.categories else 0.0
    return Judged(wanted, ranked, confidence, analysis.abstained)


def show(result: msgspec.Struct) -> None:
    """Print any figures as tables, one for each nested one."""
    flat: list[tuple[str, object]] = []
    for name, value in msgspec.structs.asdict(result).items():
        if isinstance(value, msgspec.Struct) and not isinstance(value, BenchFigures):
            show(value)
        elif isinstance(value, dict):
            show_table(name, (name, "value"), [(key, _brief(item)) for key, item in value.items()])
        elif isinstance(value, list | tuple) and value:
            show_table(name, (name,), [(_brief(item),) for item in value])
        else:
            flat.append((name, value))
    show_table(type(result).__name__, ("figure", "value"), flat)


def _brief(item: object) -> str:
    if isinstance(item, msgspec.Struct):
        return " · ".join(f"{name} {_brief(value)}" for name, value in msgspec.structs.asdict(item).items())
    if isinstance(item, tuple | list):
        return "、".join(_brief(part) for part in item)
    return str(item)
