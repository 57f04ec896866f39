"""Who stands before whom in a cluster, and why. Pure: no database.

Neither plan nor law says how equal points are told apart; the order of `TIE_BREAKS` is our own and waits for the
council's word (docs/adr/0012-clusters.md). Units that no rule tells apart share a place; the next place is left out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import format_number, sort_key


@dataclass(frozen=True)
class Entrant:
    """A unit with its recognised points. `core` are the points of criteria of section III alone, without bonus."""

    unit_id: int
    name: str
    total: Decimal
    core: Decimal
    minus: Decimal
    in_time: bool  # accepted, and first handed in before the deadline
    handed_in_at: datetime | None  # for the first time


@dataclass(frozen=True)
class Place:
    """`path` are the sentences of every comparison that decided this place, in their order."""

    entrant: Entrant
    place: int
    path: tuple[str, ...]


@dataclass(frozen=True)
class TieBreak:
    """One comparison: the smaller `key` stands first, `words` says what was compared."""

    name: str
    key: Callable[[Entrant], object]
    words: Callable[[Entrant], str]


def _handed_in(entrant: Entrant) -> str:
    moment = entrant.handed_in_at
    return f"{clock.local(moment):%H:%M:%S ngày %d/%m/%Y}" if moment else "chưa nộp"


def _moment_key(entrant: Entrant) -> tuple[bool, float]:
    moment = entrant.handed_in_at
    return (moment is None, moment.timestamp() if moment else 0.0)


# How units with the same total are told apart, in this order.
TIE_BREAKS = (
    TieBreak(
        "Điểm các tiêu chí hạ tầng và tiết kiệm, không kể điểm thưởng",
        lambda e: -e.core,
        lambda e: format_number(e.core),
    ),
    TieBreak("Ít điểm trừ hơn", lambda e: e.minus, lambda e: format_number(e.minus)),
    TieBreak(
        "Báo cáo được chấp nhận và nộp đúng hạn",
        lambda e: not e.in_time,
        lambda e: "đúng hạn" if e.in_time else "không",
    ),
    TieBreak("Nộp báo cáo lần đầu sớm hơn", _moment_key, _handed_in),
)


def rank(entrants: Iterable[Entrant]) -> list[Place]:
    """Everybody's place, best first. The order of `entrants` has no say: units that share a place come by name."""
    places: list[Place] = []
    for group, path in _in_groups(entrants):
        place = len(places) + 1
        places += [Place(one, place, path + _shared(group, place)) for one in group]
    return places


def _in_groups(entrants: Iterable[Entrant]) -> Iterator[tuple[list[Entrant], tuple[str, ...]]]:
    named = sorted(entrants, key=lambda e: (-e.total, sort_key(e.name), e.unit_id))
    for total, group in groupby(named, key=lambda e: e.total):
        yield from _told_apart(list(group), TIE_BREAKS, (f"Tổng điểm: {format_number(total)}.",))


def _told_apart(group: list[Entrant], rules: tuple[TieBreak, ...], path: tuple[str, ...]) -> Iterator[tuple]:
    """The parts of `group` that no rule tells apart, best first, each with what was compared to get there."""
    if len(group) == 1 or not rules:
        yield group, path
        return
    rule, *rest = rules
    path = (*path, _compared(rule, group))
    for _, part in groupby(sorted(group, key=rule.key), key=rule.key):
        yield from _told_apart(list(part), tuple(rest), path)


def _compared(rule: TieBreak, group: list[Entrant]) -> str:
    return f"{rule.name}: {'; '.join(f'{one.name} {rule.words(one)}' for one in group)}."


def _shared(group: list[Entrant], place: int) -> tuple[str, ...]:
    if len(group) == 1:
        return ()
    return (f"Các bước xét đều ngang nhau: {', '.join(one.name for one in group)} cùng xếp thứ {place}.",)
