"""Tickets in the stages from which actions start, over HTTP."""

import pytest

from tests.gateway import UNCLEAR, Json, Person


@pytest.fixture
async def assigned(citizen: Person) -> str:
    """Give the number of a ticket that waits to be signed for."""
    return str((await citizen.report())["ticket"]["number"])


@pytest.fixture
async def begun(assigned: str, handler: Person) -> str:
    """Give the number of a ticket on which work has begun."""
    await handler.done(assigned, "accept")
    await handler.done(assigned, "start")
    return assigned


@pytest.fixture
async def settled(begun: str, handler: Person) -> str:
    """Give the number of a ticket that was resolved."""
    await handler.done(begun, "resolve", {"reply": "已清理"})
    return begun


@pytest.fixture
async def pending(citizen: Person) -> str:
    """Give the number of a ticket that nobody has."""
    return str((await citizen.report(UNCLEAR))["ticket"]["number"])


async def told(person: Person, number: str) -> list[Json]:
    """Return what happened to a ticket, as this person may read it."""
    answer = await person.get(f"/v1/tickets/{number}/timeline")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def types(person: Person, number: str) -> list[str]:
    """Return the types of what happened, without their common beginning."""
    return [item["type"].removeprefix("ticket.") for item in await told(person, number)]


async def shown(person: Person, number: str) -> Json:
    """Return the ticket as this person sees it."""
    answer = await person.get(f"/v1/tickets/{number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
