"""The one clock. Business time is asked here and judged in Vietnam; nothing else calls `datetime.now`."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The present moment, aware, in Vietnam time.

    With `SAMPLE_DATE` set (a demonstration) the date is that one and only the time of day runs on,
    so that sample deadlines stay where the sample data puts them.
    """
    if held := _held.get():
        return held
    moment = machine_now()
    if settings.SAMPLE_DATE is None:
        return moment
    return datetime.combine(settings.SAMPLE_DATE, moment.timetz())


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Business time stands at `moment` inside the block: sample data is made through the same deeds as real data."""
    token = _held.set(moment.astimezone(VIETNAM))
    try:
        yield
    finally:
        _held.reset(token)


def machine_now() -> datetime:
    """The machine's own time, for leases and heartbeats: a sample date must not stop them."""
    return timezone.now().astimezone(VIETNAM)


def today() -> date:
    return now().date()


def local(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), VIETNAM)


def after_working_days(start: date, count: int, holidays: frozenset[date] = frozenset()) -> date:
    """The `count`-th working day after `start`."""
    later = (start + timedelta(n) for n in itertools.count(1))
    working = (day for day in later if day.weekday() < 5 and day not in holidays)
    return next(itertools.islice(working, count - 1, None))


def working_days_between(start: date, end: date, holidays: frozenset[date] = frozenset()) -> int:
    """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start, holidays)
    days = (start + timedelta(n) for n in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 and day not in holidays for day in days)
