#!/usr/bin/env python3
"""A case goes from 12345 to 110: the first acceptor answers for it until the other has signed (首接负责).

CITIZEN_GATEWAY_URL=https://… HOTLINE_KEY=cgk_… POLICE_KEY=cgk_… python handover.py

Both keys have the scope handovers; the hotline's also reports:write, and each speaks for its own channel.
"""

import os

from citizen_gateway_sdk import Channel, Gateway, errors, models


def offer(hotline: Gateway, report: models.Receipt, reason: str) -> models.Handover:
    """Offer a case to the police; one that is offered already stays as it is."""
    try:
        return hotline.handovers.offer(report.report_id, to=Channel.POLICE_110, reason=reason)
    except errors.HandoverOpen:
        (pending,) = (
            one
            for one in hotline.handovers.list(direction="outgoing", state=models.HandoverState.OFFERED)
            if one.report_id == report.report_id
        )
        return pending


def sign(police: Gateway, number_of: dict[str, str]) -> list[models.Handover]:
    """Sign for every case that waits, each under our own number for it; return what is ours now."""
    waiting = police.handovers.list(direction="incoming", state=models.HandoverState.OFFERED)
    return [
        police.handovers.sign(one.id, external_ref=number_of[one.case.ticket_number])
        for one in waiting
        if one.case.ticket_number in number_of
    ]


def main(hotline: Gateway, police: Gateway) -> None:
    """Play both sides."""
    report = hotline.reports.submit("有人在路口打架，请警察来", place="二七区工三街", external_ref="H-20261122-7")
    offered = offer(hotline, report, "治安警情")
    print("answers for it:", offered.responsible)
    for signed in sign(police, {report.ticket.number: "JQ-0042"}):
        print("answers for it:", signed.responsible, "as", signed.receiver.external_ref)


if __name__ == "__main__":
    with Gateway(token=os.environ["HOTLINE_KEY"]) as one_side:
        main(one_side, one_side.with_options(token=os.environ["POLICE_KEY"]))
