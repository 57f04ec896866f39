"""A report as it is read and filled in: criteria in the plan's order, with figures, earlier answers and targets."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery

from criteria.models import Criterion, Indicator, Scope, Target, Theme
from criteria.scoring import AnswerKind
from criteria.targets import Status
from phongtho_thidua.lib.tones import Tone
from phongtho_thidua.lib.vietnamese import format_number
from reports.models import AnnualReport, Entry, Figure, LateDraft
from reports.models.report import HANDED_IN
from reports.selectors.doubts import (
    Facts,
    Values,
    doubts_among,
    excess,
    in_sentence,
    is_explained,
    judgements,
    value_of,
)
from reports.selectors.trend import MOST_YEARS, Trend, trend_of

__all__ = [
    "Aim", "Block", "Group", "Line", "blocks_of", "excess", "groups_of", "in_sentence", "standing_of", "values_of",
]  # fmt: skip

NOT_COMPUTED = "chưa tính được"

_TONES = {
    Status.MET: Tone.DONE,
    Status.NOT_DUE: Tone.WAIT,
    Status.NOT_MET: Tone.STOP,
    Status.NO_DATA: Tone.IDLE,
    Status.NOT_APPLICABLE: Tone.IDLE,
}
_SHORT_THEMES = {Theme.INFRASTRUCTURE: "Hạ tầng", Theme.THRIFT: "Tiết kiệm", Theme.BOTH: "Cả hai nội dung"}
_AIM = ("kind", "scope", "value", "high", "base_indicator_id", "base_year", "due_year")
_TOLD = ("answer", "value", "day", "document", "reason", "expected_on")


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
    warnings: list[str] = field(default_factory=list)  # doubts.py: each asks for an explanation
    trend: Trend | None = None
    promised: object = None  # campaigns.selectors.registration.Promised
    hints: list = field(default_factory=list)  # guidance and answered questions about this figure
    late: list = field(default_factory=list)
    remarks: list = field(default_factory=list)  # what offices ask back here, and what became of it
    evidence: list = field(default_factory=list)  # chips of selectors.evidence
    verified: object = None  # the Verification, where the sector found another value
    typed: dict[str, str] = field(default_factory=dict)  # what the inputs hold
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> Figure | None:
        return self.figure

    @property
    def is_open(self) -> bool:
        """Whether the unit may change it now; of a returned report only what a remark opened."""
        return self.figure is not None and self.figure.is_open

    @property
    def key(self) -> str:
        return self.figure.key if self.figure else f"ratio-{self.indicator.pk}"

    @property
    def has_side(self) -> bool:
        return bool(self.before or self.aims or self.promised or self.trend or self.hints or self.indicator.guidance)

    @property
    def explanation(self) -> str:
        return self.figure.explanation if self.figure else ""

    @property
    def unexplained(self) -> list[str]:
        """The warnings that stop the submission."""
        return [] if is_explained(self.explanation) else self.warnings


@dataclass
class Block:
    """One criterion: what the unit says on it now and, when it reported last year, what it said then."""

    criterion: Criterion
    entry: Entry
    before: Entry | None
    lines: list[Line] = field(default_factory=list)
    hints: list = field(default_factory=list)
    late: list = field(default_factory=list)
    remarks: list = field(default_factory=list)  # what offices ask back here, and what became of it
    evidence: list = field(default_factory=list)  # chips of selectors.evidence
    findings: list = field(default_factory=list)  # of the year's inspections, beside what is handed in
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> Entry:
        return self.entry

    @property
    def is_open(self) -> bool:
        """Whether the unit may change its words here; each figure says so for itself."""
        return self.entry.is_open

    @property
    def is_unchanged(self) -> bool:
        """The words are last year's, whatever the spaces between them."""
        words = self.entry.narrative.split()
        return bool(words) and self.before is not None and words == self.before.narrative.split()

    @property
    def mark(self) -> tuple[Tone, str, str]:
        """Tone, icon and words of the criterion in the index."""
        if any(part.answer and part.answer.reopened for part in (self, *self.lines)):
            return Tone.STOP, "arrow-return-left", "trả lại để sửa"
        if self.entry.applies and any(line.unexplained for line in self.lines):
            return Tone.WAIT, "exclamation-triangle", "cần giải thích"
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
    """Every criterion of the report, in three queries whatever their number; earlier years come with this one."""
    year = report.period.year
    last = Q(report__unit=report.unit_id, report__period__year=year - 1, report__state__in=HANDED_IN)
    has_late = Exists(LateDraft.objects.filter(report=report.pk))  # seldom: it spares every other page a query
    entries = Entry.objects.filter(Q(report=report) | last).with_done().annotate(has_late=has_late)
    now, before = [], {}
    for entry in entries.select_related("criterion").order_by("criterion__order"):
        if entry.report_id == report.pk:
            entry.report = report
            now.append(entry)
        else:
            before[entry.criterion.code] = entry
    lines = _lines(report, [entry.criterion_id for entry in now])
    return [
        Block(entry.criterion, entry, before.get(entry.criterion.code), lines.get(entry.criterion_id, []))
        for entry in now
    ]


def _lines(report, criteria) -> dict[int, list[Line]]:
    """The lines of each criterion, by its id; a ratio stands where both its parts were asked."""
    year = report.period.year
    figures, history = _figures(report)
    facts = Facts(year, history[year], history[year - 1])
    indicators = _with_aims(Indicator.objects.filter(criterion__in=criteria), year)
    asked = [one for one in indicators if _is_asked(one, figures[year])]
    doubts = doubts_among(asked, facts)
    lines = defaultdict(list)
    for indicator in asked:
        figure = figures[year].get(indicator.code)
        if figure:
            figure.indicator = indicator
        values = {y: value_of(indicator, its) for y, its in history.items()}
        line = Line(
            indicator=indicator,
            figure=figure,
            words=_words(indicator, figures[year], facts.values) or (NOT_COMPUTED if indicator.is_derived else ""),
            before=_words(indicator, figures[year - 1], facts.before),
            aims=[_aim(target, judged) for target, judged in judgements(indicator, facts)],
            warnings=doubts[indicator.code] if figure else [],
            trend=trend_of(indicator, {y: value for y, value in values.items() if value is not None}),
        )
        lines[indicator.criterion_id].append(line)
    return lines


def _figures(report) -> tuple[dict[int, dict[str, Figure]], dict[int, Values]]:
    """By year and code: the figures of this report and of last year's, and the numbers of up to nine years."""
    year = report.period.year
    names = [one.attname for one in Figure._meta.concrete_fields]
    past = Q(report__unit=report.unit_id, report__period__year__lt=year, report__state__in=HANDED_IN)
    recent = past & Q(report__period__year__gt=year - MOST_YEARS)
    rows = Figure.objects.filter(Q(report=report) | recent).order_by()
    figures, history = defaultdict(dict), defaultdict(dict)
    for code, when, *values in rows.values_list("indicator__code", "report__period__year", *names):
        told = dict(zip(names, values, strict=True))
        if told["answer"] == AnswerKind.VALUE and told["value"] is not None:
            history[when][code] = told["value"]
        if when >= year - 1:
            figures[when][code] = Figure.from_db(rows.db, names, values)
    for figure in figures[year].values():
        figure.report = report
    return figures, history


def _with_aims(indicators, year: int) -> list[Indicator]:
    """Each with its parts, its whole and its targets of the year, which all stand on the same form: one query."""
    in_year = Q(targets__first_year__lte=year, targets__last_year__gte=year)
    rows = indicators.annotate(
        aim=FilteredRelation("targets", condition=in_year), **{f"aim_{name}": F(f"aim__{name}") for name in _AIM}
    ).order_by("order", "pk", "aim__first_year", "aim__kind")
    by_pk, aims = {}, defaultdict(list)
    for row in rows:
        by_pk.setdefault(row.pk, row)
        if row.aim_kind:
            aims[row.pk].append({name: getattr(row, f"aim_{name}") for name in _AIM})
    for row in by_pk.values():
        for role in ("numerator", "denominator", "whole"):
            if (other := by_pk.get(getattr(row, f"{role}_id"))) is not None:
                setattr(row, role, other)
        row.aims = [_target(row, by_pk, aim) for aim in aims[row.pk]]
    return list(by_pk.values())


def _target(indicator, by_pk, aim) -> Target:
    base = by_pk.get(aim.pop("base_indicator_id"))
    return Target(indicator=indicator, base_indicator=base, **aim)


def values_of(figures: Iterable[Figure]) -> Values:
    return {f.indicator.code: f.value for f in figures if f.answer == AnswerKind.VALUE and f.value is not None}


def _is_asked(indicator, asked) -> bool:
    if indicator.is_derived:
        return indicator.numerator.code in asked and indicator.denominator.code in asked
    return indicator.code in asked


def _words(indicator, figures, values) -> str:
    if indicator.is_derived:
        value = value_of(indicator, values)
        return "" if value is None else f"{format_number(value, indicator.decimals)}%"
    if (figure := figures.get(indicator.code)) is None:
        return ""
    figure.indicator = indicator
    return figure.words


def _aim(target, judged) -> Aim:
    whose = Scope(target.scope).label
    if judged is None:
        return Aim(target.goal, whose)
    return Aim(target.goal, whose, judged.sentence, judged.status.label, _TONES[judged.status])


def standing_of(figure: Figure) -> dict[str, str]:
    """{id of a place on the page: its text}: the ratios and warnings of the figure's criterion now, in one query."""
    report, year = figure.report, figure.report.period.year
    given = Figure.objects.filter(report=report.pk, indicator=OuterRef("pk"))
    last = Figure.objects.filter(
        report__unit=report.unit_id,
        report__period__year=year - 1,
        report__state__in=HANDED_IN,
        indicator__code=OuterRef("code"),
    )
    asked = Indicator.objects.filter(criterion=figure.indicator.criterion_id).annotate(
        figure_pk=Subquery(given.values("pk")[:1]),
        given=Subquery(given.filter(answer=AnswerKind.VALUE).values("value")[:1]),
        given_before=Subquery(last.filter(answer=AnswerKind.VALUE).values("value")[:1]),
    )
    rows = _with_aims(asked, year)
    figures = {row.code: row.figure_pk for row in rows if row.figure_pk}
    rows = [row for row in rows if _is_asked(row, figures)]
    facts = Facts(year, _numbers(rows, "given"), _numbers(rows, "given_before"))
    doubts = doubts_among(rows, facts)
    ratios = {f"ratio-{row.pk}": _words(row, {}, facts.values) or NOT_COMPUTED for row in rows if row.is_derived}
    return ratios | {f"figure-{pk}-problem": " ".join(doubts[code]) for code, pk in figures.items()}


def _numbers(rows, name) -> dict[str, Decimal]:
    return {row.code: getattr(row, name) for row in rows if getattr(row, name) is not None}
