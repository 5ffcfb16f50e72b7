"""Who may call what, said once: services ask these, and a handler's signature names who comes in."""

import base64

from citizen_gateway.accounts.admission import admit
from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.kernel.errors import Forbidden, Unauthenticated
from citizen_gateway.platform.actor import ANONYMOUS, Actor, ActorKind, Role, Scope
from citizen_gateway.platform.http import UnitOfWork, Work

_SCHEME = "bearer "


def bearer_secret(authorization: str | None) -> str:
    """Return the secret of an `Authorization: Bearer …` header. Raises `Unauthenticated` without one."""
    if authorization is None or not authorization.lower().startswith(_SCHEME):
        raise Unauthenticated
    return authorization[len(_SCHEME) :].strip()


def basic_credentials(authorization: str | None) -> tuple[str, str]:
    """Return name and password of an `Authorization: Basic …` header (RFC 7617). Raises `Unauthenticated` without."""
    scheme, _, encoded = (authorization or "").partition(" ")
    try:
        name, separator, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        raise Unauthenticated from None
    if scheme.lower() != "basic" or not separator:
        raise Unauthenticated
    return name, secret


async def provide_actor(work: Work) -> Actor:
    """Recognise the caller, and hold a client to its terms; see `recognise`."""
    return await recognise(work, bearer_secret(work.request.headers.get("authorization")))


async def recognise(work: UnitOfWork, secret: str) -> Actor:
    """Recognise whose credential this is, and hold a client to its terms.

    Raises `Unauthenticated`, `AddressNotAllowed`, `RateLimited`.
    """
    actor = await work.part(Doorkeeper).recognise(secret, work.clock())
    if actor.kind is ActorKind.CLIENT:
        await admit(work, actor)
    return actor


async def provide_visitor(work: Work) -> Actor:
    """Recognise the caller, or take them as anonymous where they bring no credential. Raises `Unauthenticated`."""
    return await provide_actor(work) if "authorization" in work.request.headers else ANONYMOUS


def require_role(actor: Actor, *roles: Role, department: str | None = None) -> None:
    """Raise `RoleMissing` unless the actor holds one of the roles, in this department where one is named."""
    if not actor.holds(*roles, department=department):
        raise RoleMissing(roles=", ".join(roles))


def require_scope(actor: Actor, scope: Scope) -> None:
    """Raise `ScopeMissing` where a partner's client lacks a scope; people need none."""
    if actor.kind is ActorKind.CLIENT and scope not in actor.scopes:
        raise ScopeMissing(scope=scope.value)


def require_kind(actor: Actor, *kinds: ActorKind) -> None:
    """Raise `Forbidden` where the actor is of no such kind."""
    if actor.kind not in kinds:
        raise Forbidden(needed=" or ".join(kinds))
