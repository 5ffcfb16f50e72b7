#!/usr/bin/env python3
"""File one report and say who handles it.

CITIZEN_GATEWAY_URL=https://… CITIZEN_GATEWAY_TOKEN=cgk_… python report.py 路灯不亮 二七区工三街
"""

import sys

from citizen_gateway_sdk import Gateway


def main(gateway: Gateway, text: str, place: str) -> None:
    """File it."""
    receipt = gateway.reports.submit(text, place=place)
    print(receipt.ticket.number, receipt.ticket.state, receipt.ticket.department)


if __name__ == "__main__":
    with Gateway() as opened:
        main(opened, *sys.argv[1:3])
