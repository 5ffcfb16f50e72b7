"""Complaints of very different kinds, each through its whole life, over HTTP and through the SDK."""

import io
from collections import Counter
from itertools import pairwise

import pytest
from rich.console import Console

from citizen_gateway.cli.preparing import pack_folder
from citizen_gateway.cli.running import Running
from citizen_gateway.cli.stories import Story, read_stories
from citizen_gateway.cli.story import play
from citizen_gateway.platform.settings import Settings
from citizen_gateway_sdk import Gateway, errors, models

STORIES = read_stories(pack_folder(Settings()))
WHOLE_LIFE = ["assigned", "accepted", "in_progress", "resolved", "closed"]


@pytest.mark.parametrize("story", STORIES, ids=[f"story{number}" for number in range(1, len(STORIES) + 1)])
def test_each_story_of_the_city_ends_rated_and_closed(live: Running, story: Story) -> None:
    """A complaint becomes a ticket at a department, is handled, and is rated; sure ones without anybody's look."""
    told = play(live, Console(file=io.StringIO()), story)
    assert [state for state in told.states if state != "pending"] == WHOLE_LIFE
    assert told.department
    assert told.rating == 5


def test_most_stories_need_nobody_to_dispatch_them(api: Gateway) -> None:
    """Where the category is sure and one duty rule fits, the ticket is with its department at once."""
    citizen = api.with_options(token=api.sessions.sign_in_citizen("walker").token)
    states = Counter()
    for story in STORIES:
        receipt = citizen.reports.submit(story.text, position=position_of(story), place=story.place)
        states[receipt.ticket.state.value] += 1
    assert states["assigned"] >= len(STORIES) // 2, states


def position_of(story: Story) -> models.Position | None:
    """Return where a story happened."""
    if story.lat is None or story.lon is None:
        return None
    return models.Position(lat=story.lat, lon=story.lon, datum=models.Datum.WGS84)


def test_a_citizen_lists_their_reports_page_by_page(api: Gateway) -> None:
    """Pages iterate themselves, newest first, each report once."""
    citizen = api.with_options(token=api.sessions.sign_in_citizen("lister").token)
    filed = [citizen.reports.submit(f"第{number}个井盖破损").report_id for number in range(5)]
    listed = [report.id for report in citizen.reports.list(limit=2)]
    assert listed == filed[::-1]
    assert all(newer > older for newer, older in pairwise(listed))


def test_the_receipt_opens_the_ticket_without_signing_in(api: Gateway) -> None:
    """Number and secret are enough to watch a ticket; the number alone is not."""
    citizen = api.with_options(token=api.sessions.sign_in_citizen("passer-by").token)
    receipt = citizen.reports.submit("小区门口垃圾桶满了没人清")
    assert api.tickets.get(receipt.ticket.number, secret=receipt.secret).number == receipt.ticket.number
    assert next(iter(api.tickets.timeline(receipt.ticket.number, secret=receipt.secret))).type == "ticket.opened"
    with pytest.raises(errors.NotFound):
        api.tickets.get(receipt.ticket.number, secret="2222-2222-2222-2222")
    stranger = api.with_options(token=api.sessions.sign_in_citizen("stranger").token)
    with pytest.raises(errors.NotFound):
        stranger.tickets.get(receipt.ticket.number)
