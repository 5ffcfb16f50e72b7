"""`citizen-bots fake-wechat`."""

import click
import msgspec

from citizen_bots.serving.server import serve_app
from citizen_bots.wechat.fake.app import ACCOUNT
from citizen_bots.wechat.fake.platform import Account


@click.command("fake-wechat")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, default=8090, show_default=True, help="Port to listen on.")
@click.option("--callback", required=True, help="Where the bots take WeChat's calls: http://…/wechat.")
@click.option("--token", required=True, help="As the bots' --wechat-token.")
@click.option("--aes-key", default="", help="As the bots' --wechat-aes-key; none: plain mode.")
@click.option("--app-id", default="wx0123456789abcdef", show_default=True, help="As the bots' --wechat-app-id.")
@click.option("--secret", default="secret", show_default=True, help="As the bots' --wechat-secret.")
@click.option("--patience", type=float, default=5.0, show_default=True, help="Seconds an answer is waited for.")
def fake_wechat(*, host: str, port: int, patience: float, **given: str) -> None:
    """Play WeChat: its API for the bots, and people whose messages are delivered to them.

    Have somebody write by POST /fake/say with {"from": "o-li", "text": "…"}; see their chat at /fake/chat?from=o-li.
    """
    account = Account(patience_s=patience, **given)
    environment = {ACCOUNT: msgspec.json.encode(account).decode()}
    serve_app("citizen_bots.wechat.fake.app:create_app", (host, port), environment)
