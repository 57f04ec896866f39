"""Does a result reach what the plan asks? Pure: no database, no clock, no floats.

Figures are Decimals in the indicator's own unit; a percentage is 92.5 for 92,5 %.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices

from phongtho_thidua.lib.vietnamese import format_number

WHOLE = Decimal(100)


class TargetKind(TextChoices):
    AT_LEAST = "at_least", "ít nhất"
    AT_MOST = "at_most", "tối đa"
    RANGE = "range", "trong khoảng, thấp hơn là tốt hơn"
    REDUCE_PERCENT = "reduce_percent", "giảm ít nhất"
    DONE_BY = "done_by", "xong trước hết năm"
    FULL = "full", "đủ 100%"


class Status(TextChoices):
    MET = "met", "Đạt"
    NOT_DUE = "not_due", "Chưa đến hạn"
    NOT_MET = "not_met", "Chưa đạt"
    NO_DATA = "no_data", "Chưa có số liệu"
    NOT_APPLICABLE = "not_applicable", "Không áp dụng"


@dataclass(frozen=True)
class TargetSpec:
    """What is asked, of a figure measured in `unit`.

    `value` is the threshold (for RANGE its lower end, for REDUCE_PERCENT the percentage), `high` the upper end of a
    RANGE. `due_year` None means that every year is judged on its own.
    """

    kind: TargetKind
    value: Decimal | None = None
    high: Decimal | None = None
    base_year: int | None = None
    due_year: int | None = None
    unit: str = "%"


@dataclass(frozen=True)
class Judgement:
    """`gap` is what is still missing to the target: positive when short, zero or negative (the margin) when reached."""

    status: Status
    gap: Decimal | None
    sentence: str


def judge(
    spec: TargetSpec, value: Decimal | None, *, year: int, base: Decimal | None = None, applicable: bool = True
) -> Judgement:
    """`value` against `spec` in the report year `year`.

    `value` None is "no data", `applicable` False is "not applicable"; zero is a value like any other. `base` is the
    figure of `spec.base_year` and counts only for REDUCE_PERCENT. A target not reached before its due year is not due.
    """
    if not applicable:
        return Judgement(Status.NOT_APPLICABLE, None, "Không áp dụng.")
    if value is None:
        return Judgement(Status.NO_DATA, None, "Chưa có số liệu.")
    if spec.kind == TargetKind.REDUCE_PERCENT:
        if base is None:
            return Judgement(Status.NO_DATA, None, f"Chưa có số liệu năm {spec.base_year} để so sánh.")
        if base == 0:
            return Judgement(Status.NOT_APPLICABLE, None, f"Năm {spec.base_year} là 0, không có gì để giảm.")
        value = (base - value) * WHOLE / base
    return _judgement(spec, value, year)


def goal(spec: TargetSpec) -> str:
    """The target in words, to stand after "Đích": `ít nhất 47% đến năm 2025`."""
    by_year = f" đến năm {spec.due_year}" if spec.due_year else ""
    return _threshold(spec) + ("" if spec.kind == TargetKind.DONE_BY else by_year)


def _judgement(spec: TargetSpec, value: Decimal, year: int) -> Judgement:
    gap = _gap(spec, value)
    reached = _reached(spec, value, gap)
    if gap <= 0:
        return Judgement(Status.MET, gap, f"{reached}, đạt mức {_threshold(spec)}.")
    missing = f"{reached}, còn {_amount(gap, _difference_unit(spec))} nữa mới đạt mức {_threshold(spec)}"
    if spec.due_year and year < spec.due_year:
        return Judgement(Status.NOT_DUE, gap, f"{missing}; hạn là năm {spec.due_year}.")
    return Judgement(Status.NOT_MET, gap, f"{missing}.")


def _gap(spec: TargetSpec, value: Decimal) -> Decimal:
    match spec.kind:
        case TargetKind.AT_MOST:
            return value - spec.value
        case TargetKind.RANGE:  # the plan wants the share to fall: below the lower end is reached, too
            return value - spec.high
        case TargetKind.FULL | TargetKind.DONE_BY:
            return WHOLE - value
        case _:
            return spec.value - value


def _threshold(spec: TargetSpec) -> str:
    match spec.kind:
        case TargetKind.FULL:
            return "100%"
        case TargetKind.DONE_BY:
            return f"hoàn thành 100% đến năm {spec.due_year}"
        case TargetKind.REDUCE_PERCENT:
            return f"giảm ít nhất {_amount(spec.value, '%')} so với năm {spec.base_year}"
        case TargetKind.RANGE:
            return f"trong khoảng {format_number(spec.value)} đến {_amount(spec.high, spec.unit)}"
        case _:
            return f"{spec.kind.label} {_amount(spec.value, spec.unit)}"


def _reached(spec: TargetSpec, value: Decimal, gap: Decimal) -> str:
    if spec.kind != TargetKind.REDUCE_PERCENT:
        return _amount(value, spec.unit, gap)
    return f"{'Giảm' if value >= 0 else 'Tăng'} {_amount(abs(value), '%', gap)}"


def _difference_unit(spec: TargetSpec) -> str:
    is_share = spec.unit == "%" or spec.kind == TargetKind.REDUCE_PERCENT
    return "điểm phần trăm" if is_share else spec.unit


def _amount(value: Decimal, unit: str, gap: Decimal | None = None) -> str:
    """`value` with two decimals at most, more where two would hide a `gap` (99,996% is not 100%)."""
    number = format_number(_rounded(value, value if gap is None else gap))
    return f"{number}%" if unit == "%" else f"{number} {unit}"


def _rounded(value: Decimal, must_show: Decimal) -> Decimal:
    places = 2
    if must_show and abs(must_show) < Decimal("0.01"):
        places = 1 - must_show.adjusted()
    return round(value, places)
