"""What people corrected, as the analyser learns from it."""

import csv
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from citizen_gateway.intake.corrections import Correction, corrections, write
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import begin
from citizen_nlp import analyse
from tests.gateway import DEPARTMENT, ELSEWHERE, UNCLEAR, Gateway, Person
from tests.intake.conftest import Spot

PHONE = "13812345678"


async def correct(citizen: Person, center: Person, text: str, code: str) -> str:
    """Report what is not understood, have a center assign it under a category, and return the ticket's number."""
    receipt = await citizen.report(text)
    number = str(receipt["ticket"]["number"])
    assert receipt["ticket"]["state"] == "pending", receipt
    body = {"department": ELSEWHERE, "reason": "看了内容", "category": code}
    assert (await center.act(number, "assign", body)).status_code == 200
    return number


class TestCorrections:
    """Guess and decision."""

    async def test_a_persons_category_that_was_not_the_guess(
        self, gateway: Gateway, citizen: Person, center: Person
    ) -> None:
        """With personal data masked; what a machine dispatched, and what a person confirmed, is none."""
        since = gateway.clock()
        said = f"{UNCLEAR}，我的电话是{PHONE}"
        guess = analyse("", said).categories[0].code
        wanted = "101" if guess != "101" else "102"
        await correct(citizen, center, said, wanted)
        await citizen.report()
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            found = [one async for one in corrections(tx.conn, since)]
        assert found == [Correction("", said.replace(PHONE, "＊" * len(PHONE)), guess, wanted)]

    async def test_joined_reports_are_corrected_with_their_ticket(self, busy: Gateway, spot: Spot) -> None:
        """Each report of the ticket has a line; the last decision counts."""
        since = busy.clock()
        people = [await busy.citizen() for _ in range(2)]
        receipts = [await one.report("路边垃圾成堆，没人清运", position=spot()) for one in people]
        assert receipts[1]["joined"] is True
        center = await busy.staff(Role.CENTER)
        number = receipts[0]["ticket"]["number"]
        for department, code in ((ELSEWHERE, "103"), (DEPARTMENT, "102")):
            body = {"department": department, "reason": "是装修垃圾", "category": code}
            moved = await center.act(number, "transfer", body)
            assert moved.status_code == 200, moved.text
        async with begin(busy.parts.pool, busy.clock()) as tx:
            found = [one async for one in corrections(tx.conn, since)]
        assert [(one.code, one.operator_code) for one in found] == [("101", "102")] * 2


class TestLearning:
    """The file and the trainer."""

    async def test_the_real_trainer_learns_from_the_file(
        self, gateway: Gateway, citizen: Person, center: Person, tmp_path: Path
    ) -> None:
        """`python -m citizen_nlp train` reads what was written, and says whether the new model is better."""
        since = gateway.clock() - timedelta(milliseconds=1)
        texts = [f"{UNCLEAR}，第{number}次反映，门前那个东西又来了" for number in range(40)]
        for text in texts:
            await correct(citizen, center, text, "401")
        path = tmp_path / "corrections.csv"
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            assert await write(tx.conn, since, path) == len(texts)
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert set(rows[0]) == {"title", "text", "code", "operator_code"}
        command = [sys.executable, "-m", "citizen_nlp", "train", "--tickets", str(path)]
        command += ["--out", str(tmp_path / "model.bin"), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)  # noqa: ASYNC221 - a test waits
        told = json.loads(done.stdout)
        assert told["learnt"] + told["held_back"] == len(texts), done.stderr
        assert told["top1_after"] > told["top1_before"]
        assert told["accepted"] is True
        assert (tmp_path / "model.bin").stat().st_size > 0

    async def test_a_file_that_cannot_be_written(self, gateway: Gateway, tmp_path: Path) -> None:
        """A folder that is not there is the caller's to see."""
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            with pytest.raises(OSError, match="No such file"):
                await write(tx.conn, gateway.clock(), tmp_path / "nowhere" / "x.csv")
