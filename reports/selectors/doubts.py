"""What makes a reported figure doubtful. Pure: no database, no clock.

A doubt asks for an explanation and stops nobody from typing; a report with an unexplained one is not handed in.
The thresholds are ours: the plan sets none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from criteria.models import Indicator, IndicatorKind, Scope, Target
from criteria.scoring import ratio
from criteria.targets import Judgement, Status, judge
from phongtho_thidua.lib.vietnamese import format_number

Values = dict[str, Decimal]  # by the code of the indicator, which outlives a set of criteria

JUMP = 3  # times last year's figure, or a third of it
SMALLEST_JUMP = 10  # from 1 to 3 works is no news: a count has to reach this in one of the two years
SHORTEST_EXPLANATION = 20


@dataclass(frozen=True)
class Facts:
    """The numbers of one report and, `before`, of the same unit's report of the year before `year`."""

    year: int
    values: Values
    before: Values


def is_explained(explanation: str) -> bool:
    return len(explanation) >= SHORTEST_EXPLANATION


def doubts_among(indicators: Iterable[Indicator], facts: Facts) -> dict[str, list[str]]:
    """{code of the typed figure that has to be explained: sentences}; a ratio is explained at its numerator.

    `indicators` know their numerator, denominator, whole and `aims`.
    """
    indicators, told, parts = list(indicators), defaultdict(list), defaultdict(list)
    for indicator in indicators:
        parts[indicator.whole_id].append(indicator)
    for indicator in indicators:
        at = indicator.numerator.code if indicator.is_derived else indicator.code
        sentences = (
            excess(indicator, facts.values),
            _sum_differs(indicator, parts[indicator.pk], facts.values),
            jump(indicator, facts),
            _falls_short(indicator, facts),
        )
        told[at] += filter(None, sentences)
    return told


def value_of(indicator: Indicator, values: Values) -> Decimal | None:
    if indicator.is_derived:
        return ratio(values.get(indicator.numerator.code), values.get(indicator.denominator.code))
    return values.get(indicator.code)


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


def _sum_differs(whole: Indicator, parts: list[Indicator], values: Values) -> str:
    given = [values.get(part.code) for part in parts]
    if not whole.parts_make_whole or whole.code not in values or not given or None in given:
        return ""
    if sum(given) == values[whole.code]:
        return ""
    added = " + ".join(map(format_number, given))
    return (
        f"Cộng các phần ({added} = {format_number(sum(given))}) khác {in_sentence(whole.name)} "
        f"({format_number(values[whole.code])}). Kiểm tra lại các số."
    )


def jump(indicator: Indicator, facts: Facts) -> str:
    """The sentence that a number or a sum of money is far from last year's; nothing is said about a zero."""
    now, before = facts.values.get(indicator.code), facts.before.get(indicator.code)
    if not now or not before or indicator.kind not in (IndicatorKind.NUMBER, IndicatorKind.MONEY):
        return ""
    smaller, larger = sorted((now, before))
    if larger < JUMP * smaller or (not indicator.decimals and larger < SMALLEST_JUMP):
        return ""
    turn, times = "Tăng" if now > before else "Giảm", format_number(round(larger / smaller, 1))
    return f"{turn} {times} lần so với năm {facts.year - 1}. Nếu số đúng, ghi lý do."


def _falls_short(indicator: Indicator, facts: Facts) -> str:
    missed = (judged for _, judged in judgements(indicator, facts) if judged and judged.status == Status.NOT_MET)
    return next((f"{judged.sentence} Ghi nguyên nhân." for judged in missed), "")


def judgements(indicator: Indicator, facts: Facts) -> Iterator[tuple[Target, Judgement | None]]:
    """Each target with how the figure stands to it; None for one of the whole district, or while there is no figure.

    A ratio that contradicts itself is not judged either.
    """
    value = value_of(indicator, facts.values)
    if indicator.is_derived and value is not None and value > 100 and indicator.numerator.whole_id:
        value = None
    for target in indicator.aims:
        if target.scope == Scope.DISTRICT or value is None:
            yield target, None
            continue
        base = facts.values.get(target.base_indicator.code) if target.base_indicator else None
        yield target, judge(target.spec, value, year=facts.year, base=base)
