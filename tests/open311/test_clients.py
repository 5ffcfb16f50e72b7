"""A client made by others, unmodified, against the running gateway."""

import pytest
from georeport import GeoReport

from citizen_gateway.cli.running import Running
from citizen_gateway_sdk import Gateway as Client


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_services_and_requests(api: Client, live: Running, form: str) -> None:
    """`georeport` from PyPI, in both formats."""
    citizen = api.with_options(token=api.sessions.sign_in_citizen("walker").token)
    citizen.reports.submit("公园门口的路灯不亮", place="紫荆山公园", category="501")
    citizen.reports.submit("人行道上的井盖有点响", place="紫荆山公园", category="502")
    client = GeoReport(f"{live.url}/open311/v2", jurisdiction="zhengzhou", output_format=form)
    services = client.get_service_list()
    assert len(services) == 74
    assert client.get_service_definition("501")["service_code"] == "501"
    listed = client.get_service_requests(service_code="501,502", status="open")
    assert {one["service_code"] for one in listed} >= {"501", "502"}
    one = client.get_service_request(listed[0]["service_request_id"])
    assert one["service_request_id"] == listed[0]["service_request_id"]
    assert one["address"]
