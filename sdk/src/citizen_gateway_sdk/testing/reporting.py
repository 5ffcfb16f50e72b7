"""Sessions, photos, reports and tickets as their reporters see them."""

from base64 import b64decode
from datetime import timedelta
from typing import TypeVar, cast
from uuid import UUID

from msgspec import UnsetType

from citizen_gateway_sdk import models
from citizen_gateway_sdk._model import Page
from citizen_gateway_sdk.models import ActorKind, Channel, Scope, TicketState
from citizen_gateway_sdk.testing.refusing import Refused
from citizen_gateway_sdk.testing.serving import Asked, Part
from citizen_gateway_sdk.testing.viewing import may_see, report_view, ticket_view
from citizen_gateway_sdk.testing.world import Case, Filed, Who, World, decode_place, encode_place

T = TypeVar("T")
JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgy"
    "PC4zNDL/wAALCAABAAEBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQAAPwA//9k="
)
"""A picture of one dot, which every photo is in the fake."""

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


def plain(value: T | UnsetType | None, usual: T) -> T:
    """Return a member of a body, or what it is where nothing was said."""
    return usual if value is None or isinstance(value, UnsetType) else value


def sign_in(asked: Asked) -> models.Session:
    """Sign a citizen or a handler in without proof."""
    said = cast("models.CitizenSignIn", asked.body)
    channel = plain(said.channel, Channel.APP)
    return open_session(asked.world, citizen_of(asked.world, channel, said.subject), channel)


def open_citizen_session(asked: Asked) -> models.Session:
    """Open a session for a citizen of the calling channel."""
    who = asked.caller()
    if who.kind != ActorKind.CLIENT:
        raise Refused("forbidden")
    if Scope.CITIZENS_ACT not in who.scopes:
        raise Refused("scope_missing", scope=Scope.CITIZENS_ACT.value)
    said = cast("models.CitizenOfChannel", asked.body)
    return open_session(asked.world, citizen_of(asked.world, who.channel, said.subject), who.channel)


def citizen_of(world: World, channel: Channel, subject: str) -> UUID:
    """Return the citizen whom a channel knows so."""
    return world.citizens.setdefault((channel.value, subject), world.next_id())


def open_session(world: World, citizen: UUID, channel: Channel) -> models.Session:
    """Make a token for a citizen."""
    token = f"cgc_{world.next_id().hex}"
    world.people[token] = Who(ActorKind.CITIZEN, citizen, channel)
    return models.Session(token=token, actor_id=citizen, expires_at=world.now + timedelta(days=30))


def current(asked: Asked) -> models.Actor:
    """Say who calls."""
    who = asked.caller()
    grants = [models.Grant(role=models.Role.HANDLER, department=one, area=None) for one in who.departments]
    if who.center:
        grants.append(models.Grant(role=models.Role.CENTER, department=None, area=None))
    client = who.kind == ActorKind.CLIENT
    return models.Actor(
        kind=who.kind,
        id=who.id,
        name="",
        channel=who.channel if client else None,
        grants=grants,
        scopes=sorted(who.scopes),
    )


def sign_out(asked: Asked) -> None:
    """Forget the caller's token."""
    asked.caller()
    asked.world.people.pop(asked.headers.get("authorization", "").partition(" ")[2], None)


def upload(asked: Asked) -> models.Photo:
    """Keep a photo; the same bytes of one owner are one photo."""
    who, content = asked.caller(), asked.content
    if not content.startswith(_PICTURES):
        raise Refused("photo_unreadable")
    for owner, kept, photo in asked.world.photos.values():
        if (owner, kept) == (who.id, content):
            return photo
    photo = models.Photo(
        id=asked.world.next_id(),
        width=1,
        height=1,
        size_bytes=len(JPEG),
        created_at=asked.world.now,
        taken_at=None,
        position=None,
    )
    asked.world.photos[photo.id] = (who.id, content, photo)
    return photo


def show_photo(asked: Asked) -> models.Photo:
    """Tell about a photo."""
    found = asked.world.photos.get(asked.identity("photo_id"))
    if found is None or (found[0] != asked.caller().id and not asked.caller().departments):
        raise Refused("not_found")
    return found[2]


def photo_content(asked: Asked) -> bytes:
    """Give the picture."""
    show_photo(asked)
    return JPEG


def submit(asked: Asked) -> models.Receipt:
    """Keep a report and open its ticket; the fake joins no reports."""
    who, world, said = asked.caller(), asked.world, cast("models.SubmitReport", asked.body)
    _check(asked, who, said)
    guess = world.city.category(plain(said.category, "")) or world.city.guess(said.text)
    words = world.city.emergency(said.text)
    position = said.position if isinstance(said.position, models.Position) else None
    case = Case(
        number=world.next_number(),
        secret=f"{world.count:04d}-FAKE-FAKE-FAKE",
        title=plain(said.title, "") or said.text.strip().splitlines()[0][:40],
        opened_at=world.now,
        category=guess.code if guess else None,
        position=position,
        emergency=bool(words),
        with_photo=bool(plain(said.photo_ids, [])),
    )
    report = _filed(world, who, said, case)
    reference = plain(said.external_ref, "")
    if reference:
        world.references[who.id, reference] = report.id
    world.cases[case.number], world.reports[report.id] = case, report
    case.reports.append(report.id)
    data = {"report": report.id, "category": case.category, "area": None, "emergency": case.emergency}
    world.tell(case, "ticket.opened", who, **data, channel=report.channel.value)
    if guess and (position or plain(said.place, "")):
        give(world, case, guess.department, by=None, reason="the fake's rule")
    return _receipt(asked, report, case, words)


def give(
    world: World, case: Case, department: str, *, by: Who | None, reason: str, kind: str = "ticket.assigned"
) -> None:
    """Give a ticket to a department; its clocks start, around the clock in the fake."""
    category = world.city.category(case.category)
    if category is None:
        raise Refused("evidence_missing", need="category")
    if world.city.department(department) is None:
        raise Refused("unknown_department")
    before, case.department, case.state = case.department, department, TicketState.ASSIGNED
    case.assigned_at, case.resolved_at, case.closed_at, case.reply = world.now, None, None, None
    case.accept_due = world.now + timedelta(minutes=category.accept_minutes)
    case.resolve_due = world.now + timedelta(hours=category.resolve_working_hours)
    data = {"department": department, "category": category.code, "reason": reason}
    data |= {"from_department": before or ""} if kind == "ticket.transferred" else {}
    data |= {"cause": "center"} if kind == "ticket.reopened" else {}
    world.tell(case, kind, by, **data, accept_due=case.accept_due, resolve_due=case.resolve_due)


def show_report(asked: Asked) -> models.Report:
    """Show one of the caller's reports."""
    return report_view(asked.world, asked.caller(), own_report(asked, asked.identity("report_id")))


def own_report(asked: Asked, identity: UUID) -> Filed:
    """Return a report of the caller's. Raises `Refused` for any other."""
    found = asked.world.reports.get(identity)
    if found is None or asked.caller().id not in {found.by, found.citizen}:
        raise Refused("not_found")
    return found


def list_reports(asked: Asked) -> Page[models.ReportListing]:
    """List the caller's reports, newest first."""
    who, world = asked.caller(), asked.world
    mine = [one for one in reversed(world.reports.values()) if who.id in {one.by, one.citizen}]
    if reference := asked.query.get("external_ref"):
        mine = [one for one in mine if world.references.get((who.id, reference)) == one.id]
    return page(asked, [_listing(world, one) for one in mine])


def page(asked: Asked, items: list[T]) -> Page[T]:
    """Cut a page out of all items. Raises `Refused` for a cursor that is none of ours."""
    reader, limit = asked.caller().id, int(asked.query.get("limit", "20"))
    cursor = asked.query.get("cursor")
    start = decode_place(reader, cursor) if cursor else 0
    more = start + limit < len(items)
    return Page(items[start : start + limit], encode_place(reader, start + limit) if more else None)


def show_ticket(asked: Asked) -> models.Ticket:
    """Show a ticket to whoever may see it."""
    return ticket_view(asked.world, asked.who, seen_case(asked))


def timeline(asked: Asked) -> models.Timeline:
    """List what happened; citizens see the public part."""
    case = seen_case(asked)
    staff = asked.who is not None and (asked.who.center or case.department in asked.who.departments)
    entries = [
        models.TimelineEntry(version=one.version, type=one.type, at=one.at, by=one.by, data=one.data, says=None)
        for one in case.past
        if one.public or staff
    ]
    return models.Timeline(items=entries)


def seen_case(asked: Asked) -> Case:
    """Return the ticket of the path. Raises `Refused` for one the caller may not see."""
    case = asked.world.case(asked.path["number"])
    if asked.headers.get("ticket-secret") == case.secret or may_see(asked.world, asked.who, case):
        return case
    raise Refused("not_found")


def list_tickets(asked: Asked) -> Page[models.Ticket]:
    """List the tickets the caller works on."""
    who = asked.caller()
    if not (who.center or who.departments):
        raise Refused("role_missing")
    wanted, department = asked.query.get("state"), asked.query.get("department")
    found = [
        case
        for case in asked.world.cases.values()
        if (who.center or case.department in who.departments)
        and wanted in {None, case.state.value}
        and department in {None, case.department}
    ]
    return page(asked, [ticket_view(asked.world, who, case) for case in found])


def categories(asked: Asked) -> models.Categories:
    """List the directory."""
    return models.Categories(items=[one.view() for one in asked.world.city.categories])


def areas_at(asked: Asked) -> models.AreasHere:
    """Say which area a point lies in: all points of the fake's city lie in one."""
    if not asked.world.city.holds(float(asked.query["lat"]), float(asked.query["lon"])):
        raise Refused("not_found")
    return models.AreasHere(areas=[asked.world.city.area], dedicated=None, boundary=False)


def _check(asked: Asked, who: Who, said: models.SubmitReport) -> None:
    world, city = asked.world, asked.world.city
    if who.kind == ActorKind.CLIENT and Scope.REPORTS_WRITE not in who.scopes:
        raise Refused("scope_missing", scope=Scope.REPORTS_WRITE.value)
    if not said.text.strip():
        raise Refused("empty_text")
    if plain(said.category, "") and city.category(plain(said.category, "")) is None:
        raise Refused("unknown_category")
    if isinstance(said.on_behalf_of, models.OnBehalfOf) and who.kind != ActorKind.CLIENT:
        raise Refused("on_behalf_not_allowed")
    if isinstance(said.position, models.Position) and not city.holds(said.position.lat, said.position.lon):
        swapped = city.holds(said.position.lon, said.position.lat)
        raise Refused("coordinates_swapped" if swapped else "outside_city")
    if unknown := [one for one in plain(said.photo_ids, []) if one not in world.photos]:
        raise Refused("unknown_photo", ids=[str(one) for one in unknown])
    if reference := plain(said.external_ref, ""):
        if who.kind != ActorKind.CLIENT:
            raise Refused("external_ref_not_allowed")
        if (who.id, reference) in world.references:
            raise Refused("external_ref_taken", reference=reference)


def _filed(world: World, who: Who, said: models.SubmitReport, case: Case) -> Filed:
    behalf = said.on_behalf_of.subject if isinstance(said.on_behalf_of, models.OnBehalfOf) else None
    citizen = who.id if who.kind == ActorKind.CITIZEN else None
    channel = who.channel if who.kind == ActorKind.CLIENT else plain(said.channel, who.channel)
    if behalf:
        citizen = citizen_of(world, channel, behalf)
    return Filed(world.next_id(), said, who.id, citizen, channel, case.title, case.number, world.now, behalf)


def _receipt(asked: Asked, report: Filed, case: Case, words: list[str]) -> models.Receipt:
    city, category = asked.world.city, asked.world.city.category(case.category)
    numbers = [number for word in words for number in city.danger[word]]
    emergency = models.EmergencyAdvice(call=numbers, message=f"Call {numbers}", words=words) if words else None
    guesses = [models.Guess(category=category.ref(), confidence=0.9, evidence=[])] if category else []
    ticket = models.TicketReceipt(
        number=case.number,
        state=case.state,
        category=category.ref() if category else None,
        department=city.department(case.department),
        areas=[city.area] if case.position else [],
        reason="",
        accept_due=case.accept_due,
        resolve_due=case.resolve_due,
    )
    return models.Receipt(
        report_id=report.id,
        ticket=ticket,
        secret=case.secret,
        joined=False,
        keywords=[],
        guesses=guesses,
        emergency=emergency,
    )


def _listing(world: World, report: Filed) -> models.ReportListing:
    return models.ReportListing(
        id=report.id,
        title=report.title,
        created_at=report.at,
        ticket_number=report.number,
        ticket_state=world.cases[report.number].state,
    )


REPORTING: dict[str, Part] = {
    "getHealth": Part(lambda _asked: models.Health(status="ok")),
    "getReadiness": Part(lambda asked: models.Readiness(ready=True, city=asked.world.city.name, parts={})),
    "signIn": Part(sign_in, 201, models.CitizenSignIn),
    "openCitizenSession": Part(open_citizen_session, 201, models.CitizenOfChannel),
    "getCurrentSession": Part(current),
    "signOut": Part(sign_out, 204),
    "uploadPhoto": Part(upload, 201),
    "getPhoto": Part(show_photo),
    "getPhotoContent": Part(photo_content, media="image/jpeg"),
    "submitReport": Part(submit, 201, models.SubmitReport),
    "listReports": Part(list_reports),
    "getReport": Part(show_report),
    "getTicket": Part(show_ticket),
    "getTimeline": Part(timeline),
    "listTickets": Part(list_tickets),
    "listCategories": Part(categories),
    "getAreasAt": Part(areas_at),
}
