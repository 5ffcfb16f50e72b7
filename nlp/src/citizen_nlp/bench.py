"""Times the analyser on messages of our own, and against a common pipeline trained on the same data."""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from citizen_nlp.analyser import analyse
from citizen_nlp.corpus import read_table
from citizen_nlp.lexfile import DATA, read_sections

REPEATS = 300
WARM_UP = 20
MODEL_FILES = ("category.bin", "keywords.txt")
_COLD = "import time; t = time.perf_counter(); import citizen_nlp; citizen_nlp.analyse('', '路灯不亮'); print(time.perf_counter() - t)"


class BenchFigures(msgspec.Struct, frozen=True):
    """Microseconds a message (median and 95th percentile), seconds to the first answer, memory and model size in MB.

    `pipeline_ratio` is the other pipeline's median for a note over ours, measured in turns; None without training data.
    """

    caption_us: float
    caption_us_p95: float
    note_us: float
    note_us_p95: float
    letter_us: float
    letter_us_p95: float
    cold_start_s: float
    rss_mb: float
    artefact_mb: float
    pipeline_us: float | None = None
    pipeline_ratio: float | None = None


def measure_speed(train: Path | None = None) -> BenchFigures:
    """Time `analyse`; with a training file (columns title, text, label) also the pipeline it is compared with."""
    texts = {kind: section["texts"] for kind, section in read_sections(DATA / "bench.txt").items()}
    memory = _resident_mb()
    spans = {kind: _timed(_analyse_one, group) for kind, group in texts.items()}
    memory = _resident_mb() or memory
    pipeline_us = ratio = None
    if train is not None:
        pipeline_us, ours = _in_turns(_pipeline(train), texts["note"])
        ratio = round(pipeline_us / ours, 1)
    return BenchFigures(
        *(value for kind in ("caption", "note", "letter") for value in _summary(spans[kind])),
        cold_start_s=_cold_start(),
        rss_mb=memory,
        artefact_mb=round(sum((DATA / name).stat().st_size for name in MODEL_FILES) / 1e6, 2),
        pipeline_us=pipeline_us,
        pipeline_ratio=ratio,
    )


def _analyse_one(text: str) -> object:
    return analyse("", text)


def _timed(work: Callable[[str], object], texts: list[str]) -> list[float]:
    for text in texts * WARM_UP:
        work(text)
    spans: list[float] = []
    for turn in range(REPEATS):
        text = texts[turn % len(texts)]
        start = time.perf_counter()
        work(text)
        spans.append((time.perf_counter() - start) * 1e6)
    return spans


def _summary(spans: list[float]) -> tuple[float, float]:
    return round(statistics.median(spans), 1), round(statistics.quantiles(spans, n=20)[18], 1)


def _in_turns(pipeline: Callable[[str], object], texts: list[str]) -> tuple[float, float]:
    theirs: list[float] = []
    ours: list[float] = []
    for turn in range(REPEATS):
        text = texts[turn % len(texts)]
        for work, spans in ((pipeline, theirs), (_analyse_one, ours)):
            start = time.perf_counter()
            work(text)
            spans.append((time.perf_counter() - start) * 1e6)
    return round(statistics.median(theirs), 1), round(statistics.median(ours), 1)


def _pipeline(train: Path) -> Callable[[str], object]:
    """Train jieba's keyword extraction with scikit-learn's character n-gram TF-IDF and LinearSVC."""
    import jieba.analyse  # noqa: PLC0415 - compared with, not used
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    rows = list(read_table(train, ("title", "text", "label")))
    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True), LinearSVC()
    )
    model.fit([f"{row['title']} {row['text']}" for row in rows], [row["label"] for row in rows])

    def work(text: str) -> object:
        return jieba.analyse.extract_tags(text, topK=5), model.predict([text])

    work("预热")
    return work


def _cold_start() -> float:
    spans = [float(subprocess.check_output([sys.executable, "-c", _COLD])) for _ in range(3)]  # noqa: S603 - our own code
    return round(statistics.median(spans), 3)


def _resident_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
