"""WeChat under load: messages at a rate, each timed until its answer."""

import asyncio
import time

import httpx2

from citizen_bots.bench.figures import Figures, figures_of, moments
from citizen_bots.wechat.fake.delivery import message_xml, signed
from citizen_bots.wechat.fake.platform import Account


async def load(url: str, token: str, rate: int, seconds: float) -> Figures:
    """Send messages of ever new citizens at a rate, answered or not, and time the answers."""
    account = Account(app_id="", secret="", token=token)  # plain mode: the cipher's cost is a bench of its own
    times: list[float] = []
    failed = 0
    limits = httpx2.Limits(max_connections=256, max_keepalive_connections=256)
    async with httpx2.AsyncClient(limits=limits, timeout=10.0) as http:

        async def one(number: int, due: float) -> None:
            nonlocal failed
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            told = {"MsgType": "text", "Content": "help", "MsgId": str(time.time_ns())}
            head = {"FromUserName": f"bench-{number}", "CreateTime": str(int(time.time()))}
            query, body = signed(account, None, head["CreateTime"], message_xml(account, head | told))
            try:
                answer = await http.post(url, params=query, content=body.encode())
            except httpx2.RequestError:
                failed += 1
                return
            if answer.status_code == 200 and answer.content != b"success":
                times.append(time.perf_counter() - due)
            else:
                failed += 1

        began = time.perf_counter()
        await asyncio.gather(*(one(number, began + at) for number, at in enumerate(moments(rate, seconds))))
        took = time.perf_counter() - began
    return figures_of(int(rate * seconds), times, failed, took)
