"""The sections of a summary: each app registers its own in `apps.py: ready()`, `reports` runs them in order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps


@dataclass(frozen=True)
class Section:
    """One part of a summary.

    `gather(period)` reads the database and returns plain JSON data (dicts, lists, strings, numbers as strings);
    `lay_out(data)` turns that data into blocks of `lib.documents` and reads nothing else, so that the same snapshot
    always gives the same document. An `Annex` among the blocks goes to the end of the document; a section that gives
    nothing but annexes has no heading in the body, one that gives nothing at all is left out.
    """

    name: str
    title: str
    order: int
    kinds: frozenset[str]
    gather: Callable[[object], dict]
    lay_out: Callable[[dict], list]


_sections: dict[str, Section] = {}
_answers: ContextVar[dict | None] = ContextVar("answers of one reading", default=None)


def register(*sections: Section) -> None:
    _sections.update({section.name: section for section in sections})


def sections_of(kind: str) -> list[Section]:
    return sorted((s for s in _sections.values() if kind in s.kinds), key=lambda section: section.order)


@contextmanager
def one_reading() -> Iterator[None]:
    """Within it the data stands still (one repeatable-read transaction), so no question need be asked twice."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def asked_once(read: Callable) -> Callable:
    """`read(period)` for several sections: asked of the database once in a reading, every time outside of one."""

    @wraps(read)
    def answer(period):
        answers = _answers.get()
        if answers is None:
            return read(period)
        if (read, period.pk) not in answers:
            answers[read, period.pk] = read(period)
        return answers[read, period.pk]

    return answer
