"""Following with the SDK against a real gateway that is restarted meanwhile."""

from concurrent.futures import ThreadPoolExecutor

from citizen_gateway.cli.running import Running
from citizen_gateway_sdk import Gateway, GatewayError, events


def test_a_follower_survives_restarts_of_both_sides(live: Running, api: Gateway) -> None:
    """HTTP ends and comes back, and the follower itself too, by the last cursor it kept: no event is missing."""
    citizen = api.with_options(token=api.sessions.sign_in_citizen("faithful").token, max_retries=10)
    serve = next(process for process in live.processes if process.name == "serve")
    seen: list[str] = []

    def follow(cursor: str, count: int) -> str:
        for event in citizen.events.follow(cursor, types=["ticket.opened"]):
            assert isinstance(event, events.TicketOpened)
            seen.append(event.ticket)
            if len(seen) == count:
                return event.cursor or ""
        raise AssertionError("a feed has no end")

    start = citizen.events.list("latest").cursor
    with ThreadPoolExecutor() as threads:
        following = threads.submit(follow, start, 2)
        filed = [_report(citizen)]
        serve.stop()
        serve.start()
        _until_ready(api)
        filed.append(_report(citizen))
        kept = following.result(60)
    filed += [_report(citizen), _report(citizen)]
    follow(kept, 4)
    assert seen == filed


def _report(citizen: Gateway) -> str:
    return citizen.reports.submit("这里的路灯不亮").ticket.number


def _until_ready(api: Gateway) -> None:
    for _ in range(300):
        try:
            if api.with_options(max_retries=0).health.ready().ready:
                return
        except GatewayError:
            api._transport.pause(0.1)
    raise AssertionError("the gateway did not come back")
