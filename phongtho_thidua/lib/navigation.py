"""The rail: each app registers its entries in `apps.py: ready()`, so that no page imports upward."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Value


@dataclass(frozen=True)
class Entry:
    """One entry of the rail. `waiting(user)` are the rows that wait for this person, None to show no number.

    `holds(request)` claims a page whose address stands elsewhere: a report opened from the queue belongs to the queue.
    """

    url_name: str
    label: str
    short: str
    icon: str
    order: int
    shown_to: Callable[[object], bool]
    waiting: Callable[[object], QuerySet] | None = None
    holds: Callable[[object], bool] | None = None


_entries: list[Entry] = []


def register(*entries: Entry) -> None:
    _entries.extend(entry for entry in entries if entry not in _entries)
    _entries.sort(key=lambda entry: entry.order)


def entries_for(user) -> list[Entry]:
    return [entry for entry in _entries if entry.shown_to(user)]


def counted(questions: dict[str, QuerySet]) -> dict[str, int]:
    """How many rows each of `questions` has, all in one query: every page asks for six numbers and more."""
    counts = [
        rows.order_by().annotate(question=Value(name)).values_list("question").annotate(count=Count("pk"))
        for name, rows in questions.items()
    ]
    found = dict(counts[0].union(*counts[1:], all=True)) if counts else {}
    return {name: found.get(name, 0) for name in questions}
