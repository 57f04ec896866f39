"""How a figure is typed: one reading for the reports of units and for what they register."""

from decimal import Decimal

from django.core.exceptions import ValidationError

from criteria.models import Indicator, IndicatorKind
from phongtho_thidua.lib.vietnamese import parse_number

MOST_DIGITS = 11  # before the comma: with four after it SQLite, which keeps floats, still gives back every digit


def read_number(typed: str, indicator: Indicator) -> Decimal:
    """The number that was typed, in the unit of `indicator`; ValidationError with the sentence for its field."""
    try:
        number = parse_number(typed)
    except ValueError as refusal:
        raise ValidationError(str(refusal)) from None
    if number < 0:
        raise ValidationError(f"“{typed}”: số liệu này không nhỏ hơn 0.")
    if number.adjusted() >= MOST_DIGITS:
        raise ValidationError(f"Số quá lớn: nhiều nhất {MOST_DIGITS} chữ số trước dấu phẩy.")
    if indicator.kind == IndicatorKind.YES_NO and number not in (0, 1):
        raise ValidationError("Chọn Có hoặc Không.")
    return _refuse_decimals(number, typed, indicator.decimals)


def _refuse_decimals(number: Decimal, typed: str, most: int) -> Decimal:
    if number == round(number, most):
        return number
    if most == 0:
        raise ValidationError(f"“{typed}”: chỉ tiêu này ghi số nguyên, không có phần thập phân.")
    raise ValidationError(f"“{typed}”: chỉ tiêu này nhận nhiều nhất {most} chữ số sau dấu phẩy.")
