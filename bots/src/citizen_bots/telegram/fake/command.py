"""`citizen-bots fake-telegram`."""

import click

from citizen_bots.serving.server import serve_app
from citizen_bots.telegram.fake.app import TOKEN


@click.command("fake-telegram")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, default=8091, show_default=True, help="Port to listen on.")
@click.option("--token", required=True, help="As the bots' --telegram-token.")
def fake_telegram(*, host: str, port: int, token: str) -> None:
    """Play Telegram: its Bot API for the bots, and people whose messages are delivered to them.

    Have somebody write by POST /fake/say with {"from": 7, "text": "…"}; see their chat at /fake/chat?from=7.
    """
    serve_app("citizen_bots.telegram.fake.app:create_app", (host, port), {TOKEN: token})
