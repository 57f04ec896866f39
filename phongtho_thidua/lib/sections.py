"""The sections of a summary: each app registers its own in `apps.py: ready()`, `reports` runs them in order."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """One part of a summary.

    `gather(period)` reads the database and returns plain JSON data (dicts, lists, strings, numbers as strings);
    `lay_out(data)` turns that data into blocks of `lib.documents` and reads nothing else, so that the same snapshot
    always gives the same document.
    """

    name: str
    title: str
    order: int
    kinds: frozenset[str]
    gather: Callable[[object], dict]
    lay_out: Callable[[dict], list]


_sections: dict[str, Section] = {}


def register(*sections: Section) -> None:
    _sections.update({section.name: section for section in sections})


def sections_of(kind: str) -> list[Section]:
    return sorted((s for s in _sections.values() if kind in s.kinds), key=lambda section: section.order)
