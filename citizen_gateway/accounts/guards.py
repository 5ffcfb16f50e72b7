"""Who may call what, said once: services ask these, and a handler's signature names who comes in."""

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency

from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.kernel.clock import Clock
from citizen_gateway.kernel.errors import Forbidden, Unauthenticated
from citizen_gateway.platform.actor import ANONYMOUS, Actor, ActorKind, Role, Scope

_SCHEME = "bearer "


def bearer_secret(authorization: str | None) -> str:
    """Return the secret of an `Authorization: Bearer …` header. Raises `Unauthenticated` without one."""
    if authorization is None or not authorization.lower().startswith(_SCHEME):
        raise Unauthenticated
    return authorization[len(_SCHEME) :].strip()


async def provide_actor(
    request: Request[object, object, State], doorkeeper: NamedDependency[Doorkeeper], clock: NamedDependency[Clock]
) -> Actor:
    """Recognise the caller. Raises `Unauthenticated`."""
    return await doorkeeper.recognise(bearer_secret(request.headers.get("authorization")), clock())


async def provide_visitor(
    request: Request[object, object, State], doorkeeper: NamedDependency[Doorkeeper], clock: NamedDependency[Clock]
) -> Actor:
    """Recognise the caller, or take them as anonymous where they bring no credential."""
    header = request.headers.get("authorization")
    return ANONYMOUS if header is None else await doorkeeper.recognise(bearer_secret(header), clock())


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
