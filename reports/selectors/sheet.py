"""A report as it is read and filled in: criteria in the plan's order, with figures, last year's answers and targets."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.db.models import OuterRef, Prefetch, Q, Subquery

from criteria.models import Criterion, Indicator, Scope, Target, Theme
from criteria.scoring import AnswerKind, ratio
from criteria.targets import Status, judge
from phongtho_thidua.lib.tones import Tone
from phongtho_thidua.lib.vietnamese import format_number
from reports.models import AnnualReport, Entry, Figure
from reports.models.report import HANDED_IN

NOT_COMPUTED = "chưa tính được"

_TONES = {
    Status.MET: Tone.DONE,
    Status.NOT_DUE: Tone.WAIT,
    Status.NOT_MET: Tone.STOP,
    Status.NO_DATA: Tone.IDLE,
    Status.NOT_APPLICABLE: Tone.IDLE,
}
_SHORT_THEMES = {Theme.INFRASTRUCTURE: "Hạ tầng", Theme.THRIFT: "Tiết kiệm", Theme.BOTH: "Cả hai nội dung"}

Values = dict[str, Decimal]  # by the code of the indicator, which outlives a set of criteria


@dataclass(frozen=True)
class Aim:
    """A target of the plan beside a figure. One set for the whole district is shown and not judged."""

    goal: str
    whose: str
    sentence: str = ""
    status: str = ""
    tone: Tone = Tone.IDLE


@dataclass
class Line:
    """One figure of a criterion. `figure` is None for a ratio: it is computed, never typed."""

    indicator: Indicator
    figure: Figure | None
    words: str
    before: str
    aims: list[Aim]
    excess: str
    typed: dict[str, str] = field(default_factory=dict)  # what the inputs hold
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> Figure | None:
        return self.figure

    @property
    def key(self) -> str:
        return self.figure.key if self.figure else f"ratio-{self.indicator.pk}"


@dataclass
class Block:
    """One criterion: what the unit says on it now and, when it reported last year, what it said then."""

    criterion: Criterion
    entry: Entry
    before: Entry | None
    lines: list[Line] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> Entry:
        return self.entry

    @property
    def mark(self) -> tuple[Tone, str, str]:
        """Tone, icon and words of the criterion in the index."""
        if any(line.excess for line in self.lines):
            return Tone.STOP, "exclamation-lg", "cần sửa"
        if not self.entry.done:
            return Tone.IDLE, "circle", "chưa trả lời đủ"
        return (
            (Tone.DONE, "check-lg", "đã trả lời")
            if self.entry.applies
            else (Tone.IDLE, "slash-circle", "không liên quan")
        )


@dataclass(frozen=True)
class Group:
    name: str
    short: str
    blocks: list[Block]


def groups_of(blocks: Iterable[Block]) -> list[Group]:
    """The criteria by theme, as plan III.1 orders them."""
    themes = groupby(blocks, key=lambda block: Theme(block.criterion.theme))
    return [Group(theme.label, _SHORT_THEMES[theme], list(its)) for theme, its in themes]


def blocks_of(report: AnnualReport) -> list[Block]:
    """Every criterion of the report, in four queries whatever their number; last year's come with this year's."""
    year = report.period.year
    last = Q(report__unit=report.unit_id, report__period__year=year - 1, report__state__in=HANDED_IN)
    entries = Entry.objects.filter(Q(report=report) | last).with_done().select_related("criterion")
    figures = Figure.objects.filter(Q(report=report) | last).select_related("indicator")
    now, before = _split(entries.order_by("criterion__order"), report)
    figures_now, figures_before = _split(figures, report)
    before = {entry.criterion.code: entry for entry in before}
    lines = _lines(year, [entry.criterion_id for entry in now], figures_now, figures_before)
    return [
        Block(entry.criterion, entry, before.get(entry.criterion.code), lines.get(entry.criterion_id, []))
        for entry in now
    ]


def _split(answers, report) -> tuple[list, list]:
    answers = list(answers)
    now = [answer for answer in answers if answer.report_id == report.pk]
    for answer in now:
        answer.report = report
    return now, [answer for answer in answers if answer.report_id != report.pk]


def _lines(year, criteria, figures, figures_before) -> dict[int, list[Line]]:
    """The lines of each criterion, by its id; a ratio stands where both its parts were asked."""
    aims = Prefetch("targets", Target.objects.in_year(year), to_attr="aims")
    indicators = Indicator.objects.filter(criterion__in=criteria).prefetch_related(aims).order_by("order")
    now, before = _by_code(figures), _by_code(figures_before)
    values, values_before = values_of(figures), values_of(figures_before)
    lines = defaultdict(list)
    for indicator in _linked(indicators):
        if not _is_asked(indicator, now):
            continue
        line = Line(
            indicator=indicator,
            figure=now.get(indicator.code),
            words=_words(indicator, now, values) or (NOT_COMPUTED if indicator.is_derived else ""),
            before=_words(indicator, before, values_before),
            aims=_aims(indicator, values, year),
            excess=excess(indicator, values),
        )
        lines[indicator.criterion_id].append(line)
    return lines


def _linked(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Each with its parts and its whole, which stand on the same form: joined here, at a third of the cost of SQL."""
    by_pk = {indicator.pk: indicator for indicator in indicators}
    for indicator in by_pk.values():
        for role in ("numerator", "denominator", "whole"):
            if (other := by_pk.get(getattr(indicator, f"{role}_id"))) is not None:
                setattr(indicator, role, other)
    return list(by_pk.values())


def _by_code(figures: Iterable[Figure]) -> dict[str, Figure]:
    return {figure.indicator.code: figure for figure in figures}


def values_of(figures: Iterable[Figure]) -> Values:
    return {f.indicator.code: f.value for f in figures if f.answer == AnswerKind.VALUE and f.value is not None}


def _is_asked(indicator, asked) -> bool:
    if indicator.is_derived:
        return indicator.numerator.code in asked and indicator.denominator.code in asked
    return indicator.code in asked


def _value(indicator, values: Values) -> Decimal | None:
    if indicator.is_derived:
        return ratio(values.get(indicator.numerator.code), values.get(indicator.denominator.code))
    return values.get(indicator.code)


def _words(indicator, figures, values) -> str:
    if indicator.is_derived:
        value = _value(indicator, values)
        return "" if value is None else f"{format_number(value, indicator.decimals)}%"
    return figures[indicator.code].words if indicator.code in figures else ""


def in_sentence(name: str) -> str:
    """The name of an indicator as it stands after a comma: `Trong đó: đúng hạn` is `đúng hạn`; HTX stays HTX."""
    name = name.removeprefix("Trong đó: ")
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def excess(part: Indicator, values: Values) -> str:
    """The sentence that a part is larger than its whole; empty while it is not, or while one of them is no number."""
    value, whole = values.get(part.code), values.get(part.whole.code) if part.whole else None
    if value is None or whole is None or value <= whole:
        return ""
    name = part.name.removeprefix("Trong đó: ")
    return (
        f"{name[:1].upper()}{name[1:]} ({format_number(value)}) lớn hơn {in_sentence(part.whole.name)} "
        f"({format_number(whole)}). Kiểm tra lại hai số."
    )


def _aims(indicator, values, year) -> list[Aim]:
    """A target is judged once there is a figure of this unit, and not while its ratio contradicts itself."""
    value = _value(indicator, values)
    is_contradicted = indicator.is_derived and value is not None and value > 100 and indicator.numerator.whole_id
    return [_aim(target, None if is_contradicted else value, values, year) for target in indicator.aims]


def _aim(target, value, values, year) -> Aim:
    whose = Scope(target.scope).label
    if target.scope == Scope.DISTRICT or value is None:
        return Aim(target.goal, whose)
    base = values.get(target.base_indicator.code) if target.base_indicator else None
    judged = judge(target.spec, value, year=year, base=base)
    return Aim(target.goal, whose, judged.sentence, judged.status.label, _TONES[judged.status])


@dataclass(frozen=True)
class Standing:
    """What follows from one figure just saved: `derived` is {id of a place on the page: its text}."""

    derived: dict[str, str]
    excess: str


def standing_of(figure: Figure) -> Standing:
    """The ratios and contradictions of the figure's criterion as they stand now, in one query."""
    given = Figure.objects.filter(report=figure.report_id, indicator=OuterRef("pk"))
    rows = list(
        Indicator.objects.filter(criterion=figure.indicator.criterion_id)
        .select_related("numerator", "denominator", "whole")
        .annotate(
            figure_pk=Subquery(given.values("pk")[:1]),
            given=Subquery(given.filter(answer=AnswerKind.VALUE).values("value")[:1]),
        )
    )
    values = {row.code: row.given for row in rows if row.given is not None}
    parts = [(row, excess(row, values)) for row in rows if row.whole and row.figure_pk]
    derived = {f"ratio-{row.pk}": _words(row, {}, values) or NOT_COMPUTED for row in rows if row.is_derived}
    derived |= {f"figure-{row.figure_pk}-problem": sentence for row, sentence in parts}
    mine = (words for row, words in parts if words and figure.indicator_id in (row.pk, row.whole_id))
    return Standing(derived, next(mine, ""))
