"""The matrix of verification: units × indicators of a reader's sectors, with few objects and five queries."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import FilteredRelation, Q

from campaigns.models import Period
from criteria.models import Asking, IndicatorKind
from criteria.scoring import AnswerKind, ratio
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import format_day, format_number
from reports.models import Figure, Verification, VerificationState
from reports.models.remark import LIVE
from reports.models.report import HANDED_IN
from reports.selectors.leads import leads
from units.models import SectorCode, Unit

V = VerificationState
OFF, NO_DATA, ABSENT, CORRECTING = "off", "no_data", "absent", "correcting"  # cells that nobody can judge now
FILTERS = {"cho": V.WAITING, "lech": V.DIFFERS, "tra": V.RETURNED}


@dataclass(frozen=True)
class Column:
    pk: int
    code: str
    sector: str
    name: str
    unit: str
    kind: str
    decimals: int
    parts: tuple[int, int] | None = None  # of a ratio, which is computed and never verified

    @property
    def criterion(self) -> str:
        return self.code.partition(".")[0]


@dataclass(slots=True)
class Cell:
    """`words` the reported value, `told` the state in small words; `figure` is None where there is nothing to open."""

    figure: int | None
    state: str
    words: str = ""
    told: str = ""
    mine: bool = False  # this reader may judge it now
    version: int = 0
    value: object = None


@dataclass(frozen=True)
class Row:
    pk: int
    name: str
    kind: str
    is_own: bool
    cells: list[Cell | None]


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see: `sectors` are all theirs or one of them; blanks mean everything."""

    sectors: frozenset[str]
    state: str = ""
    kind: str = ""
    indicator: int | None = None


@dataclass(frozen=True)
class Matrix:
    period: Period
    columns: list[Column]
    rows: list[Row]
    counts: Counter = field(default_factory=Counter)

    @property
    def waiting(self) -> list[int]:
        """Figures this reader may judge, one indicator after the other, as one compares them with one's own list."""
        columns = zip(*(row.cells for row in self.rows), strict=True)
        return [cell.figure for cells in columns for cell in cells if cell and cell.mine]

    @property
    def handed_in(self) -> int:
        return sum(any(cell and cell.state != ABSENT for cell in row.cells) for row in self.rows)


def sectors_of(user) -> frozenset[str]:
    """Whose figures this person may look at: a lead its own sectors', the standing office every one's."""
    return frozenset(SectorCode.values) if user.is_standing_office else user.led_sectors


def matrix_of(user, period: Period, asked: Asked) -> Matrix:
    """Raises nothing: what is not the reader's is not in it."""
    sectors = asked.sectors & sectors_of(user)
    columns = _columns(period.year, sectors)
    rows = list(_rows(user, period, columns, sectors, asked.kind))
    asked_kinds = {row.kind for row in rows}
    shown = [place for place, (_, kinds) in enumerate(columns) if kinds & asked_kinds]
    if asked.indicator:
        shown = [place for place in shown if columns[place][0].pk == asked.indicator]
    counts = Counter(_counted(cell) for row in rows for place in shown if (cell := row.cells[place]))
    if wanted := FILTERS.get(asked.state):
        shown = [place for place in shown if any(_is(row.cells[place], wanted) for row in rows)]
        rows = [row for row in rows if any(_is(row.cells[place], wanted) for place in shown)]
    kept = [Row(row.pk, row.name, row.kind, row.is_own, [row.cells[place] for place in shown]) for row in rows]
    return Matrix(period, [columns[place][0] for place in shown], kept, counts)


def _is(cell: Cell | None, state: str) -> bool:
    return cell is not None and cell.state == state and (state != V.WAITING or cell.mine)


def _counted(cell: Cell) -> str:
    return "elsewhere" if cell.state == V.WAITING and not cell.mine else cell.state


_OF_SET = ("criterion__criteria_set__version", "criterion__criteria_set__last_year")
_OF_INDICATOR = (
    "pk", "code", "criterion__sector__code", "name", "unit", "kind", "decimals", "numerator", "denominator"
)  # fmt: skip


def _columns(year: int, sectors) -> list[tuple[Column, set[str]]]:
    """(column, kinds of units that are asked) in the plan's order; a ratio is asked of whom its parts are asked."""
    rows = Asking.objects.filter(
        indicator__criterion__sector__code__in=sectors, indicator__criterion__criteria_set__first_year__lte=year
    ).order_by("indicator__criterion__order", "indicator__order")
    names = [f"indicator__{name}" for name in (*_OF_SET, *_OF_INDICATOR)]
    found = list(rows.values_list("unit_kind", *names))
    newest = max((_fit(year, *row[1:3]) for row in found), default=None)
    columns: dict[int, tuple[Column, set[str]]] = {}
    for kind, version, last_year, *facts in found:
        if _fit(year, version, last_year) == newest:
            *plain, numerator, denominator = facts
            column = Column(*plain, parts=(numerator, denominator) if numerator else None)
            columns.setdefault(column.pk, (column, set()))[1].add(kind)
    return list(columns.values())


def _fit(year: int, version: int, last_year: int) -> tuple:
    """Orders sets of criteria as `CriteriaSetQuerySet.for_year` chooses among them."""
    return (True, version, 0) if last_year >= year else (False, last_year, version)


def _rows(user, period, columns, sectors, kind) -> Iterator[Row]:
    figures = {(unit, indicator): facts for unit, indicator, *facts in _figures(period, sectors, kind)}
    judges = _judges(user)
    for pk, name, unit_kind, state in _units(period, kind):
        handed_in = state in HANDED_IN
        cells = [
            _any_cell(column, figures, pk, judges) if handed_in else _NOT_HANDED_IN if unit_kind in kinds else None
            for column, kinds in columns
        ]
        yield Row(pk, name, unit_kind, pk in user.unit_ids, cells)


def _any_cell(column, figures, unit, judges) -> Cell | None:
    """None where the unit is not asked: a report has a figure for everything that it is asked."""
    if column.parts:
        return _ratio(column, figures, unit) if (unit, column.parts[0]) in figures else None
    facts = figures.get((unit, column.pk))
    return _cell(column, facts, mine=judges(unit, column.sector)) if facts else None


_NOT_HANDED_IN = Cell(None, ABSENT, told="chưa nộp")


def _units(period, kind):
    """Who had to report on the due day, and who reported besides; with the state of the report."""
    expected = Unit.objects.expected_to_report(clock.local(period.due_at).date()).order_by()
    own = FilteredRelation("reports_made", condition=Q(reports_made__period=period))
    units = Unit.objects.annotate(own=own).filter(Q(pk__in=expected.values("pk")) | Q(own__isnull=False))
    if kind:
        units = units.filter(kind=kind)
    return units.order_by("sort_key").values_list("pk", "short_name", "kind", "own__state")


_OF_FIGURE = (
    "report__unit_id", "indicator_id", "pk", "answer", "value", "day", "document", "reopened", "report__state",
    "verification__state", "verification__value", "verification__day", "verification__document",
    "verification__version", "live__due_at",
)  # fmt: skip


def _figures(period, sectors, kind):
    handed_in = Figure.objects.filter(report__period=period, report__state__in=HANDED_IN)
    of_sectors = handed_in.filter(indicator__criterion__sector__code__in=sectors).order_by()
    if kind:
        of_sectors = of_sectors.filter(report__unit__kind=kind)
    live = FilteredRelation("remarks", condition=Q(remarks__state__in=LIVE))
    return of_sectors.annotate(live=live).values_list(*_OF_FIGURE)


def _judges(user):
    """A function of (unit id, sector): whether `user` may judge that unit's figures, as `reports.verify_figure`."""
    led, own = user.led_sectors, user.unit_ids
    if not user.is_standing_office:
        return lambda unit, sector: sector in led and unit not in own
    lead_of = {sector: unit.pk for sector, unit in leads().of_sector.items()}
    return lambda unit, sector: unit not in own and (sector in led or lead_of.get(sector) == unit)


def _cell(column: Column, facts: tuple, *, mine: bool) -> Cell:
    pk, answer, value, day, document, reopened, report, state, *judged, version, due = facts
    if reopened:
        told = f"trả lại, hạn {_short(due)}" if due else "đơn vị đang sửa"
        return Cell(pk, V.RETURNED if state == V.RETURNED else CORRECTING, told=told)
    if answer == AnswerKind.VALUE and state:
        words = _words(column, value, day, document)
        told = f"{_TOLD[state]} {_words(column, *judged)}" if state == V.DIFFERS else _TOLD[state]
        waits = state == V.WAITING and report != "accepted"
        return Cell(pk, state, words, told, mine and waits, version, value)
    if answer == AnswerKind.NO_DATA:
        return Cell(pk, NO_DATA, told="chưa có số")
    return Cell(pk, OFF, told="không áp dụng")


_TOLD = {V.WAITING: "chờ", V.AGREES: "khớp", V.DIFFERS: "thẩm tra", V.RETURNED: "trả lại"}


def _short(due: datetime) -> str:
    return f"{clock.local(due):%d/%m}"


def _words(column: Column, value, day, document) -> str:
    """As `value_words`, without the unit of measure: that stands in the head of the column."""
    match column.kind:
        case IndicatorKind.YES_NO:
            return "Có" if value else "Không"
        case IndicatorKind.DATE:
            return format_day(day) if day else ""
        case IndicatorKind.DOCUMENT:
            return document
        case _:
            return format_number(value)


def _ratio(column: Column, figures: dict, unit: int) -> Cell:
    top, base = (figures.get((unit, part)) for part in column.parts)
    both = (facts[2] if facts and facts[1] == AnswerKind.VALUE and not facts[5] else None for facts in (top, base))
    value = ratio(*both)
    return Cell(None, "ratio", "–" if value is None else f"{format_number(value, column.decimals)}%")


def waiting_by_year(user) -> dict[int, int]:
    """{year: figures that wait for this person}; their sum is the number in the rail."""
    years = Verification.objects.to_judge(user).values_list("figure__report__period__year", flat=True)
    return dict(Counter(years))


def waiting_count(user) -> int:
    return Verification.objects.to_judge(user).count()
