"""Shows figures on a terminal: with rich where it is installed, plainly where not."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

Progress = Callable[[int, int], None]


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table to standard output."""
    try:
        from rich.console import Console  # noqa: PLC0415 - optional
        from rich.table import Table  # noqa: PLC0415
    except ImportError:
        sys.stdout.write("\n".join([title, "\t".join(columns), *("\t".join(map(str, row)) for row in rows)]) + "\n")
        return
    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*map(str, row))
    Console().print(table)


def _ignore(_done: int, _total: int) -> None:
    return None


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Give a function that moves a bar on standard error: called with how many of how many are done."""
    try:
        from rich.console import Console  # noqa: PLC0415 - optional
        from rich.progress import Progress as Bar  # noqa: PLC0415
    except ImportError:
        yield _ignore
        return
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
