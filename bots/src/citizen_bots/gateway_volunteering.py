"""Points, rewards and tasks, over the SDK."""

from uuid import UUID

from citizen_bots.asking import Asking
from citizen_bots.conversation.turns import Position
from citizen_gateway_sdk import models


class VolunteeringCalls(Asking):
    """Implements `conversation.port.Volunteering`."""

    async def points(self) -> models.Points:
        """Return what the citizen has."""
        return await self.ask(lambda sdk: sdk.points.get())

    async def rewards(self, limit: int) -> list[models.Reward]:
        """Return what points buy."""
        return (await self.ask(lambda sdk: sdk.rewards.list(limit=limit).first_page())).items

    async def reward(self, reward: UUID) -> models.Reward:
        """Return one of these."""
        return await self.ask(lambda sdk: sdk.rewards.get(reward))

    async def redeem(self, reward: UUID, key: str) -> models.Redemption:
        """Reserve a piece."""
        return await self.ask(lambda sdk: sdk.rewards.redeem(reward, idempotency_key=key))

    async def redemptions(self, limit: int) -> list[models.Redemption]:
        """Return what the citizen redeemed."""
        return (await self.ask(lambda sdk: sdk.redemptions.list(limit=limit).first_page())).items

    async def give_back(self, redemption: UUID, key: str) -> None:
        """Give a piece up."""
        await self.ask(lambda sdk: sdk.redemptions.cancel(redemption, idempotency_key=key))

    async def tasks(self, limit: int) -> list[models.Task]:
        """Return what there is to help with."""
        return (await self.ask(lambda sdk: sdk.tasks.list(limit=limit).first_page())).items

    async def task(self, task: UUID) -> models.Task:
        """Return one of these."""
        return await self.ask(lambda sdk: sdk.tasks.get(task))

    async def enrol(self, nickname: str, key: str) -> None:
        """Become a volunteer."""
        await self.ask(lambda sdk: sdk.volunteers.save(nickname, idempotency_key=key))

    async def sign_up(self, task: UUID, key: str) -> models.Attendance:
        """Take a place in a task."""
        return await self.ask(lambda sdk: sdk.tasks.sign_up(task, idempotency_key=key))

    async def check(self, task: UUID, position: Position, key: str, *, leaving: bool) -> models.Attendance:
        """Check in, or out."""
        at = models.Position(lat=position.lat, lon=position.lon, datum=position.datum)
        if leaving:
            return await self.ask(lambda sdk: sdk.tasks.check_out(task, at, idempotency_key=key))
        return await self.ask(lambda sdk: sdk.tasks.check_in(task, at, idempotency_key=key))
