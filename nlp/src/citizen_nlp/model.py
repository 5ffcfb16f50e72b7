"""What the analyser says about one message: plain frozen values, spans counted in characters of the input."""

from enum import StrEnum

import msgspec


class Nature(StrEnum):
    """What the citizen wants of the city (诉求性质)."""

    COMPLAINT = "complaint"  # 投诉
    QUESTION = "question"  # 咨询
    HELP = "help"  # 求助
    SUGGESTION = "suggestion"  # 建议
    TIP_OFF = "tip_off"  # 举报
    PRAISE = "praise"  # 表扬


class Urgency(StrEnum):
    """How fast somebody must look: an emergency is danger to life."""

    NORMAL = "normal"
    EMERGENCY = "emergency"


def ten_thousandths(share: float) -> float:
    """Round a share to four decimals, as `round` does but in a tenth of its time."""
    return int(share * 10_000 + 0.5) / 10_000


class Span(msgspec.Struct, frozen=True, gc=False):
    """Half-open range `[start, end)` of characters of the message, title and text joined by one newline."""

    start: int
    end: int
    text: str


class Keyword(msgspec.Struct, frozen=True, gc=False):
    """A phrase that says what the message is about; `weight` in (0, 1], highest first."""

    text: str
    weight: float
    span: Span


class CategoryGuess(msgspec.Struct, frozen=True, gc=False):
    """One leaf of the category directory with a calibrated probability and the spans that decided."""

    code: str
    confidence: float
    evidence: tuple[Span, ...] = ()


class PlaceMention(msgspec.Struct, frozen=True, gc=False):
    """An address phrase and the gazetteer entries it may mean, best first."""

    span: Span
    candidates: tuple[str, ...] = ()


class PrivateKind(StrEnum):
    """What personal datum was found."""

    PHONE = "phone"
    IDENTITY_CARD = "identity_card"  # 身份证, checksum verified
    PLATE = "plate"  # 车牌
    BANK_CARD = "bank_card"  # Luhn verified
    EMAIL = "email"
    ACCOUNT = "account"  # QQ, WeChat
    NAME = "name"  # introduced by the writer, as in 我叫…


class Private(msgspec.Struct, frozen=True, gc=False):
    """A personal datum; `span.text` is what masking hides."""

    kind: PrivateKind
    span: Span


class Part(msgspec.Struct, frozen=True, gc=False):
    """One of several demands in a message, with its own most likely leaf."""

    span: Span
    category: CategoryGuess


class Analysis(msgspec.Struct, frozen=True):
    """Everything `analyse` found in one message. An empty or unreadable message gives one that abstains.

    `subject` is the message in one line, normalised: its title, or else the clause that names the problem.
    `parts` is empty unless the message makes at least two demands.
    """

    keywords: tuple[Keyword, ...] = ()
    categories: tuple[CategoryGuess, ...] = ()
    abstained: bool = True
    places: tuple[PlaceMention, ...] = ()
    nature: Nature = Nature.COMPLAINT
    urgency: Urgency = Urgency.NORMAL
    danger: tuple[Span, ...] = ()
    emergency_numbers: tuple[str, ...] = ()
    times: tuple[Span, ...] = ()
    parts: tuple[Part, ...] = ()
    private: tuple[Private, ...] = ()
    subject: str = ""
