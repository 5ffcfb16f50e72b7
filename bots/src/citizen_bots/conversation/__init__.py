"""What is said between a citizen and the city, free of channels: a turn comes in, replies go out."""

from citizen_bots.conversation.engine import converse
from citizen_bots.conversation.port import Away, Gateway, PhotoGone, Refused, Submission
from citizen_bots.conversation.replies import Button, Reply
from citizen_bots.conversation.state import State, dump, load
from citizen_bots.conversation.turns import Photo, Place, Position, Press, Turn, Words

__all__ = [
    "Away",
    "Button",
    "Gateway",
    "Photo",
    "PhotoGone",
    "Place",
    "Position",
    "Press",
    "Refused",
    "Reply",
    "State",
    "Submission",
    "Turn",
    "Words",
    "converse",
    "dump",
    "load",
]
