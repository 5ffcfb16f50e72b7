"""What Open311 clients can ask and do, by the name of the resource."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from litestar import Response

from citizen_gateway.city import store as city_store
from citizen_gateway.intake.service import Intake
from citizen_gateway.media import service as media
from citizen_gateway.media.darkroom import Darkroom, Developed, content_hash
from citizen_gateway.open311 import errors, reading, service, store, views
from citizen_gateway.open311.call import Call, Table
from citizen_gateway.open311.errors import KeyRefused, Refusal, Unknown
from citizen_gateway.open311.reading import TEXT_SIGNS, one
from citizen_gateway.open311.service import Created
from citizen_gateway.open311.views import Requests
from citizen_gateway.open311.writing import Value
from citizen_gateway.platform import idempotency
from citizen_gateway.platform.actor import ANONYMOUS, Actor, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.vault import Vault

T = TypeVar("T")


async def discovery(call: Call) -> Value:
    """Show which endpoints there are, and since when their services are what they are."""
    async with call.work.read(ANONYMOUS) as tx:
        changed = await city_store.loaded_at(tx.conn)
    return views.discovery(call.open311.notes(), call.base, changed, call.language)


async def services(call: Call) -> Value:
    """List the services."""
    return views.services(call.open311.city, call.open311.notes(), call.language)


async def definition(call: Call, code: str) -> Value:
    """Show what a service asks."""
    return views.definition(call.open311.notes(), call.open311.category(code), call.language)


async def requests(call: Call) -> Value:
    """List requests."""
    asked = reading.read_question(call.given, call.work.clock())
    async with call.work.read(call.reader) as tx:
        found = await service.requests(tx, call.open311, call.caller, asked)
    shown = _requests(call)
    return [shown.show(known, extended=asked.extensions) for known in found]


async def request(call: Call, said: str) -> Value:
    """Show one request, as a list of one."""
    async with call.work.read(call.reader) as tx:
        found = await service.request(tx, call.open311, call.caller, reading.read_id(said), said)
    return [_requests(call).show(found, extended=reading.flag(call.given, "extensions"))]


async def token(call: Call, said: str) -> Value:
    """Show which request a token stands for, as a list of one."""
    async with call.work.read(call.reader) as tx:
        found = await store.by_token(tx.conn, said)
    if found is None:
        raise Unknown(errors.NO_TOKEN, token=said[:80])
    return [{"service_request_id": str(found), "token": said}]


async def file_request(call: Call) -> Value:
    """File a request; a batch service answers with a token."""
    actor, intake = call.key_holder(), call.work.part(Intake)
    code = one(call.given, "service_code")
    if not code:
        raise Refusal(errors.MISSING, name="service_code")
    file, category = call.open311.notes(), call.open311.category(code)
    note = file.note(category)
    name = views.service_name(call.open311.city, category, call.language) or category
    filing = reading.read_filing(call.given, note, name, call.open311.city.settings.language)
    await intake.admit(actor)
    developed = [await _develop(call, await upload.read()) for upload in call.files]

    async def keep(tx: Transaction) -> Created:
        photos = [(await media.keep(tx, photo)).id for photo in developed]
        return await service.file_request(tx, intake, filing, tuple(photos))

    made = await _once(call, actor, keep, Created)
    identity: dict[str, Value] = {"token": made.token} if note.batch else {"service_request_id": str(made.request)}
    return [identity | {"service_notice": made.notice, "account_id": None}]


async def updates(call: Call) -> Value:
    """List what happened to requests, oldest first."""
    span = reading.read_span(call.given, call.work.clock())
    said = one(call.given, "service_request_id")
    identity = reading.read_id(said) if said else None
    if said and identity is None:
        raise Unknown(errors.NO_REQUEST, id=said[:80])
    async with call.work.read(call.reader) as tx:
        found = await service.changes(tx, call.open311, call.caller, span, identity)
    shown = _requests(call)
    return [shown.show_update(change) for change in found]


async def file_update(call: Call) -> Value:
    """Add words to a request of the caller's own."""
    actor = call.key_holder()
    if Scope.REPORTS_WRITE not in actor.scopes:
        raise KeyRefused(errors.NO_SCOPE, why=Scope.REPORTS_WRITE.value)
    said, update_id = one(call.given, "service_request_id"), one(call.given, "update_id")
    words = one(call.given, "description", TEXT_SIGNS)
    for name, value in (("service_request_id", said), ("update_id", update_id), ("description", words)):
        if not value:
            raise Refusal(errors.MISSING, name=name)

    async def keep(tx: Transaction) -> UUID:
        known = await service.request(tx, call.open311, actor, reading.read_id(said), said)
        if known.author != actor.key:
            raise Unknown(errors.NO_REQUEST, id=said[:80])
        return await service.remark(tx, known, update_id, words)

    return [{"update_id": str(await _once(call, actor, keep, UUID)), "account_id": None}]


async def _once(call: Call, actor: Actor, do: Callable[[Transaction], Awaitable[T]], kind: type[T]) -> T:
    """Do the work in one transaction, once for each `Idempotency-Key` where the client sends one."""
    said = msgspec.json.encode(call.given, order="sorted")
    sent = idempotency.fingerprint(said, *[upload.filename.encode() for upload in call.files])
    done: Response[Any] = await call.work.once(actor, do, status=201, fingerprint=sent)
    return msgspec.json.decode(done.content, type=kind)


async def _develop(call: Call, content: bytes) -> Developed:
    return await call.work.part(Darkroom).develop(content, await content_hash(content))


def _requests(call: Call) -> Requests:
    caller = call.caller.key if call.caller else None
    return Requests(call.open311.city, call.work.part(Vault), call.base, call.language, caller)


READ: Table = {
    "discovery": ("discovery", discovery),
    "services": ("services", services),
    "requests": ("service_requests", requests),
    "servicerequestupdates": ("service_request_updates", updates),
}
WRITE: Table = {
    "requests": ("service_requests", file_request),
    "servicerequestupdates": ("service_request_updates", file_update),
}
ITEMS = {
    "services": ("service_definition", definition),
    "requests": ("service_requests", request),
    "tokens": ("service_requests", token),
}
