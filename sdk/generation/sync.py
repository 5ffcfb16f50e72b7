"""Turns the asynchronous client into the synchronous one, word by word, so that there is one source."""

import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path

from generation.source import HEADER

_DROPPED = {"async", "await"}

_RENAMED = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclose": "close",
    "StopAsyncIteration": "StopIteration",
    "_async": "_sync",
    "async_pause": "sync_pause",
}

_IN_TEXTS = (
    (re.compile(r"\b(?:async|await) (?=\S)"), ""),
    (re.compile(r"\bAsync(?=[A-Z])"), ""),
    (re.compile(r"\baclose\b"), "close"),
    (re.compile(r"\b[Aa]synchronous"), "synchronous"),
)

Edit = tuple[tuple[int, int], tuple[int, int], str]


def sync_sources(folder: Path) -> dict[str, str]:
    """Return the synchronous form of each module of the asynchronous package."""
    return {
        path.name: HEADER.format(origin=f"_async/{path.name}") + sync_source(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.py"))
    }


def sync_source(source: str) -> str:
    """Return a module with every asynchronous word replaced by its synchronous one."""
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    lines = source.splitlines(keepends=True)
    for (row, start), (end_row, end), text in sorted(_edits(tokens), reverse=True):
        head, tail = lines[row - 1][:start], lines[end_row - 1][end:]
        lines[row - 1 : end_row] = (head + text + tail).splitlines(keepends=True)
    return "".join(lines)


def _edits(tokens: Sequence[tokenize.TokenInfo]) -> Iterator[Edit]:
    for index, token in enumerate(tokens):
        if token.type == tokenize.NAME:
            yield from _name_edits(tokens, index)
        elif token.type in {tokenize.STRING, tokenize.COMMENT}:
            text = token.string
            for pattern, replacement in _IN_TEXTS:
                text = pattern.sub(replacement, text)
            if text != token.string:
                yield token.start, token.end, text


def _name_edits(tokens: Sequence[tokenize.TokenInfo], index: int) -> Iterator[Edit]:
    token, following = tokens[index], tokens[index + 1]
    name = token.string
    if name in _DROPPED:
        yield token.start, following.start, ""
    elif name == "Awaitable" and following.string == "[":
        closing = _closing(tokens, index + 1)
        yield token.start, following.end, ""
        yield tokens[closing].start, tokens[closing].end, ""
    elif name in _RENAMED:
        yield token.start, token.end, _RENAMED[name]
    elif re.match(r"Async[A-Z]", name):
        yield token.start, token.end, name.removeprefix("Async")


def _closing(tokens: Sequence[tokenize.TokenInfo], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += {"[": 1, "]": -1}.get(tokens[index].string, 0)
        if depth == 0:
            return index
    raise AssertionError("Python's own tokenizer would have refused this")
