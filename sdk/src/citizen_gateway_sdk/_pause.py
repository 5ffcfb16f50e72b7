"""The pause between attempts, for either colour of function."""

import time


async def async_pause(seconds: float) -> None:
    """Let others run for a while."""
    import asyncio  # noqa: PLC0415 - whoever only uses the synchronous client never loads it

    await asyncio.sleep(seconds)


def sync_pause(seconds: float) -> None:
    """Sleep."""
    time.sleep(seconds)
