"""The examples are played: before the gateway in memory, and the receiver over real HTTP."""

import base64
import io
import runpy
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from citizen_gateway_sdk import Channel, OnBehalfOf, TicketState, models
from citizen_gateway_sdk.conformance.receiver import deliver
from citizen_gateway_sdk.conformance.stage import Result
from citizen_gateway_sdk.testing import FakeGateway

from .examples import ROOT

EXAMPLES = ROOT / "sdk" / "examples"
SECRET = f"whsec_{base64.b64encode(b'a secret of examples').decode()}"
CALLS = "call-1\t13800000001\t路灯起火\t工三街\ncall-2\t13800000002\t \t工三街\n"


def example(name: str) -> Any:  # noqa: ANN401 - programs, not modules: each has names of its own
    """Load a program without starting it."""
    return SimpleNamespace(**runpy.run_path(str(EXAMPLES / f"{name}.py")))


@pytest.fixture
def fake() -> FakeGateway:
    """Give a new gateway in memory."""
    return FakeGateway()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Write what looks like a photo."""
    path = tmp_path / "after.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(2000))
    return path


def test_report(fake: FakeGateway, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints the ticket's number."""
    with fake.client(fake.partner()) as gateway:
        example("report").main(gateway, "路灯不亮", "工三街")
        (filed,) = gateway.reports.list()
    assert capsys.readouterr().out.startswith(f"{filed.ticket_number} ")


class TestHotline:
    """`hotline.py`."""

    def test_calls_back_once_after_a_restart(self, fake: FakeGateway, tmp_path: Path) -> None:
        """What was dealt with does not come again; what was not does."""
        hotline, kept = example("hotline"), tmp_path / "cursor.txt"
        with fake.client(fake.partner(channel=Channel.HOTLINE_12345)) as gateway:
            numbers = [
                hotline.file(gateway, f"call-{one}", f"1380000000{one}", "路灯不亮", fake.here) for one in (1, 2)
            ]
            assert numbers[0] == hotline.file(gateway, "call-1", "13800000001", "路灯不亮", fake.here)
            fake.settle(numbers[0], reply="好了")
            fake.settle(numbers[1], reply="换了灯泡")
            before = list(islice(hotline.callbacks(gateway, kept), 2))
            after = list(islice(hotline.callbacks(gateway, kept), 1))
        assert before == [("13800000001", "好了"), ("13800000002", "换了灯泡")]
        assert after == [before[1]]

    def test_reads_calls_line_by_line(
        self, fake: FakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Danger is said first, a call that is refused stops nothing, and who is to be called is printed."""
        hotline = example("hotline")
        monkeypatch.setattr(sys, "stdin", io.StringIO(CALLS))
        hotline.main.__globals__["callbacks"] = lambda *_: iter([("13800000001", "在哪一侧？")])
        with fake.client(fake.partner(channel=Channel.HOTLINE_12345)) as gateway:
            hotline.main(gateway, tmp_path / "cursor.txt")
            (filed,) = gateway.reports.list()
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith("say at once: ")
        assert lines[1] == f"call-1 {filed.ticket_number}"
        assert lines[2].startswith("call-2 was not filed: ")
        assert lines[3:] == ["call 13800000001 and say: 在哪一侧？"]


def test_bureau(fake: FakeGateway, photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All that was assigned is settled, with a photo."""
    with fake.client(fake.partner()) as citizen:
        ticket = citizen.reports.submit("路灯不亮", position=fake.here).ticket
        with fake.client(fake.partner(departments=["lights"])) as gateway:
            example("bureau").main(gateway, photo)
        settled = citizen.tickets.get(ticket.number)
    assert (settled.state, len(settled.after_photo_ids)) == (TicketState.RESOLVED, 1)
    assert capsys.readouterr().out.splitlines()[-1] == f"{ticket.number} resolved"


class TestReceiver:
    """`receiver.py`, served."""

    @pytest.fixture
    def receiver(self) -> Iterator[Any]:
        """Serve on a free port of this machine."""
        with example("receiver").Receiver(0, [SECRET]) as serving:
            thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
            thread.start()
            yield serving
            serving.shutdown()
            thread.join()

    def test_it_passes_the_conformance_kit(self, receiver: Any) -> None:  # noqa: ANN401 - as above
        """Good, doubled, reordered, large messages are taken; forged, changed and old ones refused."""
        outcomes = deliver(f"http://127.0.0.1:{receiver.server_port}", SECRET)
        assert {outcome.result for outcome in outcomes} == {Result.PASSED}, outcomes

    def test_each_event_is_worked_on_once(self, receiver: Any) -> None:  # noqa: ANN401 - as above
        """A message that comes twice is one piece of work; the fake's clock is set to now, as its messages are new."""
        fake = FakeGateway(datetime.now(UTC))
        key, url = fake.partner(), f"http://127.0.0.1:{receiver.server_port}"
        with fake.client(key) as gateway:
            gateway.reports.submit("路灯不亮", position=fake.here)
        messages = fake.messages(key, SECRET)
        for message in [*messages, *messages]:
            assert httpx2.post(url, content=message.body, headers=message.headers).is_success
        assert receiver.work.qsize() == len(messages) > 0


def test_handover(fake: FakeGateway, capsys: pytest.CaptureFixture[str]) -> None:
    """The hotline answers for it until the police have signed."""
    handover = example("handover")
    hotline = fake.client(fake.partner(channel=Channel.HOTLINE_12345))
    police = fake.client(fake.partner(channel=Channel.POLICE_110))
    handover.main(hotline, police)
    said = ["answers for it: hotline_12345", "answers for it: police_110 as JQ-0042"]
    assert capsys.readouterr().out.splitlines() == said
    receipt = hotline.reports.submit("有人打架", on_behalf_of=OnBehalfOf(subject="1"))
    first = handover.offer(hotline, receipt, "警情")
    assert handover.offer(hotline, receipt, "警情").id == first.id
    assert first.state == models.HandoverState.OFFERED


def test_they_are_typed(tmp_path: Path) -> None:
    """A partner's own strict type checker has nothing to say about them."""
    (tmp_path / "empty.ini").write_text("[mypy]\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(tmp_path / "empty.ini")]
    command += ["--cache-dir", str(ROOT / ".mypy_cache" / "examples"), *map(str, sorted(EXAMPLES.glob("*.py")))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_all_are_listed() -> None:
    """The list names each program, and each is tested here."""
    begin, here = (EXAMPLES / "README.md").read_text(encoding="utf-8"), Path(__file__).read_text(encoding="utf-8")
    for path in EXAMPLES.glob("*.py"):
        assert f"({path.name})" in begin
        assert f'example("{path.stem}")' in here
