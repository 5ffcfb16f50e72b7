"""The thresholds of the city's pack on groups of real messages that are about one event."""

import csv
import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from citizen_gateway.city.joining import Joining
from citizen_gateway.intake.matching import Known, Sought, Voice, likeness
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.resources import resource
from citizen_nlp import Analyser, signature

DATA = os.environ.get("CITIZEN_DATA")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
RULES = msgspec.toml.decode((resource("cities") / "zhengzhou" / "joining.toml").read_bytes(), type=Joining)


def rows(name: str) -> list[dict[str, str]]:
    """Read a table of the folder that CITIZEN_DATA names."""
    with (Path(str(DATA)) / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.skipif(DATA is None, reason="CITIZEN_DATA names no folder with the messages")
def test_what_is_sure_is_right() -> None:
    """Letters without a pin, taken to be of one community: of the pairs that are sure 95 % and more are one event."""
    analyser = Analyser()
    voices: dict[str, Voice] = {}
    for row in rows("messages_unlabelled.csv"):
        analysis = analyser.analyse(row["title"], row["text"])
        found = signature(analysis)
        code = analysis.categories[0].code if analysis.categories else ""
        voices[row["id"]] = Voice(code, tuple(found.grams.items()))
    groups = defaultdict(set)
    for row in rows("same_event_dev.csv"):
        if row["message_id"] in voices:
            groups[row["event"]].add(row["message_id"])
    family = RULES.family[0]
    said, found_one, members = defaultdict(int), 0, 0
    for group in groups.values():
        for mine in group:
            sought = Sought(family, voices[mine], NOW, None, "c", None, (), sure_at_all=True)
            hits = [other for other, voice in voices.items() if other != mine and _sure(sought, voice)]
            for other in hits:
                said[other in group] += 1
            members += 1
            found_one += any(other in group for other in hits)
    precision = said[True] / (said[True] + said[False])
    print(f"precision {precision:.4f}, {found_one} of {members} find a partner")
    assert precision >= 0.95
    assert found_one / members >= 0.75


def _sure(sought: Sought, voice: Voice) -> bool:
    known = Known(TicketId(UUID(int=1)), "x", None, None, "c", None, (voice,), (), False, 1, NOW)
    found = likeness(sought, known, RULES.evidence)
    return found is not None and found.score >= RULES.sure
