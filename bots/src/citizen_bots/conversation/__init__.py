"""What is said between a citizen and the city, free of channels: a turn comes in, replies go out."""

from citizen_bots.conversation.engine import converse
from citizen_bots.conversation.port import Away, Gateway, PhotoGone, PhotoTooLarge, Refused, Submission
from citizen_bots.conversation.replies import Button, Reply
from citizen_bots.conversation.reporting import danger_warning
from citizen_bots.conversation.state import State, dump, load
from citizen_bots.conversation.turns import (
    Content,
    Photo,
    Place,
    Position,
    Presence,
    Press,
    Several,
    Turn,
    Unreadable,
    Words,
)

__all__ = [
    "Away",
    "Button",
    "Content",
    "Gateway",
    "Photo",
    "PhotoGone",
    "PhotoTooLarge",
    "Place",
    "Position",
    "Presence",
    "Press",
    "Refused",
    "Reply",
    "Several",
    "State",
    "Submission",
    "Turn",
    "Unreadable",
    "Words",
    "converse",
    "danger_warning",
    "dump",
    "load",
]
