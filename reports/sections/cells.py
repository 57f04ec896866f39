"""How one answer and one total stand in the data of a snapshot, and how they are printed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from criteria.models import Indicator, IndicatorKind
from criteria.scoring import AnswerKind, ratio
from phongtho_thidua.lib.documents.model import NBSP, Number, Text
from phongtho_thidua.lib.vietnamese import format_day
from reports.selectors.summary import Outcome

NO_DATA = AnswerKind.NO_DATA.label
NOTHING_AROSE = "Không phát sinh"  # both parts of a ratio are known and there is nothing to divide by
_BLANK = ("", None, None, "", "")


def derived(indicator: Indicator, figures: dict[int, tuple]) -> tuple[str, Decimal | None]:
    """(answer, value) of one unit; of a ratio from its two parts, of a date or a document without a value."""
    if not indicator.is_derived:
        answer, value, *_ = figures.get(indicator.pk, _BLANK)
        return answer, value
    top, base = (figures.get(part, _BLANK) for part in (indicator.numerator_id, indicator.denominator_id))
    said = {top[0], base[0]}
    if said == {AnswerKind.VALUE}:
        return AnswerKind.VALUE, ratio(top[1], base[1])
    missing = (answer for answer in (AnswerKind.NO_DATA, AnswerKind.NOT_APPLICABLE) if answer in said)
    return next(missing, ""), None


def outcome_head(indicator: Indicator) -> dict:
    """What a snapshot keeps of the indicator itself, for printing."""
    return {
        "code": indicator.code,
        "name": indicator.name,
        "unit": indicator.unit,
        "kind": indicator.kind,
        "aggregation": indicator.aggregation,
        "decimals": indicator.decimals,
    }


def outcome_data(indicator: Indicator, outcome: Outcome) -> dict:
    total = outcome.total
    return outcome_head(indicator) | {
        "value": _text(total.value),
        "day": outcome.day.isoformat() if outcome.day else None,
        "before": _text(outcome.before),
        "given": total.given,
        "not_applicable": total.not_applicable,
        "no_data": total.no_data,
        "missing": outcome.missing,
        "asked": outcome.asked,
    }


def value_text(indicator: Indicator, value: Decimal | None, day: date | None, document: str) -> str:
    """A value as it stands in a snapshot: a number, a day or a document, after the kind of the indicator."""
    match indicator.kind:
        case IndicatorKind.DATE:
            return day.isoformat() if day else ""
        case IndicatorKind.DOCUMENT:
            return document
        case _:
            return _text(value) or ""


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def printed_total(one: dict, which: str = "value") -> Text:
    """The figure of `outcome_data`, or the words that stand for it; this year's carries the key of its provenance."""
    if which == "value" and one["day"]:
        return format_day(date.fromisoformat(one["day"]))
    if one[which] is None:
        return _words_for_none(one)
    return replace(printed_number(one[which], one), ref=one["code"] if which == "value" else "")


def _words_for_none(one: dict) -> str:
    if one["given"]:
        return NOTHING_AROSE
    return NO_DATA if one["no_data"] or one["missing"] or not one["not_applicable"] else AnswerKind.NOT_APPLICABLE.label


def printed_number(value: str, one: dict) -> Number:
    """A ratio keeps its decimals (92,0%), a sum shows those it has."""
    number = Decimal(value)
    if one["kind"] == IndicatorKind.RATIO:
        return Number(number, one["decimals"])
    rounded = Number(number, one["decimals"]).shown
    return Number(rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded.normalize())


def kept_together(name: str) -> str:
    """A short name of a unit that no line end may break; a long one has to."""
    return name.replace(" ", NBSP) if len(name) <= 16 else name
