"""`/v1/me`: a citizen's own data: consent, a copy of all, erasure, and one account for several channels."""

from litestar import Controller, Response, delete, get, post
from litestar.params import JSONBody

from citizen_gateway.accounts.guards import require_kind
from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import Forbidden, Unauthenticated
from citizen_gateway.kernel.ids import CitizenId
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.platform.limits import Limit, Limiter, RateLimited
from citizen_gateway.platform.problems import raises
from citizen_gateway.platform.vault import Vault
from citizen_gateway.privacy import service
from citizen_gateway.privacy.errors import LinkCodeUnknown, LinkedToItself
from citizen_gateway.privacy.schema import (
    Consents,
    ConsentView,
    GiveConsent,
    LinkAccount,
    LinkCodeView,
    LinkedAccount,
    PersonalData,
)

_REFUSED = raises(Unauthenticated, Forbidden)
_EXPORTS = Limit("export", 5, 10)
_CODES = Limit("link_code", 5, 20)
_TRIES = Limit("link_try", 10, 20)


class PrivacyController(Controller):
    """A citizen's own data."""

    path = "/v1/me"
    tags = ("me",)

    @get("/consents", operation_id="listConsents", summary="What I agreed to", responses=_REFUSED)
    async def consents(self, *, actor: Caller, work: Work) -> Consents:
        """List what you said last about each policy."""
        citizen = _citizen(actor)
        async with work.read(actor) as tx:
            rows = await tx.conn.fetch(
                """
                select distinct on (policy) policy, version, given, at from consent
                where citizen_id = $1 order by policy, id desc
                """,
                citizen,
            )
        return Consents([ConsentView(*row) for row in rows])

    @post("/consents", operation_id="giveConsent", summary="Agree to a policy", responses=_REFUSED)
    async def consent(self, *, data: JSONBody[GiveConsent], actor: Caller, work: Work) -> Response[ConsentView]:
        """Write down that you agree to a version of a policy, or no longer do."""
        citizen = _citizen(actor)

        async def keep(tx: Transaction) -> ConsentView:
            said = await service.consent(tx, citizen, data.policy, data.version, given=data.given)
            return ConsentView(said.policy, said.version, said.given, said.at)

        return await work.once(actor, keep, status=201)

    @get(
        "/export",
        operation_id="exportPersonalData",
        summary="All that is kept of me",
        responses=_REFUSED | raises(RateLimited),
    )
    async def export(self, *, actor: Caller, work: Work) -> PersonalData:
        """Get a copy of all that is kept of you: reports, photos' ids, ratings, consent, and who knows you as whom."""
        citizen = _citizen(actor)
        await work.part(Limiter).take(_EXPORTS, actor.key)
        async with work.read(actor) as tx:
            return PersonalData(citizen, tx.now, await service.export(tx, work.part(Vault), citizen))

    @delete(operation_id="erasePersonalData", summary="Forget me", responses=_REFUSED)
    async def erase(self, *, actor: Caller, work: Work) -> None:
        """Erase what is kept of you. Your tickets go on without you; your sessions end; nothing brings it back."""
        citizen = _citizen(actor)

        async def forget(tx: Transaction) -> None:
            await service.erase(tx, work.part(City), work.part(Vault), citizen)

        await work.once(actor, forget, status=204, keeps_answer=False)
        work.part(Doorkeeper).forget(citizen)

    @post(
        "/link-codes",
        operation_id="makeLinkCode",
        summary="Make a code for my other channel",
        responses=_REFUSED | raises(RateLimited),
    )
    async def make_code(self, *, actor: Caller, work: Work) -> Response[LinkCodeView]:
        """Make a code that works once, for ten minutes: typed in another channel, it joins that account to this one."""
        citizen = _citizen(actor)
        await work.part(Limiter).take(_CODES, actor.key)

        async def make(tx: Transaction) -> LinkCodeView:
            code = await service.make_link_code(tx, work.part(Vault), citizen)
            return LinkCodeView(code.code, code.expires_at)

        return await work.once(actor, make, status=201, keeps_answer=False)

    @post(
        "/links",
        operation_id="linkAccount",
        summary="Join the account of my other channel",
        status_code=200,
        responses=_REFUSED | raises(LinkCodeUnknown, LinkedToItself, RateLimited),
    )
    async def link(self, *, data: JSONBody[LinkAccount], actor: Caller, work: Work) -> Response[LinkedAccount]:
        """Type a code made in another channel: from now on both are one account, with all reports of both."""
        citizen = _citizen(actor)
        await work.part(Limiter).take(_TRIES, actor.key)

        async def join(tx: Transaction) -> LinkedAccount:
            return LinkedAccount(await service.link(tx, work.part(City), work.part(Vault), citizen, data.code))

        answer = await work.once(actor, join, keeps_answer=False)
        work.part(Doorkeeper).forget(citizen)
        return answer


def _citizen(actor: Actor) -> CitizenId:
    """Return the citizen who calls. Raises `Forbidden` for anybody else."""
    require_kind(actor, ActorKind.CITIZEN)
    if actor.id is None:
        raise Forbidden(needed=ActorKind.CITIZEN)
    return CitizenId(actor.id)
