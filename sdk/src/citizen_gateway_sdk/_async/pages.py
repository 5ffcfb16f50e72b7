"""Lists that fetch their pages as they are read."""

from collections.abc import AsyncIterator, Mapping
from typing import Generic, TypeVar
from uuid import UUID

from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import Operation, ReadOptions
from citizen_gateway_sdk._model import Page

T = TypeVar("T")


class AsyncPages(Generic[T]):
    """The items of a list, fetched page by page as they are read.

    `async for item in …` goes through all items, `async for page in ….pages()` through the pages, and
    `await ….first_page()` fetches one: its `next_cursor`, given to the same method later, continues behind it.
    Nothing is fetched before it is read, and each iteration begins anew.
    """

    def __init__(
        self,
        transport: AsyncTransport,
        operation: Operation[Page[T]],
        options: ReadOptions,
        query: dict[str, object],
        *,
        path: Mapping[str, str | UUID] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> None:
        self._transport = transport
        self._operation = operation
        self._options = options
        self._query = query
        self._path = path or {}
        self._headers = headers or {}

    async def first_page(self) -> Page[T]:
        """Fetch the first page: at most `limit` items, and the cursor of what follows."""
        return await self._page(self._query)

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Go through the pages."""
        page = await self.first_page()
        yield page
        while page.next_cursor is not None:
            page = await self._page(self._query | {"cursor": page.next_cursor})
            yield page

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    async def _page(self, query: dict[str, object]) -> Page[T]:
        return await self._transport.send(
            self._operation, self._options, path=self._path, query=query, headers=self._headers
        )
