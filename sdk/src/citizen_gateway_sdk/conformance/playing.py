"""Plays all checks against a gateway."""

import inspect
from collections.abc import Iterator

import httpx2

from citizen_gateway_sdk._failures import GatewayError
from citizen_gateway_sdk._sync.client import Gateway
from citizen_gateway_sdk.conformance.basics import BASICS
from citizen_gateway_sdk.conformance.handling import HANDLING
from citizen_gateway_sdk.conformance.reporting import REPORTING
from citizen_gateway_sdk.conformance.stage import HERE, Broken, Check, NotPlayed, Outcome, Result, Stage
from citizen_gateway_sdk.models import Position

CHECKS: tuple[Check, ...] = (*BASICS, *REPORTING, *HANDLING)
_TIMEOUT_S = 30.0


def play(url: str, key: str, *, here: Position = HERE, transport: httpx2.BaseTransport | None = None) -> list[Outcome]:
    """Play the contract with a partner's key; reports are filed, so point it at a gateway for trying things.

    `here` is a point inside the gateway's city. With a `transport`, the gateway need not be on a network.
    """
    return list(_played(url, key, here, transport))


def title(check: Check) -> str:
    """Return what a check says it checks."""
    return check.__name__.replace("_", " ")


def _played(url: str, key: str, here: Position, transport: httpx2.BaseTransport | None) -> Iterator[Outcome]:
    with (
        httpx2.Client(transport=transport, timeout=_TIMEOUT_S) as http,
        Gateway(url, token=key, transport=transport, max_retries=2) as gateway,
    ):
        stage = Stage(gateway, http, key, here)
        for check in CHECKS:
            yield _one(check, stage)


def _one(check: Check, stage: Stage) -> Outcome:
    name = title(check)
    try:
        check(stage)
    except NotPlayed as why:
        return Outcome(name, Result.SKIPPED, str(why))
    except Broken as seen:
        return Outcome(name, Result.FAILED, f"{inspect.getdoc(check)} — {seen}")
    except (GatewayError, httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        return Outcome(name, Result.FAILED, f"{inspect.getdoc(check)} — {type(error).__name__}: {error}")
    return Outcome(name, Result.PASSED)
