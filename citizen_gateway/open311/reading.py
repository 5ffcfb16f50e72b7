"""Parameters of GeoReport v2 as they come, read into what they mean; an empty one counts as absent."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from citizen_gateway.city.open311 import Attribute, DataType, ServiceNote
from citizen_gateway.kernel.geo import Datum, Point, to_wgs84
from citizen_gateway.open311 import errors
from citizen_gateway.open311.errors import Refusal
from citizen_gateway.open311.model import (
    LONGEST_SPAN,
    MOST_IDS,
    MOST_PAGES,
    MOST_ROWS,
    PAGE_SIZE,
    Answer,
    Filing,
    Question,
    Status,
)

TEXT_SIGNS = 4000
SHORT_SIGNS = 200
URL_SIGNS = 2000
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,64})\](?:\[\])?")
_CONTACTS = ("phone", "email", "account_id", "device_id")

Parameters = Mapping[str, Sequence[str]]
"""All values of each parameter, none of them empty."""


def parameters(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Gather parameters by name; a value of blanks alone counts as none.

    Raises `Refusal` for the sign U+0000, which cannot be kept.
    """
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if "\0" in name + value:
            raise Refusal(errors.BAD_VALUE, name=name.replace("\0", "")[:40], value="U+0000")
        if value.strip():
            found.setdefault(name, []).append(value.strip())
    return found


def one(given: Parameters, name: str, most: int = SHORT_SIGNS) -> str:
    """Return a parameter's last value, or nothing. Raises `Refusal` for one that is too long."""
    value = given[name][-1] if name in given else ""
    if len(value) > most:
        raise Refusal(errors.TOO_LONG, name=name, most=most)
    return value


def read_question(given: Parameters, now: datetime) -> Question:
    """Read the filters of GET requests. Raises `Refusal`."""
    if names := _several(given, "service_request_id"):
        return Question(ids=tuple(filter(None, map(read_id, names))), extensions=flag(given, "extensions"))
    updated_after = read_moment(given, "updated_after")
    since, until = _span(given, now, open_ended=updated_after is not None)
    statuses = [_status(name) for name in _several(given, "status")]
    paged = "page" in given or "page_size" in given
    return Question(
        codes=tuple(_several(given, "service_code")) or None,
        statuses=frozenset(statuses) or frozenset(Status),
        since=since,
        until=until,
        updated_after=updated_after,
        page=_number(given, "page", 1, MOST_PAGES),
        page_size=_number(given, "page_size", PAGE_SIZE if paged else MOST_ROWS, MOST_ROWS),
        extensions=flag(given, "extensions"),
    )


def read_id(text: str) -> UUID | None:
    """Return the id of a service request, or None for a text that is no id of ours."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_span(given: Parameters, now: datetime) -> tuple[datetime, datetime]:
    """Read `start_date` and `end_date`, at most `LONGEST_SPAN` apart; the newest without them. Raises `Refusal`."""
    since, until = _span(given, now, open_ended=False)
    return since or now - LONGEST_SPAN, until or now


def read_moment(given: Parameters, name: str) -> datetime | None:
    """Read a W3C date and time; one without a zone is taken as UTC. Raises `Refusal`."""
    value = one(given, name)
    if not value:
        return None
    try:
        # A plus sign that was not escaped arrives as a blank.
        found = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", value))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refusal(errors.BAD_VALUE, name=name, value=value[:40]) from error


def read_filing(given: Parameters, note: ServiceNote, name: str, language: str) -> Filing:
    """Read POST requests for a service called `name`; what was answered to its attributes is said in the words too.

    Raises `Refusal`.
    """
    answers = tuple(_answers(given, note))
    point, address = _point(given), one(given, "address_string")
    if point is None and not address and not (address := one(given, "address_id")):
        raise Refusal(errors.NO_PLACE)
    media_url = one(given, "media_url", URL_SIGNS)
    said = one(given, "description", TEXT_SIGNS)
    asked = {attribute.code: attribute for attribute in note.attribute}
    told = [_in_words(asked[answer.code], answer, language) for answer in answers]
    lines = [said or name, *told, *([media_url] if media_url else [])]
    subject = next((value for contact in _CONTACTS if (value := one(given, contact, 128))), None)
    return Filing(note.category, "\n".join(lines), point, address, subject, media_url, answers)


def _answers(given: Parameters, note: ServiceNote) -> list[Answer]:
    asked = {attribute.code: attribute for attribute in note.attribute if attribute.variable}
    found: dict[str, list[str]] = {}
    for name, values in given.items():
        if not name.startswith("attribute"):
            continue
        matched = _ATTRIBUTE.fullmatch(name)
        if matched is None or matched[1] not in asked:
            raise Refusal(errors.BAD_ATTRIBUTE, code=note.category, name=name[:80])
        found.setdefault(matched[1], []).extend(values)
    for code, attribute in asked.items():
        if attribute.required and code not in found:
            raise Refusal(errors.MISSING, name=f"attribute[{code}]")
    return [Answer(code, tuple(_checked(asked[code], values))) for code, values in found.items()]


def _checked(attribute: Attribute, values: list[str]) -> list[str]:
    name = f"attribute[{attribute.code}]"
    if len(values) > 1 and attribute.datatype is not DataType.MULTIPLE:
        raise Refusal(errors.ONE_CHOICE, name=name)
    for value in values:
        if len(value) > (TEXT_SIGNS if attribute.datatype is DataType.TEXT else SHORT_SIGNS):
            raise Refusal(errors.TOO_LONG, name=name, most=SHORT_SIGNS)
        if attribute.datatype.is_list and value not in {choice.key for choice in attribute.values}:
            raise Refusal(errors.BAD_CHOICE, name=name, value=value[:40])
        if attribute.datatype is DataType.NUMBER:
            _float(name, value)
        if attribute.datatype is DataType.DATETIME:
            read_moment({name: [value]}, name)
    return values


def _in_words(attribute: Attribute, answer: Answer, language: str) -> str:
    names = {choice.key: choice.name for choice in attribute.values}
    told = [local(names[value], language) if value in names else value for value in answer.values]
    return f"{local(attribute.description, language)}: {', '.join(told)}"


def local(text: Mapping[str, str], language: str) -> str:
    """Return a text of the pack in a language, else in the pack's own."""
    return text.get(language) or text.get(language.partition("_")[0]) or next(iter(text.values()), "")


def _point(given: Parameters) -> Point | None:
    lat, lon = one(given, "lat"), one(given, "long") or one(given, "lon")
    if not lat and not lon:
        return None
    if not lat or not lon:
        raise Refusal(errors.MISSING, name="long" if lat else "lat")
    try:
        return to_wgs84(_float("lat", lat), _float("long", lon), Datum.WGS84)
    except ValueError as error:
        raise Refusal(errors.BAD_VALUE, name="lat, long", value=f"{lat[:20]}, {lon[:20]}") from error


def _float(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise Refusal(errors.BAD_VALUE, name=name, value=value[:40]) from error


def _span(given: Parameters, now: datetime, *, open_ended: bool) -> tuple[datetime | None, datetime | None]:
    since, until = read_moment(given, "start_date"), read_moment(given, "end_date")
    if since is None and until is None and open_ended:
        return None, None
    until = until or (since + LONGEST_SPAN if since else now)
    since = since or until - LONGEST_SPAN
    if not timedelta() <= until - since <= LONGEST_SPAN:
        raise Refusal(errors.SPAN, days=LONGEST_SPAN.days)
    return since, until + timedelta(seconds=1)


def _several(given: Parameters, name: str) -> list[str]:
    """Return the values of a list separated by commas, or given several times."""
    found = [part.strip() for value in given.get(name, ()) for part in value.split(",", MOST_IDS + 1) if part.strip()]
    if len(found) > MOST_IDS:
        raise Refusal(errors.TOO_MANY, name=name, most=MOST_IDS)
    return found


def _status(name: str) -> Status:
    try:
        return Status(name.lower())
    except ValueError as error:
        raise Refusal(errors.BAD_VALUE, name="status", value=name[:40]) from error


def _number(given: Parameters, name: str, usual: int, most: int) -> int:
    value = one(given, name)
    if not value:
        return usual
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= most and len(value) < 10):
        raise Refusal(errors.BAD_VALUE, name=name, value=value[:40])
    return int(value)


def flag(given: Parameters, name: str) -> bool:
    """Read a yes or no. Raises `Refusal`."""
    value = one(given, name).lower()
    if value not in {"", "true", "false", "1", "0"}:
        raise Refusal(errors.BAD_VALUE, name=name, value=value[:40])
    return value in {"true", "1"}
