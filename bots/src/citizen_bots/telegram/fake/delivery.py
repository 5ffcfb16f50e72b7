"""The webhook's deliveries: in order, each again until it is answered 2xx."""

import asyncio

import httpx2

from citizen_bots.telegram.fake.platform import Platform

_AGAIN_S = 0.3
_PATIENCE_S = 30.0


async def deliver(platform: Platform, http: httpx2.AsyncClient) -> None:
    """Deliver what happens while there is a webhook, until cancelled."""
    while True:
        await platform.news.wait()
        if not platform.webhook["url"]:
            await asyncio.sleep(_AGAIN_S)
        elif not platform.pending:
            platform.news.clear()
        elif await _post(platform, http):
            platform.pending.pop(0)
        else:
            await asyncio.sleep(_AGAIN_S)


async def _post(platform: Platform, http: httpx2.AsyncClient) -> bool:
    hook = platform.webhook
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]} if hook["secret_token"] else {}
    try:
        answer = await http.post(hook["url"], json=platform.pending[0], headers=headers, timeout=_PATIENCE_S)
    except httpx2.RequestError:
        platform.last_error = "Connection refused"
        return False
    platform.last_error = "" if answer.is_success else f"Wrong response from the webhook: {answer.status_code}"
    return answer.is_success
