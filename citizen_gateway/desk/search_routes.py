"""`/v1/search` and `/v1/filters`: finding tickets, and conditions kept under a name."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from citizen_gateway.accounts import audit
from citizen_gateway.accounts.guards import require_kind
from citizen_gateway.city.read_model import City
from citizen_gateway.desk import filters, search
from citizen_gateway.desk.errors import FilterNameTaken, NothingToSearch, TooManyFilters
from citizen_gateway.desk.narrowing import NARROWED, REFUSED, Narrowing, admitted, check
from citizen_gateway.desk.schema import Filters, FilterView, SaveFilter
from citizen_gateway.desk.search import Page as SearchPage
from citizen_gateway.desk.search import Wanted
from citizen_gateway.kernel.errors import BadCursor, Forbidden, NotFound, Unauthenticated
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.platform.vault import Vault
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets.errors import BadTicketNumber
from citizen_gateway.tickets.model import actions_of
from citizen_gateway.tickets.schema import TicketView, ticket_view

Words = Annotated[str, QueryParameter(name="q", max_length=100, description="Words, or a ticket's number")]
Phone = Annotated[
    str, HeaderParameter(name="Search-Phone", description="A phone number, kept out of addresses and their logs")
]
SamePerson = Annotated[
    str | None, QueryParameter(name="same_person_as", description="A ticket's number: what its reporters reported")
]


class SearchController(Controller):
    """Search."""

    path = "/v1/search"
    tags = ("desk",)

    @get(
        operation_id="searchTickets",
        summary="Find tickets",
        dependencies=NARROWED,
        responses=raises(*REFUSED, BadCursor, NothingToSearch, BadTicketNumber),
    )
    async def find(
        self,
        *,
        actor: Caller,
        work: Work,
        narrowing: NamedDependency[Narrowing],
        q: Words = "",
        phone: Phone = "",
        same_person_as: SamePerson = None,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[TicketView]:
        """Find the tickets you may see, newest first: by words, by number, by phone, or by the person who reported.

        Words are found in titles, reports, places and replies. Looking for a person is written into the audit log, and
        never tells who the person is.
        """
        city = work.part(City)
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            conditions = await admitted(tx, city, narrowing)
            if not (q.strip() or phone.strip() or same_person_as):
                raise NothingToSearch
            like = await tickets.find(tx, same_person_as) if same_person_as else None
            if like or phone.strip():
                concern = audit.Concern(like.id, like.area_path) if like else audit.Concern()
                await audit.write(tx, "person.searched", concern=concern, by_phone=bool(phone.strip()))
            wanted = Wanted(q.strip(), phone.strip(), like.id if like else None, conditions)
            rows = await search.search(tx.conn, actor, work.part(Vault), wanted, SearchPage(limit + 1, before, tx.now))
        return page_of(
            [ticket_view(city, one, staff=True, actions=actions_of(actor, one, tx.now)) for one in rows],
            limit,
            [one.id for one in rows],
        )


class FilterController(Controller):
    """Saved filters."""

    path = "/v1/filters"
    tags = ("desk",)

    @get(operation_id="listFilters", summary="My saved filters", responses=raises(Unauthenticated, Forbidden))
    async def mine(self, *, actor: Caller, work: Work) -> Filters:
        """List your saved filters by name."""
        require_kind(actor, ActorKind.STAFF, ActorKind.CLIENT)
        async with work.read(actor) as tx:
            return Filters([FilterView.of(one) for one in await filters.of_owner(tx.conn, actor.id)])

    @post(
        operation_id="saveFilter",
        summary="Save a filter",
        responses=raises(*REFUSED, Forbidden, FilterNameTaken, TooManyFilters),
    )
    async def save(self, *, data: JSONBody[SaveFilter], actor: Caller, work: Work) -> Response[FilterView]:
        """Keep conditions under a name, for yourself alone."""
        require_kind(actor, ActorKind.STAFF, ActorKind.CLIENT)
        check(actor, work.part(City), data.conditions())

        async def keep(tx: Transaction) -> FilterView:
            return FilterView.of(await filters.save(tx, data.name, data.conditions()))

        return await work.once(actor, keep, status=201)

    @delete(
        "/{filter_id:uuid}",
        operation_id="deleteFilter",
        summary="Delete a saved filter",
        responses=raises(Unauthenticated, NotFound, Forbidden),
    )
    async def remove(self, *, filter_id: FromPath[UUID], actor: Caller, work: Work) -> None:
        """Delete one of your saved filters."""
        require_kind(actor, ActorKind.STAFF, ActorKind.CLIENT)

        async def forget(tx: Transaction) -> None:
            await filters.delete(tx, filter_id)

        await work.once(actor, forget, status=204)
