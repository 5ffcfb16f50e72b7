"""The parts of a city's gateway in memory that keep accounts and points."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

import msgspec

from citizen_bots.conversation import Position, Refused
from citizen_gateway_sdk import models

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
M = TypeVar("M", bound=msgspec.Struct)


def full(model: type[M], **given: object) -> M:
    """Make a model of the SDK's, null where nothing is given."""
    return model(**(dict.fromkeys(model.__struct_fields__) | given))


class FakeAccount:
    """Consent, a copy, being forgotten, and links."""

    def __init__(self) -> None:
        super().__init__()
        self.agreed: dict[str, bool] = {}
        self.erased: set[str] = set()
        self.linked: list[str] = []

    async def consents(self) -> list[models.Consent]:
        """Return what was said last."""
        return [
            models.Consent(at=NOW, given=given, policy="privacy", version=version)
            for version, given in self.agreed.items()
        ]

    async def consent(self, version: str, key: str, *, given: bool) -> None:
        """Take consent."""
        assert key
        self.agreed[version] = given

    async def export(self) -> models.PersonalData:
        """Return a copy."""
        reports = [{"title": f"Report {number}", "photos": [], "rated": True} for number in range(25)]
        return models.PersonalData(citizen_id=UUID(int=1), data={"reports": reports, "locale": "en"}, exported_at=NOW)

    async def erase(self, key: str) -> None:
        """Forget."""
        self.erased.add(key)

    async def make_link_code(self, key: str) -> models.LinkCode:
        """Make the one code there is."""
        assert key
        return models.LinkCode(code="7K3F-Q29X", expires_at=NOW + timedelta(minutes=10))

    async def link(self, code: str, key: str) -> None:
        """Join, by the one code there is."""
        assert key
        if code != "7K3F-Q29X":
            raise Refused("link_code_unknown", "This code does not work.")
        self.linked.append(code)


class FakeVolunteering:
    """Points, one reward and one task."""

    def __init__(self) -> None:
        super().__init__()
        self.has = 120
        self.nickname = ""
        self.redeemed: dict[str, models.Redemption] = {}
        self.attendance: models.Attendance | None = None
        self.checked: list[tuple[Position, bool]] = []
        self.soap = full(
            models.Reward, id=UUID(int=7), title="Soap", description="", merchant="Shop", price=100, remaining=3
        )

    async def points(self) -> models.Points:
        """Return what there is."""
        soon = models.Expiring(amount=20, at=NOW)
        return full(models.Points, available=self.has, reserved=120 - self.has, next_to_expire=soon)

    async def rewards(self, limit: int) -> list[models.Reward]:
        """Return soap."""
        return [self.soap][:limit]

    async def reward(self, reward: UUID) -> models.Reward:
        """Return soap."""
        assert reward == self.soap.id
        return self.soap

    async def redeem(self, reward: UUID, key: str) -> models.Redemption:
        """Reserve soap, once for each key."""
        if key in self.redeemed:
            return self.redeemed[key]
        if self.has < self.soap.price:
            raise Refused("not_enough_points", "You have too few points.")
        self.has -= self.soap.price
        made = full(
            models.Redemption,
            id=uuid5(reward, key),
            code="RC-77",
            merchant="Shop",
            title="Soap",
            state=models.RedemptionState.RESERVED,
            valid_until=NOW,
        )
        return self.redeemed.setdefault(key, made)

    async def redemptions(self, limit: int) -> list[models.Redemption]:
        """Return what was reserved."""
        return list(self.redeemed.values())[:limit]

    async def give_back(self, redemption: UUID, key: str) -> None:
        """Give soap back."""
        assert key
        (name,) = (name for name, one in self.redeemed.items() if one.id == redemption)
        del self.redeemed[name]
        self.has += self.soap.price

    async def tasks(self, limit: int) -> list[models.Task]:
        """Return the one task."""
        return [await self.task(UUID(int=9))][:limit]

    async def task(self, task: UUID) -> models.Task:
        """Return it, with one's part."""
        return full(
            models.Task,
            id=task,
            title="Sweep",
            description="",
            place="Gongsan Street",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=2),
            capacity=5,
            taken=1,
            points_per_hour=10,
            mine=self.attendance,
        )

    async def enrol(self, nickname: str, key: str) -> None:
        """Take a name."""
        assert key
        self.nickname = nickname

    async def sign_up(self, task: UUID, key: str) -> models.Attendance:
        """Take a place; who has no name is refused."""
        assert task
        assert key
        if not self.nickname:
            raise Refused("not_a_volunteer", "Make a profile first.")
        self.attendance = full(models.Attendance, state=models.AttendanceState.SIGNED_UP, minutes=0, reason="")
        return self.attendance

    async def check(self, task: UUID, position: Position, key: str, *, leaving: bool) -> models.Attendance:
        """Note where somebody was."""
        assert task
        assert key
        self.checked.append((position, leaving))
        state = models.AttendanceState.LEFT if leaving else models.AttendanceState.PRESENT
        self.attendance = full(models.Attendance, state=state, minutes=0, reason="")
        return self.attendance
