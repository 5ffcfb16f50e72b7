"""`/v1/clients`: partners' systems and their keys, for administrators."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from citizen_gateway.accounts.errors import BadNetwork, NameTaken, RoleMissing, TooManyKeys
from citizen_gateway.accounts.guards import require_role
from citizen_gateway.accounts.model import ApiClient
from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.kernel.errors import NotFound, Unauthenticated
from citizen_gateway.kernel.ids import ClientId, uuid7
from citizen_gateway.partners.clients import service
from citizen_gateway.partners.clients.schema import (
    AddClient,
    ChangeClient,
    Clients,
    ClientView,
    NewClient,
    NewKey,
    RotateKey,
)
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.platform.problems import raises

_ALL = raises(Unauthenticated, RoleMissing)
_ONE = raises(Unauthenticated, RoleMissing, NotFound)


class ClientController(Controller):
    """Clients."""

    path = "/v1/clients"
    tags = ("clients",)

    @post(operation_id="addClient", summary="Add a partner's system", responses=_ALL | raises(NameTaken, BadNetwork))
    async def add(self, *, data: JSONBody[AddClient], actor: Caller, work: Work) -> Response[NewClient]:
        """Add a client; its key is shown this once."""
        require_role(actor, Role.ADMINISTRATOR)

        async def keep(tx: Transaction) -> NewClient:
            client = ApiClient(
                id=ClientId(uuid7(tx.now)),
                name=data.name,
                channel=data.channel,
                scopes=frozenset(data.scopes),
                departments=frozenset(data.departments),
                addresses=tuple(data.addresses),
                sandbox=data.sandbox,
            )
            issued = await service.add(tx, client, tx.now + timedelta(days=data.days) if data.days else None)
            return NewClient(await service.shown(tx, client), service.new_key(issued))

        return await work.once(actor, keep, status=201, keeps_answer=False)

    @get(operation_id="listClients", summary="All partners' systems", responses=_ALL)
    async def all(
        self,
        *,
        actor: Caller,
        work: Work,
        key_prefix: Annotated[
            str | None,
            QueryParameter(min_length=4, max_length=64, description="Only whose key begins so: whose is a leaked one?"),
        ] = None,
    ) -> Clients:
        """List clients with their keys, by name."""
        require_role(actor, Role.ADMINISTRATOR)
        async with work.read(actor) as tx:
            return Clients(await service.all_of(tx, key_prefix))

    @get("/{client_id:uuid}", operation_id="getClient", summary="A partner's system", responses=_ONE)
    async def show(self, *, client_id: FromPath[UUID], actor: Caller, work: Work) -> ClientView:
        """Show a client with its keys."""
        require_role(actor, Role.ADMINISTRATOR)
        async with work.read(actor) as tx:
            return await service.shown(tx, await service.find(tx, client_id))

    @patch(
        "/{client_id:uuid}",
        operation_id="changeClient",
        summary="Change what a partner's system may do",
        responses=_ONE | raises(BadNetwork),
    )
    async def change(
        self, *, client_id: FromPath[UUID], data: JSONBody[ChangeClient], actor: Caller, work: Work
    ) -> Response[ClientView]:
        """Change what is named; one that is not active is recognised no more, within seconds everywhere."""
        require_role(actor, Role.ADMINISTRATOR)
        given = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}
        kinds = {"scopes": frozenset, "departments": frozenset, "addresses": tuple}
        given = {name: kinds[name](value) if name in kinds else value for name, value in given.items()}

        async def keep(tx: Transaction) -> ClientView:
            changed = msgspec.structs.replace(await service.find(tx, client_id), **given)
            await service.change(tx, changed)
            return await service.shown(tx, changed)

        answer = await work.once(actor, keep)
        work.part(Doorkeeper).forget(client_id)
        return answer

    @post(
        "/{client_id:uuid}/keys",
        operation_id="rotateKey",
        summary="A new key for a partner's system",
        responses=_ONE | raises(TooManyKeys),
    )
    async def rotate(
        self, *, client_id: FromPath[UUID], data: JSONBody[RotateKey], actor: Caller, work: Work
    ) -> Response[NewKey]:
        """Make a new key, shown this once; the keys before it are good for the overlap, then end."""
        require_role(actor, Role.ADMINISTRATOR)
        overlap = timedelta(hours=data.overlap_hours)

        async def keep(tx: Transaction) -> NewKey:
            return service.new_key(await service.rotate(tx, client_id, overlap=overlap, days=data.days))

        answer = await work.once(actor, keep, status=201, keeps_answer=False)
        work.part(Doorkeeper).forget(client_id)
        return answer

    @delete("/{client_id:uuid}/keys/{prefix:str}", operation_id="revokeKey", summary="End a key", responses=_ONE)
    async def revoke(self, *, client_id: FromPath[UUID], prefix: FromPath[str], actor: Caller, work: Work) -> None:
        """End a key at once, with all access tokens of its client; elsewhere within seconds."""
        require_role(actor, Role.ADMINISTRATOR)

        async def end(tx: Transaction) -> None:
            await service.revoke(tx, client_id, prefix)

        await work.once(actor, end, status=204)
        work.part(Doorkeeper).forget(client_id)
