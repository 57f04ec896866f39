"""How answers of many units become one figure, and the scale of self-grades. Pure: no database, no floats.

Zero, "not applicable" and "no data" are three answers, and stay three in every total.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices


class Grade(TextChoices):
    """Our own scale for grading a criterion; neither plan nor law prescribes one (docs/adr/0010-criteria.md)."""

    EXCELLENT = "excellent", "Hoàn thành xuất sắc"
    GOOD = "good", "Hoàn thành tốt"
    DONE = "done", "Hoàn thành"
    NOT_DONE = "not_done", "Chưa hoàn thành"


class Aggregation(TextChoices):
    SUM = "sum", "cộng lại"
    RATIO_OF_SUMS = "ratio_of_sums", "tổng tử số chia tổng mẫu số"
    LATEST = "latest", "giá trị mới nhất"
    COUNT_YES = "count_yes", "đếm số đơn vị trả lời có"


class AnswerKind(TextChoices):
    VALUE = "value", "Có số liệu"
    NOT_APPLICABLE = "not_applicable", "Không áp dụng"
    NO_DATA = "no_data", "Chưa có số liệu"


@dataclass(frozen=True)
class Answer:
    """One unit's answer. Yes is 1 and no is 0; of a ratio `value` is the numerator and `base` the denominator."""

    kind: AnswerKind
    value: Decimal | None = None
    base: Decimal | None = None

    def __post_init__(self):
        if (self.kind == AnswerKind.VALUE) != (self.value is not None):
            raise ValueError("a value comes with AnswerKind.VALUE and with nothing else")

    @classmethod
    def of(cls, value: Decimal | int, base: Decimal | int | None = None) -> "Answer":
        return cls(AnswerKind.VALUE, Decimal(value), None if base is None else Decimal(base))


@dataclass(frozen=True)
class Total:
    """`value` is None when no unit gave one; the three counts add up to the answers that came in."""

    value: Decimal | None
    given: int
    not_applicable: int
    no_data: int


def ratio(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """Numerator in per cent of denominator (92.5 for 92,5 %), unrounded.

    None when either is missing or there is nothing to divide by.
    """
    if numerator is None or not denominator:
        return None
    return numerator * 100 / denominator


def combine(aggregation: Aggregation, answers: Iterable[Answer]) -> Total:
    """One figure out of the answers of many units, with how many units gave each kind of answer.

    A ratio is Σ numerator / Σ denominator in per cent, never a mean of ratios. For LATEST answers come oldest first.
    """
    answers = list(answers)
    values = [answer for answer in answers if answer.kind == AnswerKind.VALUE]
    counts = Counter(answer.kind for answer in answers)
    return Total(
        value=_COMBINED[aggregation](values) if values else None,
        given=len(values),
        not_applicable=counts[AnswerKind.NOT_APPLICABLE],
        no_data=counts[AnswerKind.NO_DATA],
    )


def _sum(values: list[Answer]) -> Decimal:
    return sum((answer.value for answer in values), Decimal(0))


def _ratio_of_sums(values: list[Answer]) -> Decimal | None:
    if any(answer.base is None for answer in values):
        raise ValueError("a ratio needs numerator and denominator of the same unit")
    return ratio(_sum(values), sum((answer.base for answer in values), Decimal(0)))


def _latest(values: list[Answer]) -> Decimal:
    return values[-1].value


def _count_yes(values: list[Answer]) -> Decimal:
    return Decimal(sum(answer.value != 0 for answer in values))


_COMBINED = {
    Aggregation.SUM: _sum,
    Aggregation.RATIO_OF_SUMS: _ratio_of_sums,
    Aggregation.LATEST: _latest,
    Aggregation.COUNT_YES: _count_yes,
}
