"""`/v1/sessions`: signing in and out."""

from typing import TypeAlias

from litestar import Controller, Response, delete, get, post
from litestar.params import JSONBody

from citizen_gateway.accounts import passwords, service, store
from citizen_gateway.accounts.errors import DevelopmentLoginOff, ScopeMissing, SignInRefused, UnknownLogin
from citizen_gateway.accounts.guards import bearer_secret, require_kind, require_scope
from citizen_gateway.accounts.schema import ActorView, CitizenOfChannel, CitizenSignIn, SessionView, StaffSignIn
from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.kernel.errors import Forbidden, Unauthenticated
from citizen_gateway.platform.actor import ANONYMOUS, ActorKind, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import AnyRequest, Caller, UnitOfWork, Work
from citizen_gateway.platform.limits import Limit, Limiter, RateLimited
from citizen_gateway.platform.problems import raises
from citizen_gateway.platform.settings import Settings
from citizen_gateway.platform.vault import Vault

SignIn: TypeAlias = CitizenSignIn | StaffSignIn


class SessionController(Controller):
    """Sessions."""

    path = "/v1/sessions"
    tags = ("sessions",)

    @post(
        operation_id="signIn",
        summary="Sign in",
        responses=raises(DevelopmentLoginOff, UnknownLogin, SignInRefused, RateLimited),
    )
    async def sign_in(
        self,
        *,
        data: JSONBody[SignIn],
        request: AnyRequest,
        work: Work,
    ) -> Response[SessionView]:
        """Open a session: as a member of staff by password, or in development without any proof of who you are."""
        settings, vault = work.part(Settings), work.part(Vault)
        password = data.password if isinstance(data, StaffSignIn) else None
        if password is None and not settings.development:
            raise DevelopmentLoginOff
        address = request.client.host if request.client else "unknown"
        await _count(work, settings, address, data)
        if isinstance(data, StaffSignIn) and password is not None:
            async with work.read(ANONYMOUS) as tx:
                kept = await store.password_of(tx.conn, data.login)
            if not await passwords.matches(password, kept):
                raise SignInRefused

        async def open_session(tx: Transaction) -> SessionView:
            if isinstance(data, StaffSignIn):
                issued = await service.sign_in_staff(tx, data.login)
            else:
                issued = await service.sign_in_citizen(tx, vault, data.channel, data.subject, data.locale)
            return SessionView(issued.secret, issued.expires_at or tx.now, issued.owner)

        return await work.once(ANONYMOUS, open_session, status=201, keeps_answer=False)

    @post(
        "/citizens",
        operation_id="openCitizenSession",
        summary="Act for a citizen of your channel",
        responses=raises(Unauthenticated, Forbidden, ScopeMissing),
    )
    async def open_for_citizen(
        self,
        *,
        data: JSONBody[CitizenOfChannel],
        actor: Caller,
        work: Work,
    ) -> Response[SessionView]:
        """Open a short session for a citizen whom your channel knows. Needs a client's key with `citizens:act`.

        The citizen is one of the client's own channel, added on first sight; no other channel's can be reached.
        """
        require_kind(actor, ActorKind.CLIENT)
        require_scope(actor, Scope.CITIZENS_ACT)
        vault = work.part(Vault)

        async def open_session(tx: Transaction) -> SessionView:
            issued = await service.open_for_citizen(tx, vault, data.subject, data.locale)
            return SessionView(issued.secret, issued.expires_at or tx.now, issued.owner)

        return await work.once(actor, open_session, status=201, keeps_answer=False)

    @get("/current", operation_id="getCurrentSession", summary="Who am I?", responses=raises(Unauthenticated))
    async def current(self, actor: Caller) -> ActorView:
        """Say who is signed in, and what they may do."""
        return ActorView.of(actor)

    @delete("/current", operation_id="signOut", summary="Sign out", responses=raises(Unauthenticated))
    async def sign_out(
        self,
        request: AnyRequest,
        actor: Caller,
        work: Work,
    ) -> None:
        """Revoke the credential this call was made with."""
        doorkeeper = work.part(Doorkeeper)
        secret = bearer_secret(request.headers.get("authorization"))

        async def revoke(tx: Transaction) -> None:
            await doorkeeper.dismiss(tx, secret)

        await work.once(actor, revoke, status=204)


async def _count(work: UnitOfWork, settings: Settings, address: str, data: SignIn) -> None:
    """Count a sign-in against its address, and one by password against its login, whoever tries."""
    limiter = work.part(Limiter)
    await limiter.take(Limit("login", settings.login_per_hour, settings.login_per_hour), address)
    if isinstance(data, StaffSignIn) and data.password is not None:
        await limiter.take(Limit("password", settings.password_burst, settings.password_per_hour), data.login)
