"""Quiet hours: when nothing is sent unasked."""

from datetime import datetime, timedelta

from citizen_bots.conversation.naming import CHINA


def not_before(now: datetime, first: int, last: int) -> datetime:
    """Return the first moment from `now` on that is outside the hours from `first` to `last`, in China's time.

    The same hour twice is no quiet at all.
    """
    here = now.astimezone(CHINA)
    quiet = first <= here.hour < last if first <= last else here.hour >= first or here.hour < last
    if not quiet or first == last:
        return now
    end = here.replace(hour=last, minute=0, second=0, microsecond=0)
    return end if end > here else end + timedelta(days=1)
