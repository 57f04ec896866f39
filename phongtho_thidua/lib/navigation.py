"""The rail: each app registers its entries in `apps.py: ready()`, so that no page imports upward."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One entry of the rail. `count(user)` is the work waiting for this person, None to show no number."""

    url_name: str
    label: str
    short: str
    icon: str
    order: int
    shown_to: Callable[[object], bool]
    count: Callable[[object], int] | None = None


_entries: list[Entry] = []


def register(*entries: Entry) -> None:
    _entries.extend(entry for entry in entries if entry not in _entries)
    _entries.sort(key=lambda entry: entry.order)


def entries_for(user) -> list[Entry]:
    return [entry for entry in _entries if entry.shown_to(user)]
