"""`python -m citizen_gateway_sdk.conformance`: prints what holds; exits with 1 where something does not."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence

import msgspec

from citizen_gateway_sdk.conformance.playing import play
from citizen_gateway_sdk.conformance.receiver import deliver
from citizen_gateway_sdk.conformance.stage import HERE, Outcome, Result
from citizen_gateway_sdk.models import Datum, Position

_SIGNS = {Result.PASSED: "ok  ", Result.FAILED: "FAIL", Result.SKIPPED: "skip"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Play what the command line names and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    outcomes, as_json = _receiver(given[1:]) if given[:1] == ["receiver"] else _gateway(given)
    sys.stdout.write(_json(outcomes) if as_json else _text(outcomes))
    return int(any(outcome.result is Result.FAILED for outcome in outcomes))


def _gateway(arguments: Sequence[str]) -> tuple[list[Outcome], bool]:
    parser = argparse.ArgumentParser("citizen_gateway_sdk.conformance", description="Play the contract on a gateway.")
    parser.add_argument("url", help="where the gateway is; reports are filed there")
    parser.add_argument("--key", default=os.environ.get("CITIZEN_GATEWAY_TOKEN"), help="a partner's API key")
    parser.add_argument("--position", metavar="LAT,LON", help="a point in its city, WGS-84", type=_position)
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(arguments)
    if not chosen.key:
        parser.error("give a key by --key or CITIZEN_GATEWAY_TOKEN")
    return play(chosen.url, chosen.key, here=chosen.position or HERE), chosen.json


def _receiver(arguments: Sequence[str]) -> tuple[list[Outcome], bool]:
    parser = argparse.ArgumentParser(
        "citizen_gateway_sdk.conformance receiver", description="Send webhooks, good and bad, to a receiver."
    )
    parser.add_argument("url", help="where messages are received")
    parser.add_argument("--secret", required=True, help="the secret it shares with the gateway: whsec_…")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(arguments)
    return deliver(chosen.url, chosen.secret), chosen.json


def _position(text: str) -> Position:
    lat, _, lon = text.partition(",")
    return Position(lat=float(lat), lon=float(lon), datum=Datum.WGS84)


def _counts(outcomes: Sequence[Outcome]) -> Counter[str]:
    return Counter(outcome.result.value for outcome in outcomes)


def _json(outcomes: Sequence[Outcome]) -> str:
    told = {"counts": dict(_counts(outcomes)), "checks": outcomes}
    return msgspec.json.format(msgspec.json.encode(told)).decode() + "\n"


def _text(outcomes: Sequence[Outcome]) -> str:
    lines = [f"{_SIGNS[one.result]} {one.check}{f': {one.detail}' if one.detail else ''}" for one in outcomes]
    counts = _counts(outcomes)
    lines.append(", ".join(f"{counts[result.value]} {result.value}" for result in Result))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
