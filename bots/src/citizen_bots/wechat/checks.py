"""WeChat's content checks (version 2): texts at once, media later; until then they are pending.

Source: developers.weixin.qq.com, msgSecCheck and mediaCheckAsync. The citizen must have used the mini-program within
two hours. A text has 2,500 characters at most.
"""

from enum import StrEnum

import redis.asyncio as redis

from citizen_bots.host.store import text_of
from citizen_bots.wechat.client import WeChatApi
from citizen_bots.wechat.messages import Fields

_VERSION = 2
_SCENE = 3  # forum
_IMAGE = 2
_TEXT_SIGNS = 2_500
_KEPT_S = 86_400


class Verdict(StrEnum):
    """What a check says."""

    PASS = "pass"  # noqa: S105 - WeChat's word, and no password
    REVIEW = "review"
    RISKY = "risky"
    PENDING = "pending"
    UNKNOWN = "unknown"


class ContentChecks:
    """Asks WeChat, and remembers what it says later."""

    def __init__(self, api: WeChatApi, valkey: redis.Redis) -> None:
        self._api = api
        self._valkey = valkey

    async def text(self, openid: str, text: str) -> Verdict:
        """Check a text; a long one in pieces, of which the worst counts. Raises `ApiRefused` and `ApiAway`."""
        verdicts = [
            await self._piece(openid, text[start : start + _TEXT_SIGNS]) for start in range(0, len(text), _TEXT_SIGNS)
        ]
        order = [Verdict.PASS, Verdict.REVIEW, Verdict.RISKY]
        return max(verdicts, key=order.index, default=Verdict.PASS)

    async def _piece(self, openid: str, text: str) -> Verdict:
        body = {"version": _VERSION, "openid": openid, "scene": _SCENE, "content": text}
        answer = await self._api.call("/wxa/msg_sec_check", body)
        return _verdict(str((answer.get("result") or {}).get("suggest", "")))

    async def image(self, openid: str, url: str) -> str:
        """Have an image checked; return the name under which the verdict is asked for. Raises as `text` does."""
        body = {"version": _VERSION, "openid": openid, "scene": _SCENE, "media_type": _IMAGE, "media_url": url}
        answer = await self._api.call("/wxa/media_check_async", body)
        trace = str(answer["trace_id"])
        await self._valkey.set(_key(trace), Verdict.PENDING.value, ex=_KEPT_S, nx=True)
        return trace

    async def verdict(self, trace: str) -> Verdict:
        """Return what is known of an image by now."""
        kept = await self._valkey.get(_key(trace))
        return Verdict(text_of(kept)) if kept else Verdict.UNKNOWN


async def keep_verdict(valkey: redis.Redis, fields: Fields) -> None:
    """Keep what WeChat's event says about an image; it may come before we know its name."""
    trace = fields.text("trace_id")
    results = [fields.text("suggest"), *(one.text("suggest") for one in fields.each("result"))]
    said = next(filter(None, results), "")
    if trace:
        await valkey.set(_key(trace), _verdict(said).value, ex=_KEPT_S)


def _verdict(said: str) -> Verdict:
    """Return a verdict; a word that is not known calls for a person."""
    return Verdict(said) if said in {Verdict.PASS, Verdict.REVIEW, Verdict.RISKY} else Verdict.REVIEW


def _key(trace: str) -> str:
    return f"{{bots}}:wechat:check:{trace}"
