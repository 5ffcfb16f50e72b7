"""The client: what a partner's program holds."""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self, Unpack

import httpx2

from citizen_gateway_sdk._async.city import AsyncAreas, AsyncCategories
from citizen_gateway_sdk._async.clients import AsyncClients
from citizen_gateway_sdk._async.desk import AsyncDesk
from citizen_gateway_sdk._async.dispatch import AsyncDispatch
from citizen_gateway_sdk._async.events import AsyncEvents
from citizen_gateway_sdk._async.follow_ups import AsyncFollowUps
from citizen_gateway_sdk._async.handovers import AsyncHandovers
from citizen_gateway_sdk._async.health import AsyncHealth
from citizen_gateway_sdk._async.insights import AsyncInsights
from citizen_gateway_sdk._async.me import AsyncMe
from citizen_gateway_sdk._async.photos import AsyncPhotos
from citizen_gateway_sdk._async.points import AsyncPoints
from citizen_gateway_sdk._async.ratings import AsyncRatings
from citizen_gateway_sdk._async.reports import AsyncReports
from citizen_gateway_sdk._async.rewards import AsyncMerchants, AsyncRedemptions, AsyncRewards
from citizen_gateway_sdk._async.sandbox import AsyncSandbox
from citizen_gateway_sdk._async.sessions import AsyncSessions
from citizen_gateway_sdk._async.staff import AsyncStaff
from citizen_gateway_sdk._async.tasks import AsyncTasks
from citizen_gateway_sdk._async.tickets import AsyncTickets
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._async.volunteers import AsyncCertificates, AsyncGroups, AsyncVolunteers
from citizen_gateway_sdk._async.webhooks import AsyncWebhooks
from citizen_gateway_sdk._settings import ClientOptions, changed, settings_of


class AsyncGateway:
    """A city's citizen gateway.

    `base_url` and the credential come from the environment where they are not given (`CITIZEN_GATEWAY_URL`,
    `CITIZEN_GATEWAY_TOKEN`); the other options are those of `ClientOptions`. Give a `transport` to change how requests
    travel, or your own `http_client` to have its proxies, certificates and pool; the latter stays yours to close.
    Close the client with `aclose`, or use it as a context manager. One client may be used by many at once.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        http_client: httpx2.AsyncClient | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        if transport is not None and http_client is not None:
            raise ValueError("give a transport or an http_client, not both")
        settings = settings_of(base_url, options)
        pool = _new_http_client(transport) if http_client is None else http_client
        self._owned = pool if http_client is None else None
        self._bind(AsyncTransport(pool, settings))

    def _bind(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.sessions = AsyncSessions(transport)
        self.photos = AsyncPhotos(transport)
        self.reports = AsyncReports(transport)
        self.tickets = AsyncTickets(transport)
        self.ratings = AsyncRatings(transport)
        self.follow_ups = AsyncFollowUps(transport)
        self.desk = AsyncDesk(transport)
        self.staff = AsyncStaff(transport)
        self.me = AsyncMe(transport)
        self.events = AsyncEvents(transport)
        self.webhooks = AsyncWebhooks(transport)
        self.clients = AsyncClients(transport)
        self.sandbox = AsyncSandbox(transport)
        self.categories = AsyncCategories(transport)
        self.areas = AsyncAreas(transport)
        self.points = AsyncPoints(transport)
        self.volunteers = AsyncVolunteers(transport)
        self.groups = AsyncGroups(transport)
        self.certificates = AsyncCertificates(transport)
        self.tasks = AsyncTasks(transport)
        self.rewards = AsyncRewards(transport)
        self.redemptions = AsyncRedemptions(transport)
        self.merchants = AsyncMerchants(transport)
        self.insights = AsyncInsights(transport)
        self.handovers = AsyncHandovers(transport)
        self.dispatch = AsyncDispatch(transport)
        self.health = AsyncHealth(transport)

    @property
    def base_url(self) -> str:
        """Where the gateway is."""
        return self._transport.settings.base_url

    def with_options(self, **options: Unpack[ClientOptions]) -> Self:
        """Return a client that differs in these options and shares the connections of this one.

        The connections stay those of the first client: closing it closes them for all, closing another does nothing.
        """
        other = object.__new__(type(self))
        other._owned = None
        other._bind(self._transport.with_settings(changed(self._transport.settings, options)))
        return other

    async def aclose(self) -> None:
        """Close the connections, unless they belong to another client."""
        if self._owned is not None:
            await self._owned.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"


def _new_http_client(transport: httpx2.AsyncBaseTransport | None) -> httpx2.AsyncClient:
    """Make a pool that keeps no cookies, since clients of different people share it."""
    return httpx2.AsyncClient(
        transport=transport,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        limits=httpx2.Limits(max_connections=100, max_keepalive_connections=100),
    )
