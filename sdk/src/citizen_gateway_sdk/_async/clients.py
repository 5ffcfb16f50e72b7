"""Clients: partners' systems and their keys, for administrators."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncClients:
    """Partners' systems. All of it is for administrators, and each change is in the audit log."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def add(
        self,
        name: str,
        *,
        scopes: Sequence[models.Scope],
        channel: models.Channel | None = None,
        departments: Sequence[str] | None = None,
        addresses: Sequence[str] | None = None,
        sandbox: bool | None = None,
        days: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.NewClient:
        """Add a client; keep the answer's `key.token`, which is shown this once.

        `addresses` are the networks it may call from, `days` is the life of its first key. One of the `sandbox` has
        data of its own. Raises `NameTaken`, `BadNetwork`.
        """
        body = models.AddClient(
            name=name,
            scopes=[*scopes],
            channel=given(channel),
            departments=given(departments if departments is None else [*departments]),
            addresses=given(addresses if addresses is None else [*addresses]),
            sandbox=given(sandbox),
            days=given(days),
        )
        return await self._transport.send(operations.ADD_CLIENT, options, body=body)

    async def list(self, *, key_prefix: str | None = None, **options: Unpack[ReadOptions]) -> list[models.Client]:
        """Return all clients by name, or only those with a key that begins so, as a leaked one does."""
        query: dict[str, object] = {"key_prefix": key_prefix}
        found = await self._transport.send(operations.LIST_CLIENTS, options, query=query)
        return found.items

    async def get(self, client_id: UUID | str, **options: Unpack[ReadOptions]) -> models.Client:
        """Return a client with its keys."""
        return await self._transport.send(operations.GET_CLIENT, options, path={"client_id": client_id})

    async def change(
        self,
        client_id: UUID | str,
        *,
        scopes: Sequence[models.Scope] | None = None,
        departments: Sequence[str] | None = None,
        addresses: Sequence[str] | None = None,
        burst: int | None = None,
        per_hour: int | None = None,
        active: bool | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Client:
        """Change what is named; one that is not active is recognised no more. Raises `BadNetwork`."""
        body = models.ChangeClient(
            scopes=given(scopes if scopes is None else [*scopes]),
            departments=given(departments if departments is None else [*departments]),
            addresses=given(addresses if addresses is None else [*addresses]),
            burst=given(burst),
            per_hour=given(per_hour),
            active=given(active),
        )
        return await self._transport.send(operations.CHANGE_CLIENT, options, path={"client_id": client_id}, body=body)

    async def rotate_key(
        self,
        client_id: UUID | str,
        *,
        overlap_hours: int | None = None,
        days: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.NewKey:
        """Make a new key, shown this once; those before it are good for a day yet, or as many hours as are named."""
        body = models.RotateKey(overlap_hours=given(overlap_hours), days=given(days))
        return await self._transport.send(operations.ROTATE_KEY, options, path={"client_id": client_id}, body=body)

    async def revoke_key(self, client_id: UUID | str, prefix: str, **options: Unpack[WriteOptions]) -> None:
        """End a key at once, with all access tokens of its client."""
        path = {"client_id": client_id, "prefix": prefix}
        await self._transport.send(operations.REVOKE_KEY, options, path=path)
