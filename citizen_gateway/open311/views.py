"""Services, requests and updates as the standard shows them; every member is always there, null where unknown."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime
from uuid import UUID

from citizen_gateway.city.model import AreaCode, CategoryCode, DepartmentCode
from citizen_gateway.city.open311 import Attribute, Open311File
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.ids import PhotoId
from citizen_gateway.open311.events import Remarked
from citizen_gateway.open311.model import DETAILED, Change, Known, status_of
from citizen_gateway.open311.reading import local
from citizen_gateway.open311.writing import Value
from citizen_gateway.platform.i18n import message, translate
from citizen_gateway.platform.vault import Vault
from citizen_gateway.tickets.model import TicketState
from citizen_nlp import mask

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
LIMIT = message("To be settled within {hours} working hours")
_MAC = 16


def discovery(file: Open311File, base: str, changed: datetime, language: str) -> Value:
    """Show where the endpoints are: one for real requests, one to try things at."""
    formats = ["text/xml", "application/json"]
    endpoints: list[Value] = [
        {"specification": SPECIFICATION, "url": f"{base}{path}", "changeset": changed, "type": kind, "formats": formats}
        for path, kind in (("/open311/v2", "production"), ("/open311/test/v2", "test"))
    ]
    return {
        "changeset": changed,
        "contact": local(file.contact, language),
        "key_service": local(file.key_service, language),
        "endpoints": endpoints,
    }


def services(city: City, file: Open311File, language: str) -> Value:
    """Show the category directory as services."""
    shown: list[Value] = []
    for category in city.categories.values():
        note = file.note(category.code)
        shown.append(
            {
                "service_code": category.code,
                "service_name": service_name(city, category.code, language),
                "description": category.definition or category.name,
                "metadata": bool(note.attribute),
                "type": "batch" if note.batch else "realtime",
                "keywords": ", ".join(part for part in category.definition.split("、") if part),
                "group": category.group,
            }
        )
    return shown


def service_name(city: City, code: str | None, language: str) -> str | None:
    """Return what a category is called."""
    category = city.categories.get(CategoryCode(code)) if code else None
    if category is None:
        return None
    return category.name if language.startswith("zh") else category.name_en


def definition(file: Open311File, code: CategoryCode, language: str) -> Value:
    """Show what a service asks."""
    attributes: list[Value] = [
        _attribute(attribute, number, language) for number, attribute in enumerate(file.note(code).attribute, 1)
    ]
    return {"service_code": code, "attributes": attributes}


def _attribute(attribute: Attribute, order: int, language: str) -> dict[str, Value]:
    shown: dict[str, Value] = {
        "variable": attribute.variable,
        "code": attribute.code,
        "datatype": attribute.datatype.value,
        "required": attribute.required,
        "datatype_description": local(attribute.hint, language) or None,
        "order": order,
        "description": local(attribute.description, language),
    }
    if attribute.datatype.is_list:
        shown["values"] = [{"key": choice.key, "name": local(choice.name, language)} for choice in attribute.values]
    return shown


class Requests:
    """Shows requests and updates to one caller; what they did not file is shown without personal data or photos."""

    def __init__(self, city: City, vault: Vault, base: str, language: str, caller: str | None) -> None:
        self._city, self._vault, self._base, self._language = city, vault, base, language
        self._caller = caller

    def show(self, known: Known, *, extended: bool) -> Value:
        """Show one request."""
        own = known.author == self._caller
        shown: dict[str, Value] = {
            "service_request_id": str(known.id),
            "status": status_of(known.state).value,
            "status_notes": known.reply or None,
            "service_name": service_name(self._city, known.category, self._language),
            "service_code": known.category,
            "description": known.text if own else mask(known.text).text,
            "agency_responsible": self._department(known.department),
            "service_notice": self._limit(known.category),
            "requested_datetime": known.requested_at,
            "updated_datetime": known.updated_at,
            "expected_datetime": known.expected_at,
            "address": self._address(known, own=own),
            "address_id": known.area,
            "zipcode": None,
            "lat": None if known.lat is None else round(known.lat, 6),
            "long": None if known.lon is None else round(known.lon, 6),
            "media_url": self._media(known, own=own),
        }
        if extended:
            shown["extended_attributes"] = self._extended(known, own=own)
        return shown

    def show_update(self, change: Change) -> Value:
        """Show one update."""
        state = _STATE_AFTER.get(change.type)
        remark = change.type == Remarked.name
        photos = change.data.get("after_photos")
        return {
            "update_id": str(change.data["update"] if remark else change.id),
            "service_request_id": str(change.request),
            "status": DETAILED[state] if state else "unchanged",
            "updated_datetime": change.at,
            "description": self._told(change),
            "media_url": self.photo_url(UUID(str(photos[0]))) if isinstance(photos, list) and photos else None,
        }

    def photo_url(self, photo: UUID) -> str:
        """Return an address of a photo that cannot be guessed; nothing of it is stored."""
        mac = self._vault.index(f"open311:{photo}")[:_MAC]
        return f"{self._base}/open311/media/{urlsafe_b64encode(photo.bytes + mac).rstrip(b'=').decode()}.jpg"

    def _department(self, code: str | None) -> str | None:
        department = self._city.departments.get(DepartmentCode(code)) if code else None
        if department is None:
            return None
        return department.name if self._language.startswith("zh") else department.name_en

    def _limit(self, code: str | None) -> str | None:
        category = self._city.categories.get(CategoryCode(code)) if code else None
        return translate(LIMIT, self._language, hours=f"{category.resolve_working_hours:g}") if category else None

    def _address(self, known: Known, *, own: bool) -> str:
        """Return the place in words: the reporter's, else the areas from the finest, else the city's name."""
        if known.place:
            return known.place if own else mask(known.place).text
        path = self._city.area_path(AreaCode(known.area)) if known.area else ()
        return ", ".join([*dict.fromkeys(area.name for area in path), self._city.name])

    def _media(self, known: Known, *, own: bool) -> str | None:
        if not own:
            return None
        return self.photo_url(known.photos[0]) if known.photos else known.media_url or None

    def _extended(self, known: Known, *, own: bool) -> Value:
        return {
            "ticket_number": known.ticket_number if own else None,
            "detailed_status": DETAILED[known.state.value],
            "media_urls": [self.photo_url(photo) for photo in known.photos] if own else [],
            "attributes": [
                {"code": code, "values": list(values)} for code, values in (known.attributes or {}).items() if own
            ],
        }

    def _told(self, change: Change) -> str:
        """Return an update's words: those of the event that are meant for citizens."""
        said = next((str(change.data[name]) for name in _WORDS if change.data.get(name)), "")
        return said if change.type in _OFFICIAL else ""


_WORDS = ("reply", "reason", "question", "note")
_STATE_AFTER = {
    "ticket.opened": TicketState.PENDING.value,
    "ticket.assigned": "assigned",
    "ticket.arbitrated": "assigned",
    "ticket.transferred": "assigned",
    "ticket.reopened": "assigned",
    "ticket.accepted": "accepted",
    "ticket.started": "in_progress",
    "ticket.asked": "on_hold",
    "ticket.held": "on_hold",
    "ticket.resumed": "in_progress",
    "ticket.resolved": "resolved",
    "ticket.closed": "closed",
    "ticket.rejected": "rejected",
    "ticket.withdrawn": "withdrawn",
    "ticket.merged": "merged",
}
_OFFICIAL = frozenset(_STATE_AFTER) | {"ticket.extended", "ticket.verified"}


def read_media(vault: Vault, name: str) -> PhotoId | None:
    """Return the photo that an address of ours names, or None for one we did not make."""
    stem = name.removesuffix(".jpg")
    try:
        raw = urlsafe_b64decode(stem + "=" * (-len(stem) % 4))
        photo = UUID(bytes=raw[:16])
    except (ValueError, NotBase64):
        return None
    mac = vault.index(f"open311:{photo}")[:_MAC]
    made = urlsafe_b64encode(photo.bytes + mac).rstrip(b"=").decode()
    return PhotoId(photo) if vault.same(made, stem) else None
