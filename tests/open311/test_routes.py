"""GeoReport v2 over HTTP, in both formats."""

import asyncio
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from citizen_gateway.platform.actor import Role, Scope
from tests.gateway import DEPARTMENT, Gateway, Person, photo
from tests.open311.conftest import LAMP, Send, refused, tree


class TestDiscovery:
    """Where the endpoints are."""

    async def test_both_formats_name_two_endpoints(self, ask: Send) -> None:
        """Production and test, each in XML and JSON; no charset in the media type."""
        json, xml = await ask("/discovery.json"), await ask("/discovery.xml")
        assert json.headers["content-type"] == "application/json"
        assert xml.headers["content-type"] == "text/xml"
        told = json.json()
        assert [endpoint["type"] for endpoint in told["endpoints"]] == ["production", "test"]
        assert all(endpoint["formats"] == ["text/xml", "application/json"] for endpoint in told["endpoints"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["changeset"])
        assert told["contact"]
        assert told["key_service"]
        assert xml.content.count(b"<endpoint>") == 2
        assert xml.content.count(b"<format>") == 4

    async def test_is_found_beside_the_services_too(self, ask: Send) -> None:
        """Some clients look below the endpoint."""
        assert (await ask("/v2/discovery.json")).json() == (await ask("/discovery.json")).json()


class TestServices:
    """The directory and what services ask."""

    async def test_list_is_bare_in_json(self, ask: Send) -> None:
        """Every category is a service; `metadata` is a real boolean."""
        services = (await ask("/v2/services.json")).json()
        assert len(services) == 74
        lamp = next(one for one in services if one["service_code"] == "501")
        assert lamp["metadata"] is True
        assert lamp["type"] == "realtime"
        assert lamp["service_name"] == "Street light fault"

    async def test_list_in_xml(self, ask: Send) -> None:
        """The same under `services` and `service`."""
        root = tree(await ask("/v2/services.xml", jurisdiction_id="zhengzhou"))
        assert root.tag == "services"
        assert len(root.findall("service")) == 74
        assert {one.findtext("metadata") for one in root} == {"true", "false"}

    async def test_definition(self, ask: Send) -> None:
        """Attributes in order, with real booleans and numbers and the choices of lists."""
        told = (await ask("/v2/services/501.json")).json()
        assert told["service_code"] == "501"
        assert [one["order"] for one in told["attributes"]] == [1, 2]
        assert told["attributes"][1]["values"][0] == {"key": "dark", "name": "Dark"}
        root = tree(await ask("/v2/services/501.xml"))
        assert root.tag == "service_definition"
        assert root.findtext("attributes/attribute/variable") == "true"
        assert root.findtext("attributes/attribute[2]/values/value/key") == "dark"

    async def test_definition_of_a_service_that_asks_nothing(self, ask: Send) -> None:
        """It is empty."""
        assert (await ask("/v2/services/101.json")).json() == {"service_code": "101", "attributes": []}


class TestFiling:
    """Filing requests."""

    async def test_becomes_a_report_with_a_ticket(self, ask: Send, file: Send) -> None:
        """The answer is a list of one id; the request is then there, with all its members."""
        made = await file(**LAMP, first_name="Li", email="li@example.org", jurisdiction_id="zhengzhou")
        assert made.status_code == 201
        (created,) = made.json()
        assert set(created) == {"service_request_id", "service_notice", "account_id"}
        (shown,) = (await ask(f"/v2/requests/{created['service_request_id']}.json")).json()
        assert shown["status"] == "open"
        assert shown["service_code"] == "501"
        assert (shown["lat"], shown["long"]) == (34.72, 113.64)
        assert shown["address"]
        assert shown["agency_responsible"] or shown["agency_responsible"] is None

    async def test_in_xml(self, file: Send) -> None:
        """The id stands below `service_requests` and `request`."""
        root = tree(await file("/v2/requests.xml", **LAMP))
        assert root.tag == "service_requests"
        assert root.findtext("request/service_request_id")

    async def test_attributes_are_said_in_the_words_too(self, ask: Send, file: Send, partner: Person) -> None:
        """Handlers read them; the client sees them as extensions."""
        form = LAMP | {"service_code": "502", "attribute[state][]": ["broken", "noisy"]}
        (created,) = (await file(**form)).json()
        found = await ask(
            f"/v2/requests/{created['service_request_id']}.json", api_key=partner.token, extensions="true"
        )
        (shown,) = found.json()
        assert "破损, 异响" in shown["description"]
        assert shown["extended_attributes"]["attributes"] == [{"code": "state", "values": ["broken", "noisy"]}]

    async def test_photos_come_along(self, ask: Send, file: Send, gateway: Gateway, partner: Person) -> None:
        """A file named `media` becomes a photo that its client gets back by an address nobody can guess."""
        (created,) = (await file(files={"media": ("a.jpg", photo(), "image/jpeg")}, **LAMP)).json()
        path = f"/v2/requests/{created['service_request_id']}.json"
        (own,) = (await ask(path, api_key=partner.token)).json()
        picture = await gateway.http.get(own["media_url"])
        assert picture.headers["content-type"] == "image/jpeg"
        (others,) = (await ask(path)).json()
        assert others["media_url"] is None
        assert (await gateway.http.get(own["media_url"][:-6] + "A.jpg")).status_code == 404

    async def test_batch_services_answer_with_a_token(self, ask: Send, file: Send) -> None:
        """The token then names the request."""
        (created,) = (await file(**(LAMP | {"service_code": "F02", "description": "怎么办居住证"}))).json()
        assert "service_request_id" not in created
        (known,) = (await ask(f"/v2/tokens/{created['token']}.json")).json()
        assert known["token"] == created["token"]
        assert known["service_request_id"]

    async def test_repeated_under_one_key_is_filed_once(self, gateway: Gateway, partner: Person) -> None:
        """Clients may send an Idempotency-Key, as everywhere here."""
        headers = {"Idempotency-Key": uuid4().hex}
        data = LAMP | {"api_key": partner.token}
        before = await gateway.census()
        twice = [await gateway.http.post("/open311/v2/requests.json", data=data, headers=headers) for _ in range(2)]
        assert twice[0].json() == twice[1].json()
        assert (await gateway.census())["report"] == before["report"] + 1


class TestTestEndpoint:
    """The second endpoint, for trying things."""

    async def test_what_is_filed_there_stays_there(self, gateway: Gateway, ask: Send, file: Send) -> None:
        """By a client of the sandbox; the city's own requests are not seen there."""
        administrator = await gateway.staff(Role.ADMINISTRATOR)
        body = {"name": uuid4().hex, "scopes": ["reports:write"], "channel": "partner", "sandbox": True}
        key = (await administrator.post("/v1/clients", body)).json()["key"]["token"]
        before = await gateway.census()
        made = await file("/test/v2/requests.json", **(LAMP | {"api_key": key}))
        assert made.status_code == 201
        assert await gateway.census() == before
        path = f"/requests/{made.json()[0]['service_request_id']}.json"
        assert (await ask(f"/test/v2{path}")).status_code == 200
        refused(await ask(f"/v2{path}"), 404)
        real = (await file(**LAMP)).json()[0]["service_request_id"]
        refused(await ask(f"/test/v2/requests/{real}.json"), 404)
        refused(await file(**(LAMP | {"api_key": key})), 403)
        refused(await file("/test/v2/requests.json", **LAMP), 403)


class TestPrivacy:
    """What strangers see."""

    async def test_strangers_see_public_matters_without_personal_data(self, ask: Send, file: Send) -> None:
        """The phone number in the words is hidden."""
        (created,) = (await file(**LAMP)).json()
        (shown,) = (await ask(f"/v2/requests/{created['service_request_id']}.json")).json()
        assert "13800138000" not in shown["description"]
        assert "路灯不亮" in shown["description"]

    async def test_private_matters_are_for_whoever_filed_them(self, ask: Send, file: Send, partner: Person) -> None:
        """A question about a person's own affairs is not listed."""
        form = LAMP | {"service_code": "705", "description": "开发商一直不给办房产证"}
        (created,) = (await file(**form)).json()
        path = f"/v2/requests/{created['service_request_id']}.json"
        refused(await ask(path), 404)
        assert (await ask(path, api_key=partner.token)).status_code == 200


class TestQuestions:
    """Listing requests."""

    async def test_filters(self, ask: Send, file: Send) -> None:
        """By ids, service, status, time and page."""
        ids = [(await file(**LAMP)).json()[0]["service_request_id"] for _ in range(3)]
        by_id = (await ask("/v2/requests.json", service_request_id=",".join(ids[:2]))).json()
        assert {one["service_request_id"] for one in by_id} == set(ids[:2])
        pages = [
            [one["service_request_id"] for one in (await ask("/v2/requests.json", page=n, page_size=2)).json()]
            for n in (1, 2)
        ]
        assert pages[0] == [ids[2], ids[1]]
        assert pages[1][0] == ids[0]
        assert (await ask("/v2/requests.json", service_code="501,502", status="closed", page_size=1)).json() == []
        assert (await ask("/v2/requests.json", end_date="2020-01-01T00:00:00Z")).json() == []

    async def test_empty_parameters_count_as_absent(self, ask: Send, file: Send) -> None:
        """As some clients send all they know."""
        await file(**LAMP)
        answer = await ask(
            "/v2/requests.json", service_code="", status="", start_date="", jurisdiction_id="", page_size=1
        )
        assert len(answer.json()) == 1

    async def test_updated_after_finds_what_changed(
        self, ask: Send, file: Send, gateway: Gateway, center: Person
    ) -> None:
        """An old request with news, and none without."""
        (old,) = (await file(**LAMP)).json()
        (quiet,) = (await file(**LAMP)).json()
        gateway.clock.advance(timedelta(minutes=5))
        since = gateway.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        gateway.clock.advance(timedelta(minutes=1))
        number = await _number(gateway, old["service_request_id"])
        assert (await center.act(number, "assign", {"department": DEPARTMENT, "reason": "近"})).status_code == 200
        found = {one["service_request_id"] for one in (await ask("/v2/requests.json", updated_after=since)).json()}
        assert old["service_request_id"] in found
        assert quiet["service_request_id"] not in found


class TestUpdates:
    """`servicerequestupdates`."""

    async def test_tell_a_request_s_way(self, ask: Send, file: Send, gateway: Gateway, center: Person) -> None:
        """Each public event, with the finer status."""
        (created,) = (await file(**LAMP)).json()
        identity = created["service_request_id"]
        number = await _number(gateway, identity)
        await center.act(number, "assign", {"department": DEPARTMENT, "reason": "近"})
        handler = await gateway.staff(Role.HANDLER, DEPARTMENT)
        await handler.act(number, "accept")
        await handler.act(number, "resolve", {"reply": "已修好"})
        told = (await ask("/v2/servicerequestupdates.json", service_request_id=identity)).json()
        assert [one["status"] for one in told] == ["open", "open", "investigating", "fixed"]
        assert told[-1]["description"] == "已修好"
        root = tree(await ask("/v2/servicerequestupdates.xml", service_request_id=identity))
        assert root.tag == "service_request_updates"
        assert len(root.findall("request_update/update_id")) == 4
        (shown,) = (await ask(f"/v2/requests/{identity}.json")).json()
        assert (shown["status"], shown["status_notes"]) == ("closed", "已修好")

    async def test_clients_add_words_once(self, ask: Send, file: Send) -> None:
        """The same update_id, also at the same moment, is one update."""
        (created,) = (await file(**LAMP)).json()
        form = {"service_request_id": created["service_request_id"], "update_id": "7", "description": "又坏了一盏"}
        told = await asyncio.gather(*[file("/v2/servicerequestupdates.json", **form) for _ in range(4)])
        assert len({one.json()[0]["update_id"] for one in told}) == 1
        shown = (await ask("/v2/servicerequestupdates.json", service_request_id=created["service_request_id"])).json()
        assert [one["status"] for one in shown].count("unchanged") == 1
        assert "又坏了一盏" not in str(shown)


async def _number(gateway: Gateway, report: str) -> str:
    async with gateway.parts.pool.acquire() as conn:
        return str(
            await conn.fetchval(
                "select t.number from ticket t join report r on r.ticket_id = t.id where r.id = $1", report
            )
        )


class TestRefusals:
    """Bad calls: their code in their format, and nothing stored."""

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"api_key": ""}, 403),
            ({"api_key": "cgk_nobody"}, 403),
            ({"jurisdiction_id": "elsewhere"}, 404),
            ({"service_code": "999"}, 404),
            ({"service_code": ""}, 400),
            ({"lat": "", "long": ""}, 400),
            ({"lat": "34.72", "long": ""}, 400),
            ({"lat": "north"}, 400),
            ({"lat": "nan"}, 400),
            ({"lat": "1.0", "long": "1.0"}, 400),
            ({"attribute[colour]": "red"}, 400),
            ({"attribute[fault]": "purple"}, 400),
            ({"attribute[fault]": ["dark", "flicker"]}, 400),
            ({"service_code": "402", "attribute[plates]": "many"}, 400),
            ({"service_code": "402", "attribute[since]": "yesterday"}, 400),
            ({"service_code": "601"}, 400),
            ({"description": "x" * 4001}, 400),
            ({"description": "a\x00b"}, 400),
        ],
    )
    async def test_filing(self, file: Send, gateway: Gateway, change: dict[str, object], code: int) -> None:
        """Each says why."""
        before = await gateway.census()
        assert refused(await file(**(LAMP | change)), code)
        assert await gateway.census() == before

    async def test_a_file_that_is_no_photo(self, file: Send, gateway: Gateway) -> None:
        """It is refused with the request."""
        before = await gateway.census()
        refused(await file(files={"media": ("a.jpg", b"not a photo", "image/jpeg")}, **LAMP), 400)
        assert await gateway.census() == before

    async def test_a_key_without_the_scope(self, file: Send, gateway: Gateway) -> None:
        """It is a key, but does not open this."""
        reader = await gateway.partner(Scope.REPORTS_READ)
        refused(await file(**(LAMP | {"api_key": reader.token})), 403)

    async def test_a_citizen_s_session_is_no_key(self, file: Send, citizen: Person) -> None:
        """Keys are for partners."""
        refused(await file(**(LAMP | {"api_key": citizen.token})), 403)

    async def test_bodies_that_are_no_forms(self, gateway: Gateway) -> None:
        """XML with entities that grow is never parsed."""
        bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">]><a>&a;&a;</a>'
        answer = await gateway.http.post(
            "/open311/v2/requests.xml", content=bomb, headers={"Content-Type": "text/xml", "Accept-Language": "en"}
        )
        assert answer.status_code == 400
        assert tree(answer).findtext("error/code") == "400"

    @pytest.mark.parametrize(
        ("path", "parameters", "code"),
        [
            ("/v2/services.json", {"jurisdiction_id": "elsewhere"}, 404),
            ("/v2/services/999.json", {}, 404),
            ("/v2/requests/1.json", {}, 404),
            ("/v2/requests/01890000-0000-7000-8000-000000000000.json", {}, 404),
            ("/v2/tokens/none.json", {}, 404),
            ("/v2/colours.json", {}, 404),
            ("/v2/colours/1.json", {}, 404),
            ("/v2/requests.json", {"service_code": "999"}, 404),
            ("/v2/requests.json", {"status": "lost"}, 400),
            ("/v2/requests.json", {"start_date": "soon"}, 400),
            ("/v2/requests.json", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400),
            ("/v2/requests.json", {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400),
            ("/v2/requests.json", {"page": "0"}, 400),
            ("/v2/requests.json", {"page_size": "1001"}, 400),
            ("/v2/requests.json", {"page_size": "٣"}, 400),
            ("/v2/requests.json", {"extensions": "maybe"}, 400),
            ("/v2/requests.json", {"service_request_id": ",".join(["1"] * 10_000)}, 400),
            ("/v2/requests.json", {"api_key": "cgk_nobody"}, 403),
            ("/v2/servicerequestupdates.json", {"service_request_id": "1"}, 404),
        ],
    )
    async def test_reading(self, ask: Send, path: str, parameters: dict[str, str], code: int) -> None:
        """Each says why."""
        assert refused(await ask(path, **parameters), code)

    async def test_unknown_formats(self, ask: Send) -> None:
        """They are no addresses of ours; told in XML, which every client reads."""
        answer = await ask("/v2/services.yaml")
        assert answer.status_code == 404
        assert tree(answer).findtext("error/code") == "404"

    async def test_another_s_request_takes_no_words(self, file: Send, gateway: Gateway) -> None:
        """Nor does an update_id serve two requests."""
        first, second = [(await file(**LAMP)).json()[0]["service_request_id"] for _ in range(2)]
        stranger = await gateway.partner(Scope.REPORTS_WRITE)
        form = {"update_id": uuid4().hex, "description": "好了"}
        path = "/v2/servicerequestupdates.json"
        refused(await file(path, **form, service_request_id=first, api_key=stranger.token), 404)
        assert (await file(path, **form, service_request_id=first)).status_code == 201
        refused(await file(path, **form, service_request_id=second), 400)
        refused(await file(path, update_id="9", service_request_id=first), 400)
