"""Seeing what became of reports."""

from uuid import UUID

import msgspec

from citizen_gateway_sdk import TicketState

from .chat import Chat, FakeGateway


async def _reported(chat: Chat, *texts: str) -> list[UUID]:
    for text in texts:
        await chat.write(text, "send")
    return list(chat.gateway.tickets)


async def test_reports_are_listed_newest_first(chat: Chat) -> None:
    """Each report is a choice with its number, title and state."""
    await _reported(chat, "Light", "Rubbish")
    await chat.write("my reports")
    assert chat.labels(chat.replies[0]) == [
        "[ZZ-20261122-7K3F01-9 Rubbish (assigned)]",
        "[ZZ-20261122-7K3F00-9 Light (assigned)]",
    ]


async def test_a_long_list_goes_on(chat: Chat) -> None:
    """Further reports are a choice away."""
    await _reported(chat, *(f"Matter {number}" for number in range(7)))
    await chat.write("my reports")
    assert "Matter 1" not in chat.text
    await chat.press("Earlier ones")
    assert "Matter 1" in chat.text
    assert "Earlier ones" not in chat.text


async def test_a_report_shows_its_ticket_and_timeline(chat: Chat) -> None:
    """The timeline is in words and in the city's time; what is newer than the bots is shown by its own word."""
    await _reported(chat, "Light")
    await chat.write("my reports", "1")
    assert "Handled by: City management" in chat.text
    assert "2026-11-22 09:30  The report arrived" in chat.text
    assert "2026-11-22 09:30  Given to the department" in chat.text
    assert "ticket.blessed" in chat.text
    assert "Rate the result" not in chat.text


async def test_a_ticket_is_found_by_its_number(chat: Chat, gateway: FakeGateway) -> None:
    """Writing a number as it was copied shows its ticket, and lets its reporter rate it."""
    (report,) = await _reported(chat, "Light")
    gateway.settle(report)
    answer = await chat.write(" zz-20261122-7k3f00-9 ")
    assert "Reply: Lit again." in answer
    assert "[Rate the result]" in answer


async def test_an_unknown_state_is_shown_by_its_own_word(chat: Chat, gateway: FakeGateway) -> None:
    """A state newer than the bots does not stop them."""
    (report,) = await _reported(chat, "Light")
    gateway.tickets[report] = msgspec.structs.replace(gateway.tickets[report], state=TicketState("under_review"))
    assert "(under_review)" in await chat.write("my reports")
