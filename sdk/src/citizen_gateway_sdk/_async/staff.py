"""Staff and their rights, for administrators."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncStaff:
    """Members of staff. A right is a role, in one department or in all, in one area or in all.

    Raises `RoleMissing` for who is no administrator, and `GrantForeign` for rights beyond their own department or area.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self, *, cursor: str | None = None, limit: int | None = None, **options: Unpack[ReadOptions]
    ) -> AsyncPages[models.Staff]:
        """Return all staff with their rights, also those who left."""
        query: dict[str, object] = {"cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_STAFF, options, query)

    async def add(
        self,
        login: str,
        name: str,
        *,
        grants: Sequence[models.GiveGrant] | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Staff:
        """Add a member of staff with their rights. Raises `NameTaken` where the login is in use."""
        body = models.AddStaff(login=login, name=name, grants=given(grants if grants is None else [*grants]))
        return await self._transport.send(operations.ADD_STAFF, options, body=body)

    async def grant(
        self,
        staff_id: UUID | str,
        role: models.Role,
        *,
        department: str | None = None,
        area: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Staff:
        """Give a right."""
        body = models.GiveGrant(role=role, department=given(department), area=given(area))
        return await self._transport.send(operations.GRANT_RIGHT, options, path={"staff_id": staff_id}, body=body)

    async def revoke(
        self,
        staff_id: UUID | str,
        role: models.Role,
        *,
        department: str | None = None,
        area: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Staff:
        """Take a right away. Raises `NotFound` for one that is not held."""
        body = models.GiveGrant(role=role, department=given(department), area=given(area))
        return await self._transport.send(operations.REVOKE_RIGHT, options, path={"staff_id": staff_id}, body=body)

    async def deactivate(self, staff_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Staff:
        """End somebody's service: their sessions and rights work no more."""
        return await self._transport.send(operations.DEACTIVATE_STAFF, options, path={"staff_id": staff_id})

    async def set_password(self, staff_id: UUID | str, password: str, **options: Unpack[WriteOptions]) -> None:
        """Set a password of twelve signs or more, one's own or as an administrator; earlier sessions end."""
        body = models.SetPassword(password=password)
        await self._transport.send(operations.SET_PASSWORD, options, path={"staff_id": staff_id}, body=body)
