"""What is told to partners' own servers beside what happens to tickets."""

from typing import ClassVar
from uuid import UUID

from citizen_gateway.platform.events import Happening


class WebhookTested(Happening, frozen=True):
    """A client asked for a message to see whether its webhook works; nothing happened to any ticket."""

    name: ClassVar[str] = "webhook.tested"
    public: ClassVar[bool] = False

    endpoint: UUID


class WebhookPaused(Happening, frozen=True):
    """Another webhook of the client was paused: `reason` is gone, failing or forbidden."""

    name: ClassVar[str] = "webhook.paused"
    public: ClassVar[bool] = False

    endpoint: UUID
    url: str
    reason: str
