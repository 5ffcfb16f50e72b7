"""Times the analyser on messages of our own, and against a common pipeline trained on the same data."""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec

from citizen_nlp.analyser import analyse
from citizen_nlp.corpus import Labelled
from citizen_nlp.event_index import EventIndex
from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.model import Analysis, CategoryGuess, PlaceMention, Span
from citizen_nlp.same_event import Signature, signature

ROUNDS = 15
REPEATS = 20
REPORTS = 100_000
WARM_UP = 20
MODEL_FILES = ("category.bin", "keywords.txt")
_COLD = """
import time
start = time.perf_counter()
import citizen_nlp
citizen_nlp.analyse("", "路灯不亮")
print(time.perf_counter() - start)
"""


class BenchFigures(msgspec.Struct, frozen=True):
    """Microseconds a message (median, 95th percentile), seconds to the first answer, memory and size in MB.

    `pipeline_ratio` is the other pipeline's median for a note, `pipeline_us`, over ours: both by turns and in processor
    time, since what else a machine does strikes the slower one harder. None without data. `index_ms` is one question to
    an `EventIndex` of `REPORTS` open reports, in milliseconds.
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
    index_ms: float
    index_ms_p95: float
    pipeline_us: float | None = None
    pipeline_ratio: float | None = None


def measure_speed(train: Sequence[Labelled] = ()) -> BenchFigures:
    """Time `analyse`; with training messages also the other pipeline, trained on them."""
    texts = {kind: section["texts"] for kind, section in read_sections(DATA / "bench.txt").items()}
    caption, note, letter = (_summary(_timed([_analyse_one], texts[kind])[0]) for kind in ("caption", "note", "letter"))
    memory = _resident_mb()
    pipeline_us = ratio = None
    if train:
        ours, theirs = _timed([_analyse_one, _pipeline(train)], texts["note"], time.thread_time)
        pipeline_us = _summary(theirs)[0]
        ratio = round(pipeline_us / _summary(ours)[0], 1)
    size = sum((DATA / name).stat().st_size for name in MODEL_FILES)
    fixed = (_cold_start(), memory, round(size / 1e6, 2))
    return BenchFigures(*caption, *note, *letter, *fixed, *_index_ms(texts["asked"]), pipeline_us, ratio)


def _analyse_one(text: str) -> object:
    return analyse("", text)


def _timed(
    works: Sequence[Callable[[str], object]], texts: list[str], clock: Callable[[], float] = time.perf_counter
) -> list[list[float]]:
    """Time each of `works` on the texts in rounds, by turns, so that the machine's moods strike all alike."""
    for work in works:
        for text in texts * WARM_UP:
            work(text)
    spans: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, taken in zip(works, spans, strict=True):
            for turn in range(REPEATS):
                text = texts[turn % len(texts)]
                start = clock()
                work(text)
                taken.append((clock() - start) * 1e6)
    return spans


def _summary(spans: list[float]) -> tuple[float, float]:
    return round(statistics.median(spans), 1), round(statistics.quantiles(spans, n=20)[18], 1)


def _pipeline(train: Sequence[Labelled]) -> Callable[[str], object]:
    """Train jieba's keyword extraction with scikit-learn's character n-gram TF-IDF and LinearSVC."""
    import jieba.analyse  # type: ignore[import-untyped,unused-ignore] # noqa: PLC0415 - compared with
    from sklearn.feature_extraction.text import (  # type: ignore[import-untyped,unused-ignore] # noqa: PLC0415
        TfidfVectorizer,
    )
    from sklearn.pipeline import make_pipeline  # type: ignore[import-untyped,unused-ignore] # noqa: PLC0415
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped,unused-ignore] # noqa: PLC0415

    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True), LinearSVC()
    )
    model.fit([f"{message.title} {message.text}" for message in train], [message.code for message in train])

    def work(text: str) -> object:
        return jieba.analyse.extract_tags(text, topK=5), model.predict([text])

    work("预热")
    return work


def many_reports(count: int) -> Iterator[Signature]:
    """Give signatures of made-up reports that share many words and one leaf, always the same ones."""
    for key in range(count):
        subject = "".join([chr(0x4E00 + (key * (31 + 7 * i) + i * i) % 797) for i in range(12)]) + "停水"
        place = PlaceMention(Span(0, 4, subject[:4]))
        yield signature(Analysis(subject=subject, places=(place,), categories=(CategoryGuess("601", 1.0),)))


def _index_ms(texts: list[str]) -> tuple[float, float]:
    index = EventIndex(enumerate(many_reports(REPORTS)))
    asked = {text: signature(analyse("", text)) for text in texts}
    median, p95 = _summary(_timed([lambda text: index.alike(asked[text])], texts)[0])
    return round(median / 1e3, 3), round(p95 / 1e3, 3)


def _cold_start() -> float:
    spans = [float(subprocess.check_output([sys.executable, "-c", _COLD])) for _ in range(3)]  # noqa: S603 - our own code
    return round(statistics.median(spans), 3)


def _resident_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
