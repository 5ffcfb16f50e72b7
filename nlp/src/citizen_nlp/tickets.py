"""Learns from a city's corrected tickets, and keeps the better of the old and the new model."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import msgspec
import numpy as np

from citizen_nlp.category import CategoryModel, Weights, model_file, softmax
from citizen_nlp.corpus import Labelled, read_table
from citizen_nlp.descent import Progress
from citizen_nlp.fitting import Prepared, calibrate, go_on, prepare, score
from citizen_nlp.lexfile import DataFileError

HELD_BACK = 0.2
FEWEST = 20


class Retraining(msgspec.Struct, frozen=True):
    """Both models on the held-back tickets; the new one is written only when it is not worse."""

    learnt: int
    held_back: int
    top1_before: float
    top1_after: float
    log_loss_before: float
    log_loss_after: float
    accepted: bool


class _Outcome(NamedTuple):
    top1: float
    loss: float


def read_tickets(path: Path, codes: Sequence[str]) -> list[Labelled]:
    """Read corrected tickets: columns title, text, code and optionally operator_code, which wins.

    Raises `DataFileError` naming the line of a code the model does not know.
    """
    found: list[Labelled] = []
    for number, row in enumerate(read_table(path, ("title", "text", "code")), start=2):
        code = row.get("operator_code", "").strip() or row["code"].strip()
        if code not in codes:
            raise DataFileError(path, number, f"{code!r} is no leaf of the model's directory")
        found.append(Labelled(row["title"], row["text"], code))
    if len(found) < FEWEST:
        raise DataFileError(path, None, f"holds {len(found)} tickets; at least {FEWEST} are needed")
    return found


def retrain(
    model: CategoryModel, tickets: Sequence[Labelled], out: Path, progress: Progress | None = None
) -> Retraining:
    """Train on from `model`; write the new model file to `out` unless it is worse on held-back tickets.

    Which tickets are held back depends on their words alone, so near-identical runs compare like with like.
    """
    held = [t for t in tickets if _is_held_back(t)]
    learnt = [t for t in tickets if not _is_held_back(t)]
    if not held or not learnt:
        raise ValueError("too few different tickets to hold some back")
    lexicon, bits = model.lexicon, model.bits
    known, asked = ([prepare(t.title, t.text, lexicon, bits) for t in part] for part in (learnt, held))
    weights = go_on(model, learnt, known, progress)
    before = _outcome(model.weights(), model, held, asked)
    after = _outcome(weights, model, held, asked)
    accepted = after.top1 >= before.top1 and (after.top1 > before.top1 or after.loss < before.loss)
    if accepted:
        scores = np.array([score(weights, p) for p in asked])
        right = np.array([[code == t.code for code in model.codes] for t in held])
        calibration = calibrate(scores, right) if len(held) >= FEWEST else model.calibration
        out.write_bytes(model_file(model.codes, bits, weights, calibration))
    return Retraining(len(learnt), len(held), before.top1, after.top1, before.loss, after.loss, accepted=accepted)


def _is_held_back(ticket: Labelled) -> bool:
    return crc32(f"{ticket.title}\n{ticket.text}".encode("utf-8", "surrogatepass")) % 1000 < HELD_BACK * 1000


def _outcome(
    weights: Weights, model: CategoryModel, tickets: Sequence[Labelled], prepared: Sequence[Prepared]
) -> _Outcome:
    scores = np.array([score(weights, p) for p in prepared])
    wanted = np.array([model.codes.index(ticket.code) for ticket in tickets])
    shares = softmax(scores, model.calibration.temperature)[np.arange(len(wanted)), wanted]
    loss = float(-np.log(shares + 1e-9).mean())
    return _Outcome(round(float((scores.argmax(1) == wanted).mean()), 4), round(loss, 4))
