"""`/v1/audit`: who looked at personal data or changed rights, for auditors."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.params import QueryParameter

from citizen_gateway.accounts import audit
from citizen_gateway.accounts.audit import Sought
from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.accounts.guards import require_role
from citizen_gateway.desk.staff_schema import AuditEntry
from citizen_gateway.kernel.errors import BadCursor, Unauthenticated
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, Work
from citizen_gateway.platform.problems import raises


class AuditController(Controller):
    """The audit log."""

    path = "/v1/audit"
    tags = ("staff",)

    @get(
        operation_id="listAudit",
        summary="The audit log",
        responses=raises(Unauthenticated, RoleMissing, BadCursor),
    )
    async def listed(
        self,
        *,
        actor: Caller,
        work: Work,
        subject: Annotated[UUID | None, QueryParameter(description="About this ticket or person")] = None,
        by: Annotated[UUID | None, QueryParameter(description="Done by this person")] = None,
        what: Annotated[str | None, QueryParameter(description="Of this kind, such as personal_data.revealed")] = None,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[AuditEntry]:
        """List what was done, newest first; an auditor of an area reads what concerns that area."""
        require_role(actor, Role.AUDITOR, Role.ADMINISTRATOR)
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            rows = await audit.listed(tx.conn, actor, Sought(subject, by, what), before, limit + 1)
        return page_of([AuditEntry.of(row) for row in rows], limit, [row.id for row in rows])
