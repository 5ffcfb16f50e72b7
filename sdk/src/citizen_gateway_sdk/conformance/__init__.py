"""Conformance: plays the contract against a gateway, or a gateway's part against a receiver of webhooks.

`python -m citizen_gateway_sdk.conformance URL --key …` and `python -m citizen_gateway_sdk.conformance receiver URL
--secret …` print what holds and what does not; in a program, `play` and `deliver` return the same.
"""

from citizen_gateway_sdk.conformance.playing import play
from citizen_gateway_sdk.conformance.receiver import deliver
from citizen_gateway_sdk.conformance.stage import Outcome, Result, Stage

__all__ = ["Outcome", "Result", "Stage", "deliver", "play"]
