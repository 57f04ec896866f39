"""What waits for a person: each app registers who asks what of whom, the home page puts it in one list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Group(StrEnum):
    TODO = "todo"  # this person must act
    WAITING = "waiting"  # another office has it
    DONE = "done"  # finished lately


@dataclass(frozen=True)
class Item:
    """One row of the home page: when, what and why, and one button."""

    group: Group
    what: str
    why: str
    url: str
    day: date | None = None
    button: str = ""
    tone: str = "idle"
    status: str = ""
    day_note: str = ""


@dataclass(frozen=True)
class Panel:
    """A block at the side of the home page."""

    template: str
    data: dict = field(default_factory=dict)


_items: list[Callable[[object], Iterable[Item]]] = []
_panels: list[Callable[[object], Iterable[Panel]]] = []


def register_items(source: Callable[[object], Iterable[Item]]) -> None:
    if source not in _items:
        _items.append(source)


def register_panels(source: Callable[[object], Iterable[Panel]]) -> None:
    if source not in _panels:
        _panels.append(source)


def items_for(user) -> list[Item]:
    """Everything of this person, nearest date first; undated rows last."""
    found = [item for source in _items for item in source(user)]
    return sorted(found, key=lambda item: (item.day is None, item.day or date.max))


def panels_for(user) -> list[Panel]:
    return [panel for source in _panels for panel in source(user)]
