"""What is wrong with a pack: everything at once, each with the place to look at."""

import msgspec


class PackProblem(msgspec.Struct, frozen=True):
    """One mistake in a pack; `line` counts from 1, `feature` from 0 as in the GeoJSON array."""

    file: str
    message: str
    line: int | None = None
    feature: int | None = None

    def __str__(self) -> str:
        line = f":{self.line}" if self.line is not None else ""
        feature = f" feature {self.feature}" if self.feature is not None else ""
        return f"{self.file}{line}{feature}: {self.message}"


class PackError(Exception):
    """The pack cannot be used; nothing was changed. `problems` lists every mistake found."""

    def __init__(self, problems: list[PackProblem]) -> None:
        self.problems = tuple(problems)
        count = f"{len(problems)} mistake{'s' if len(problems) != 1 else ''} in the city pack"
        super().__init__("\n".join([count, *map(str, problems)]))


class Findings:
    """Collects problems while a pack is read, so that one run names them all."""

    def __init__(self) -> None:
        self.problems: list[PackProblem] = []

    def add(self, file: str, message: str, *, line: int | None = None, feature: int | None = None) -> None:
        """Note one mistake."""
        self.problems.append(PackProblem(file, message, line, feature))

    def stop_if_any(self) -> None:
        """Raise `PackError` where something was noted: what follows builds on what was read."""
        if self.problems:
            raise PackError(self.problems)
