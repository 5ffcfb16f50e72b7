"""Tasks over HTTP: posted, signed up for, attended at the place, approved."""

import asyncio
from datetime import timedelta

import pytest

from citizen_gateway.platform.actor import Role, Scope
from tests.gateway import SPOT, Gateway, Json, Person
from tests.points.town import FAR, attend, code_of, points_of, post_task, volunteer


async def state_of(person: Person, task: Json) -> str | None:
    """Return how far somebody's part in a task is."""
    mine = (await person.get(f"/v1/tasks/{task['id']}")).json()["mine"]
    return mine["state"] if mine else None


class TestPost:
    """Posting."""

    async def test_by_a_partner_whose_key_may(self, gateway: Gateway) -> None:
        """It is listed, also by what it needs, with the city's fence and points."""
        partner = await gateway.partner(Scope.POINTS_TASKS)
        starts = gateway.clock() + timedelta(days=1)
        task = {"title": "教老人用手机", "place": "社区中心", "position": SPOT, "capacity": 3, "skills": ["手机教学"]}
        task |= {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
        posted = (await partner.post("/v1/tasks", task)).json()
        assert (posted["radius_m"], posted["points_per_hour"]) == (300, 10)
        found = (await partner.get("/v1/tasks", params={"skill": "手机教学"})).json()["items"]
        assert posted["id"] in {one["id"] for one in found}
        assert [one["id"] for one in (await partner.get("/v1/tasks/organized")).json()["items"]] == [posted["id"]]

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"ends_at": "2026-11-22T09:00:00Z"}, "bad_period"),
            ({"ends_at": "2099-11-24T09:00:00Z"}, "task_too_long"),
            ({"points_per_hour": 21}, "too_many_points"),
            ({"points_per_hour": -1}, "invalid_request"),
            ({"capacity": 0}, "invalid_request"),
            ({"position": {"lat": 39.9, "lon": 116.4, "datum": "wgs84"}}, "outside_city"),
        ],
    )
    async def test_what_is_no_task(self, gateway: Gateway, center: Person, wrong: Json, code: str) -> None:
        """Each has its problem, and nothing is kept."""
        starts = gateway.clock() + timedelta(days=1)
        task: Json = {"title": "x", "place": "x", "position": SPOT, "capacity": 3}
        task |= {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
        before = await gateway.census()
        assert (await center.post("/v1/tasks", task | wrong)).json()["code"] == code
        assert await gateway.census() == before

    async def test_not_by_everybody(self, gateway: Gateway, citizen: Person) -> None:
        """Neither a citizen nor a partner without the scope."""
        starts = gateway.clock() + timedelta(days=1)
        task: Json = {"title": "x", "place": "x", "position": SPOT, "capacity": 3}
        task |= {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
        assert (await citizen.post("/v1/tasks", task)).json()["code"] == "role_missing"
        partner = await gateway.partner(Scope.REPORTS_READ)
        assert (await partner.post("/v1/tasks", task)).json()["code"] == "scope_missing"


class TestSignUp:
    """Places, and the line for them."""

    async def test_whoever_waits_gets_the_place_of_who_leaves(self, gateway: Gateway) -> None:
        """In the order in which they came; signing up again keeps one's place."""
        _, task = await post_task(gateway, capacity=1)
        people = [await volunteer(gateway) for _ in range(3)]
        path = f"/v1/tasks/{task['id']}"
        states = [(await one.post(f"{path}/sign-up")).json()["state"] for one in (*people, people[1])]
        assert states == ["signed_up", "waiting", "waiting", "waiting"]
        assert (await people[0].post(f"{path}/withdrawal")).json()["state"] == "withdrawn"
        assert [await state_of(one, task) for one in people] == [None, "signed_up", "waiting"]
        assert (await people[0].post(f"{path}/sign-up")).json()["state"] == "waiting"
        shown = (await people[0].get(path)).json()
        assert (shown["taken"], shown["waiting"]) == (1, 2)
        assert [one["id"] for one in (await people[1].get("/v1/tasks/attended")).json()["items"]] == [task["id"]]

    async def test_many_at_once_never_take_more_places_than_there_are(self, gateway: Gateway) -> None:
        """Of eight who press at once, three get a place."""
        _, task = await post_task(gateway, capacity=3)
        people = [await volunteer(gateway) for _ in range(8)]
        answers = await asyncio.gather(*(one.post(f"/v1/tasks/{task['id']}/sign-up") for one in people))
        assert sorted(answer.json()["state"] for answer in answers) == ["signed_up"] * 3 + ["waiting"] * 5

    async def test_needs_a_profile_and_a_task_that_is_not_over(self, gateway: Gateway, citizen: Person) -> None:
        """Each is its own problem."""
        organizer, task = await post_task(gateway)
        path = f"/v1/tasks/{task['id']}"
        assert (await citizen.post(f"{path}/sign-up")).json()["code"] == "not_a_volunteer"
        person = await volunteer(gateway)
        assert (await person.post(f"{path}/withdrawal")).json()["code"] == "not_signed_up"
        other = await gateway.staff(Role.LEAD)
        assert (await other.post(f"{path}/cancellation")).json()["code"] == "not_your_task"
        assert (await organizer.post(f"{path}/cancellation")).json()["cancelled"] is True
        assert (await person.post(f"{path}/sign-up")).json()["code"] == "task_over"


class TestPresence:
    """Checking in and out."""

    async def test_hours_are_those_at_the_place_and_in_the_time(self, gateway: Gateway) -> None:
        """Early arrival and late leaving do not count."""
        _, task = await post_task(gateway)
        person = await volunteer(gateway)
        await attend(gateway, person, task, timedelta(hours=2, minutes=20))
        mine = (await person.get(f"/v1/tasks/{task['id']}")).json()["mine"]
        assert (mine["state"], mine["minutes"]) == ("left", 119)

    async def test_refused_it_changes_nothing(self, gateway: Gateway) -> None:
        """From five kilometres away, before the time, the day after, twice: each its problem."""
        _, task = await post_task(gateway)
        person = await volunteer(gateway)
        path = f"/v1/tasks/{task['id']}"
        here, far = {"position": SPOT}, {"position": FAR}
        assert (await person.post(f"{path}/check-in", here)).json()["code"] == "not_signed_up"
        await person.post(f"{path}/sign-up")
        assert (await person.post(f"{path}/check-out", here)).json()["code"] == "not_checked_in"
        before = await gateway.census()
        answer = (await person.post(f"{path}/check-in", far | {"device": "phone-0001"})).json()
        assert answer["code"] == "too_far_from_task"
        assert 4800 < answer["extra"]["distance_m"] < 5200
        assert await gateway.census() == before
        assert await state_of(person, task) == "signed_up"
        assert (await person.post(f"{path}/check-in", here)).status_code == 200
        assert (await person.post(f"{path}/check-in", here)).json()["code"] == "already_checked_in"
        assert (await person.post(f"{path}/withdrawal")).json()["code"] == "too_late_to_withdraw"
        assert (await person.post(f"{path}/check-out", far)).json()["code"] == "too_far_from_task"
        gateway.clock.advance(timedelta(minutes=60))
        assert (await person.post(f"{path}/check-out", here)).status_code == 200
        assert (await person.post(f"{path}/check-out", here)).json()["code"] == "not_checked_in"

    async def test_yesterdays_task_cannot_be_attended_today(self, gateway: Gateway) -> None:
        """Neither before its time nor after it."""
        later = gateway.clock() + timedelta(hours=5)
        _, early = await post_task(
            gateway, starts_at=later.isoformat(), ends_at=(later + timedelta(hours=1)).isoformat()
        )
        _, task = await post_task(gateway)
        person = await volunteer(gateway)
        for one in (early, task):
            await person.post(f"/v1/tasks/{one['id']}/sign-up")
        refused = await person.post(f"/v1/tasks/{early['id']}/check-in", {"position": SPOT})
        assert refused.json()["code"] == "outside_task_time"
        await person.post(f"/v1/tasks/{task['id']}/check-in", {"position": SPOT})
        gateway.clock.advance(timedelta(days=1))
        late = await person.post(f"/v1/tasks/{task['id']}/check-out", {"position": SPOT})
        assert late.json()["code"] == "outside_task_time"
        assert (await person.post(f"/v1/tasks/{early['id']}/check-in", {"position": SPOT})).json()[
            "code"
        ] == "task_over"

    async def test_nobody_is_in_two_places(self, gateway: Gateway) -> None:
        """Who is at one task cannot check in at another."""
        tasks = [(await post_task(gateway))[1] for _ in range(2)]
        person = await volunteer(gateway)
        for task in tasks:
            await person.post(f"/v1/tasks/{task['id']}/sign-up")
        first, second = [await person.post(f"/v1/tasks/{task['id']}/check-in", {"position": SPOT}) for task in tasks]
        assert (first.status_code, second.json()["code"]) == (200, "already_checked_in")


class TestApproval:
    """Hours become points."""

    async def test_by_the_organizer_once(self, gateway: Gateway) -> None:
        """Ten an hour, at the day's cap of fifty at most; deciding again is refused."""
        organizer, task = await post_task(gateway)
        person = await volunteer(gateway)
        await attend(gateway, person, task, timedelta(minutes=90))
        path = f"/v1/tasks/{task['id']}/helpers/{await code_of(person)}"
        too_many = await organizer.post(f"{path}/approval", {"minutes": 95})
        assert too_many.json()["code"] == "too_many_minutes"
        approved = await organizer.post(f"{path}/approval", {})
        assert (approved.json()["state"], approved.json()["minutes"]) == ("approved", 90)
        assert (await points_of(person))["balance"] == 15
        before = await gateway.census()
        assert (await organizer.post(f"{path}/approval", {})).json()["code"] == "attendance_not_decidable"
        assert (await organizer.post(f"{path}/refusal", {"reason": "x"})).json()["code"] == "attendance_not_decidable"
        assert await gateway.census() == before

    async def test_fewer_minutes_or_none(self, gateway: Gateway) -> None:
        """With a reason that the volunteer reads."""
        organizer, task = await post_task(gateway)
        people = [await volunteer(gateway) for _ in range(2)]
        for person in people:
            await person.post(f"/v1/tasks/{task['id']}/sign-up")
        gateway.clock.advance(timedelta(minutes=10))
        for step, wait in (("check-in", 60), ("check-out", 0)):
            for person in people:
                await person.post(f"/v1/tasks/{task['id']}/{step}", {"position": SPOT})
            gateway.clock.advance(timedelta(minutes=wait))
        codes = [await code_of(person) for person in people]
        listed = (await organizer.get(f"/v1/tasks/{task['id']}/helpers")).json()["items"]
        assert [one["code"] for one in listed] == codes
        path = f"/v1/tasks/{task['id']}/helpers"
        await organizer.post(f"{path}/{codes[0]}/approval", {"minutes": 30})
        await organizer.post(f"{path}/{codes[1]}/refusal", {"reason": "提前离开"})
        assert [(await points_of(person))["balance"] for person in people] == [5, 0]
        assert (await people[1].get(f"/v1/tasks/{task['id']}")).json()["mine"]["reason"] == "提前离开"

    async def test_nobody_approves_their_own(self, gateway: Gateway) -> None:
        """An organizer who helps needs a center to say so."""
        organizer, task = await post_task(gateway)
        await organizer.call("PUT", "/v1/volunteers/me", json={"nickname": "o"})
        await attend(gateway, organizer, task)
        path = f"/v1/tasks/{task['id']}/helpers/{await code_of(organizer)}/approval"
        assert (await organizer.post(path, {})).json()["code"] == "second_person_needed"
        stranger = await gateway.staff(Role.LEAD)
        assert (await stranger.post(path, {})).json()["code"] == "not_your_task"
        other = await gateway.staff(Role.CENTER)
        assert (await other.post(path.replace(path.split("/")[-2], "22222"), {})).json()["code"] == "unknown_volunteer"
        assert (await other.post(path, {})).json()["state"] == "approved"
