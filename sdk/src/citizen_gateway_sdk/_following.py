"""How the feed is followed: how long each question waits, and after which failures it is asked again."""

import random

import httpx2

from citizen_gateway_sdk._failures import APIError, GatewayError, UnreadableAnswer
from citizen_gateway_sdk._retry import RETRIED_STATUSES, Backoff

FOLLOW_WAIT_S = 25
FOLLOW_LIMIT = 500
FOLLOW_TIMEOUT = httpx2.Timeout(FOLLOW_WAIT_S + 15.0, connect=5.0)
_PASSING = RETRIED_STATUSES | {500}


def pause_after(error: GatewayError, failures: int, backoff: Backoff) -> float:
    """Return how long to wait before the feed is asked again. Raises the error where that would not help."""
    if isinstance(error, UnreadableAnswer) or (isinstance(error, APIError) and error.status not in _PASSING):
        raise error
    chance = random.random()  # noqa: S311 - spreads clients in time, guards nothing
    if isinstance(error, APIError) and error.retry_after is not None:
        return error.retry_after + chance * backoff.first
    return backoff.wait(failures, retry_after=None, chance=chance) or 0.0
