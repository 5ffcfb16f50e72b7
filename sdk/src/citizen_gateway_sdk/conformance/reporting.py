"""What holds for reports, photos, tickets as their reporters see them, and the event feed."""

from collections.abc import Callable
from uuid import uuid4

from citizen_gateway_sdk import errors
from citizen_gateway_sdk._failures import APIError
from citizen_gateway_sdk.conformance.stage import Stage, must, picture, refused
from citizen_gateway_sdk.models import Datum, Position, Scope

_READS = (Scope.REPORTS_WRITE, Scope.REPORTS_READ)


def categories_are_listed(stage: Stage) -> None:
    """Each category has a code of its own."""
    codes = [category.code for category in stage.gateway.categories.list()]
    must(codes, "there is no category")
    must(len(set(codes)) == len(codes), "two categories share a code")


def a_report_becomes_a_ticket(stage: Stage) -> None:
    """The receipt names report, ticket and secret; the report can be read again, as it was said."""
    stage.needs(*_READS)
    text = f"小区北门第 {uuid4().hex[:8]} 号井盖破损"
    receipt = stage.report(text, place="北门")
    must(receipt.ticket.number and receipt.secret, "the receipt lacks number or secret")
    kept = stage.gateway.reports.get(receipt.report_id)
    must((kept.text, kept.place) == (text, "北门"), "the report reads otherwise than it was said")
    must(kept.ticket_number == receipt.ticket.number, "report and receipt name different tickets")


def a_ticket_is_seen_by_its_reporter(stage: Stage) -> None:
    """By session, and without one by the secret; by nobody else. Its timeline begins with the opening."""
    receipt = stage.report()
    number = receipt.ticket.number
    must(stage.gateway.tickets.get(number).number == number, "the reporter does not see the ticket")
    stranger = stage.gateway.with_options(token=None)
    must(stranger.tickets.get(number, secret=receipt.secret).number == number, "the secret does not open the ticket")
    _refused(lambda: stranger.tickets.get(number), errors.NotFound)
    _refused(lambda: stranger.tickets.get(number, secret="WRNG-WRNG-WRNG-WRNG"), errors.NotFound)  # noqa: S106 - none
    past = stage.gateway.tickets.timeline(number)
    must(past and past[0].type in {"ticket.opened", "ticket.joined"}, "the timeline does not begin with the opening")
    versions = [entry.version for entry in past]
    must(versions == sorted(set(versions)), f"the timeline is out of order: {versions}")


def a_mistyped_number_is_found_out(stage: Stage) -> None:
    """Its check sign is wrong."""
    number = stage.report().ticket.number
    wrong = number[:-1] + ("2" if number[-1] != "2" else "3")
    _refused(lambda: stage.gateway.tickets.get(wrong), errors.BadTicketNumber)


def bad_reports_are_refused(stage: Stage) -> None:
    """Nothing said, unknown category, a place elsewhere or with its degrees swapped, somebody else's photo."""
    here = stage.here
    submit = stage.gateway.reports.submit
    _refused(lambda: submit("  "), errors.EmptyText)
    _refused(lambda: submit("x", category="no-such"), errors.UnknownCategory)
    far = Position(lat=-33.87, lon=151.21, datum=Datum.WGS84)
    _refused(lambda: submit("x", position=far), errors.OutsideCity)
    swapped = Position(lat=here.lon, lon=here.lat, datum=here.datum)
    if abs(here.lon) <= 90:
        _refused(lambda: submit("x", position=swapped), errors.CoordinatesSwapped)
    else:
        answer = stage.raw("POST", "/v1/reports", json={"text": "x", "position": _plain(swapped)})
        must(answer.status_code == 422, f"swapped degrees were answered with {answer.status_code}")
    _refused(lambda: submit("x", photo_ids=[uuid4()]), errors.UnknownPhoto)


def photos_are_kept(stage: Stage) -> None:
    """The same file is the same photo; it comes back as JPEG; what is no photo is refused."""
    content = picture(uuid4().bytes)
    first, again = stage.gateway.photos.upload(content), stage.gateway.photos.upload(content)
    must(first.id == again.id, "the same file became two photos")
    must(stage.gateway.photos.content(first.id).startswith(b"\xff\xd8"), "the photo does not come back as JPEG")
    receipt = stage.report(photo_ids=[first.id])
    must(stage.gateway.reports.get(receipt.report_id).photo_ids == [first.id], "the report lost its photo")
    _refused(lambda: stage.gateway.photos.upload(b"no picture"), errors.PhotoUnreadable)


def pages_go_on(stage: Stage) -> None:
    """One by one they give what one page gives; a cursor we did not make is refused."""
    stage.needs(*_READS)
    mine = [stage.report().report_id for _ in range(3)]
    read = []
    for listed in stage.gateway.reports.list(limit=1):
        read.append(listed.id)
        if set(mine) <= set(read):
            break
    must(read[:3] == mine[::-1], "the newest reports do not come first, one by one")
    refused(stage.raw("GET", "/v1/reports?cursor=none"), 400, "bad_cursor")


def a_partner_s_number_finds_its_report(stage: Stage) -> None:
    """And names no second one."""
    stage.needs(*_READS)
    reference = f"T-{uuid4().hex[:10]}"
    receipt = stage.report(external_ref=reference)
    found = [listed.id for listed in stage.gateway.reports.list(external_ref=reference)]
    must(found == [receipt.report_id], f"{reference} finds {found}")
    _refused(lambda: stage.report(external_ref=reference), errors.ExternalRefTaken)


def events_are_told(stage: Stage) -> None:
    """The opening of a reported ticket comes behind a cursor, once each cursor; other cursors are refused."""
    stage.needs(*_READS)
    begin = stage.gateway.events.list("latest").cursor
    receipt = stage.report()
    seen, cursor = [], begin
    for _ in range(20):
        batch = stage.gateway.events.list(cursor, wait=1)
        seen += [event for event in batch.items if any(one.report_id == receipt.report_id for one in event.reports)]
        cursor = batch.cursor
        if seen:
            break
    must(seen, "the report's ticket is not in the feed")
    must(seen[0].type in {"ticket.opened", "ticket.joined"}, f"the first event is {seen[0].type}")
    behind = stage.gateway.events.list(cursor).items
    must(seen[0].id not in {event.id for event in behind}, "an event comes again behind the cursor after it")
    refused(stage.raw("GET", "/v1/events?after=none"), 400, "bad_cursor")


def _refused(call: Callable[[], object], kind: type[APIError]) -> None:
    """Check that a call raises just this class."""
    try:
        call()
    except APIError as error:
        must(type(error) is kind, f"{kind.__name__} was due, {type(error).__name__} came: {error}")
        return
    must(False, f"{kind.__name__} was due, and the call succeeded")


def _plain(position: Position) -> dict[str, object]:
    return {"lat": position.lat, "lon": position.lon, "datum": position.datum.value}


REPORTING = (
    categories_are_listed,
    a_report_becomes_a_ticket,
    a_ticket_is_seen_by_its_reporter,
    a_mistyped_number_is_found_out,
    bad_reports_are_refused,
    photos_are_kept,
    pages_go_on,
    a_partner_s_number_finds_its_report,
    events_are_told,
)
