"""A case handed from one channel to another, as a plain value with its rules."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from citizen_gateway.accounts.model import Channel
from citizen_gateway.kernel.ids import ReportId

SIGN_WITHIN = timedelta(minutes=30)
"""How long the other side has to sign before the city's center is told."""

SIGN_EMERGENCY_WITHIN = timedelta(minutes=5)
"""The same where life may be in danger."""


class HandoverState(StrEnum):
    """How far a hand-over is."""

    OFFERED = "offered"  # 待对方签收
    SIGNED = "signed"  # 已签收
    REFUSED = "refused"  # 已退回
    WITHDRAWN = "withdrawn"  # 已收回


class Handover(msgspec.Struct, frozen=True):
    """One hand-over of a report's case; `to_client` is the client that answered it."""

    id: UUID
    report_id: ReportId
    from_client: UUID
    from_channel: Channel
    to_client: UUID | None
    to_channel: Channel
    state: HandoverState
    reason: str
    answer: str | None
    offered_at: datetime
    sign_due: datetime
    answered_at: datetime | None

    @property
    def responsible(self) -> Channel:
        """Who answers for the case to its citizen: the sender until the other side has signed."""
        return self.to_channel if self.state is HandoverState.SIGNED else self.from_channel

    def is_party(self, client: UUID | None, channel: str) -> bool:
        """Whether a client is one of the two sides."""
        return client is not None and (client == self.from_client or channel == self.to_channel.value)


def answered(
    offer: Handover, state: HandoverState, now: datetime, client: UUID | None = None, words: str | None = None
) -> Handover:
    """Return an offer as it stands after somebody answered it."""
    return msgspec.structs.replace(offer, state=state, to_client=client, answer=words, answered_at=now)


def sign_due(now: datetime, *, emergency: bool) -> datetime:
    """Return by when the other side must have signed."""
    return now + (SIGN_EMERGENCY_WITHIN if emergency else SIGN_WITHIN)
