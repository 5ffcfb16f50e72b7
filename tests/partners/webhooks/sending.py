"""What tests of sending do again and again."""

from citizen_gateway.partners.webhooks.dispatch import Dispatcher
from tests.gateway import Json, Person, all_told
from tests.partners.webhooks.receiver import Receiver

HOOKS = "/v1/webhooks"


async def hook(client: Person, receiver: Receiver, **more: object) -> str:
    """Add a webhook and return its id."""
    answer = await client.post(HOOKS, {"url": receiver.url} | more)
    assert answer.status_code == 201, answer.text
    receiver.secrets.append(answer.json()["secret"])
    return str(answer.json()["webhook"]["id"])


async def deliver(dispatcher: Dispatcher) -> None:
    """Do all that is due by now."""
    await all_told(dispatcher._pool)
    while await dispatcher.step():
        await dispatcher.settle()


async def deliveries(client: Person, webhook: str, **query: object) -> list[Json]:
    """Return the log of an endpoint, newest first."""
    return list((await client.get(f"{HOOKS}/{webhook}/deliveries", params={"limit": 100} | query)).json()["items"])


async def happen(citizen: Person, count: int = 1) -> list[str]:
    """Let things happen to so many tickets, and return their numbers."""
    return [str((await citizen.report("垃圾堆积无人清理"))["ticket"]["number"]) for _ in range(count)]
