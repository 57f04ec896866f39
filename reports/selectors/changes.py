"""What changed in a report: between two editions as they were frozen, or since an office asked. Word by word."""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

from criteria.models import Criterion, Indicator
from reports.models import AnnualReport, Entry, Figure, ReportVersion
from reports.selectors.names import name_of

MOST_WORDS = 1_500  # beyond, the words are not compared one by one: matching takes the square of their number
_WORD = re.compile(r"\S+\s*")


class Mark(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    mark: Mark
    text: str


@dataclass(frozen=True)
class Change:
    """One answer, `before` and `now` as a person reads it; `pieces` is both in one text, marked."""

    name: str
    title: str
    before: str
    now: str

    @property
    def pieces(self) -> list[Piece]:
        return word_marks(self.before, self.now)

    @property
    def is_text(self) -> bool:
        """Whether it is long enough for its words to be compared; figures stand whole beside each other."""
        return min(len(self.before), len(self.now)) > 60


def word_marks(before: str, now: str) -> list[Piece]:
    """`now` with the words that went and the words that came; joined without GONE it is `now`, without NEW `before`."""
    old, new = (_WORD.findall(f"{text} ") for text in (before, now))  # so that no two words touch
    if len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        return _pieces((Mark.GONE, before), (Mark.NEW, now))
    bare_old, bare_new = [word.rstrip() for word in old], [word.rstrip() for word in new]
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, bare_old, bare_new, autojunk=False).get_opcodes():
        gone, came = "".join(old[a:b]), "".join(new[c:d])
        found += [(Mark.SAME, came)] if kind == "equal" else [(Mark.GONE, gone), (Mark.NEW, came)]
    return _pieces(*found)


def _pieces(*found) -> list[Piece]:
    return [Piece(mark, text) for mark, text in found if text]


def changes_between(report: AnnualReport, old: ReportVersion, new: ReportVersion) -> list[Change]:
    """Every answer that differs, in the order of the form; in two queries whatever their number."""
    before, now = json.loads(old.data), json.loads(new.data)
    criteria = Criterion.objects.filter(code__in=_codes(before, now, "entries"), criteria_set=report.criteria_set_id)
    indicators = Indicator.objects.filter(
        code__in=_codes(before, now, "figures"), criterion__criteria_set=report.criteria_set_id
    )
    asked = [(row.order, 0, 0, "entries", row) for row in criteria]
    asked += [
        (row.criterion.order, 1, row.order, "figures", row)
        for row in indicators.select_related("criterion", "numerator", "whole")
    ]
    return [
        change
        for *_, part, row in sorted(asked, key=lambda told: told[:3])
        if (change := _change(row, before[part].get(row.code), now[part].get(row.code)))
    ]


def _codes(before, now, part) -> set[str]:
    """Of the answers that are not the same in both."""
    old, new = before[part], now[part]
    return {code for code in old.keys() | new.keys() if old.get(code) != new.get(code)}


def _change(row, old: dict | None, new: dict | None) -> Change | None:
    answer = _entry if isinstance(row, Criterion) else _figure
    before, now = (answer(row, told or {}) for told in (old, new))
    if words_of(before) == words_of(now):
        return None
    title = row.title if isinstance(row, Criterion) else row.criterion.title
    return Change(name_of(now), title, words_of(before), words_of(now))


def words_of(answer: Entry | Figure) -> str:
    """An answer with what was explained beside it."""
    explained = getattr(answer, "explanation", "")
    return f"{answer.words}\nGiải thích: {explained}" if explained else answer.words


def _entry(criterion, told: dict) -> Entry:
    return Entry(criterion=criterion, **told)


def _figure(indicator, told: dict) -> Figure:
    """As it was frozen; an edition of before explanations were asked has none."""
    given = {name: told.get(name, "") for name in ("answer", "document", "reason", "explanation")}
    value, day, expected = (told.get(name) or None for name in ("value", "day", "expected_on"))
    return Figure(
        indicator=indicator,
        value=value and Decimal(value),
        day=day and date.fromisoformat(day),
        expected_on=expected and date.fromisoformat(expected),
        **given,
    )
