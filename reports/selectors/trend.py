"""A unit's own figures of up to nine years as a small line in a box of 240 × 92, and the same in words. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from criteria.models import Indicator, IndicatorKind, Scope, Target
from criteria.targets import TargetKind
from phongtho_thidua.lib.vietnamese import format_number

MOST_YEARS = 9
_LEFT, _RIGHT, _TOP, _BOTTOM = 24, 216, 26, 66  # of the points; the names of the years stand below
_DRAWN = (IndicatorKind.NUMBER, IndicatorKind.MONEY, IndicatorKind.RATIO)
_MOST_WRITTEN = 5  # values side by side that fit; of more only the ends are written


@dataclass(frozen=True)
class Point:
    year: int
    x: int
    y: int
    value: str  # empty where there is no room for it


@dataclass(frozen=True)
class Trend:
    """`label` has all of it in words; `aim_y` is None when no target can be drawn."""

    points: list[Point]
    label: str
    aim: str = ""
    aim_y: int | None = None


def trend_of(indicator: Indicator, history: dict[int, Decimal]) -> Trend | None:
    """None for fewer than three years, or two beside a target. `history` is {year: value}."""
    years = sorted(history)[-MOST_YEARS:]
    aim = next((one for one in indicator.aims if _is_drawn(one)), None)
    if len(years) < (2 if aim else 3) or indicator.kind not in _DRAWN:
        return None
    heights = [history[year] for year in years] + ([aim.value] if aim else [])
    low = min(heights) if indicator.is_derived else Decimal(0)
    span = max(heights) - low or Decimal(1)
    steps = len(years) - 1

    def y_of(value: Decimal) -> int:
        return _BOTTOM - round((value - low) / span * (_BOTTOM - _TOP))

    points = [
        Point(
            year=year,
            x=_LEFT + (_RIGHT - _LEFT) * place // steps,
            y=y_of(history[year]),
            value=_short(history[year], indicator) if steps < _MOST_WRITTEN or place in (0, steps) else "",
        )
        for place, year in enumerate(years)
    ]
    unit = "%" if indicator.is_derived else f" {indicator.unit}" if indicator.unit else ""
    told = "; ".join(f"{year} {_short(history[year], indicator)}{unit}" for year in years)
    words = f"Đích {aim.goal}" if aim else ""
    label = f"{indicator.name}: {told}" + (f"; {words[:1].lower()}{words[1:]}" if aim else "")
    return Trend(points, label, words, y_of(aim.value) if aim else None)


def _is_drawn(target: Target) -> bool:
    """A threshold of this unit on the axis of the figure itself."""
    is_threshold = target.kind in (TargetKind.FULL, TargetKind.AT_LEAST, TargetKind.AT_MOST)
    return target.scope == Scope.UNIT and is_threshold and target.value is not None


def _short(value: Decimal, indicator: Indicator) -> str:
    return format_number(value, indicator.decimals) if indicator.is_derived else format_number(value)
