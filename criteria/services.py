"""Deeds on criteria: load those of the plan, freeze a set that is in use."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction

from criteria.models import (
    AUDIENCE_OF_KIND,
    Asking,
    CriteriaSet,
    Criterion,
    Indicator,
    IndicatorKind,
    Sector,
    Target,
)
from criteria.scoring import Aggregation
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.loading import put
from units import audit
from units.models import SectorCode

PHASE_1 = Path(__file__).resolve().parent / "data" / "phase1"

_USUAL_AGGREGATION = {
    IndicatorKind.NUMBER: Aggregation.SUM,
    IndicatorKind.MONEY: Aggregation.SUM,
    IndicatorKind.RATIO: Aggregation.RATIO_OF_SUMS,
    IndicatorKind.DATE: Aggregation.LATEST,
    IndicatorKind.YES_NO: Aggregation.COUNT_YES,
    IndicatorKind.DOCUMENT: Aggregation.COUNT_YES,
}


@transaction.atomic
def freeze(*, criteria_set: CriteriaSet, by) -> CriteriaSet:
    """From now on the set cannot be edited: somebody is answering it. Called with the first report of a year.

    No permission is asked, for it follows from another deed; a set already frozen stays as it was.
    """
    criteria_set = CriteriaSet.objects.select_for_update().get(pk=criteria_set.pk)
    if criteria_set.frozen_at:
        return criteria_set
    criteria_set.frozen_at, criteria_set.frozen_by = clock.now(), by
    criteria_set.save(update_fields=["frozen_at", "frozen_by"])
    audit.record(actor=by, action="freeze_criteria", target=criteria_set, label=f"khóa {criteria_set.name}")
    return criteria_set


@transaction.atomic
def load_phase1(*, by=None) -> dict[str, int]:
    """The criteria of plan III.1 with their indicators and targets, made or brought up to the files by their codes.

    Returns how many rows were new, by kind, and how many changed. `by` None is the loader of the plan. Raises
    ValidationError when the set is frozen and a file says something else, PermissionDenied for a stranger.
    """
    if by is not None and not by.has_perm("criteria.edit_criteria"):
        raise PermissionDenied("Chỉ Phòng Nội vụ sửa bộ tiêu chí.")
    data = _read("set.json")
    tally = Counter()
    sectors = _load_sectors(data["sectors"], tally)
    years = {name: data[name] for name in ("name", "first_year", "last_year")}
    criteria_set, done = put(CriteriaSet.objects.all(), years, version=data["version"])
    tally["sets", done] += 1
    rows = [row for file in data["files"] for row in _read(file)]
    for order, row in enumerate(rows, start=1):
        _load_criterion(criteria_set, sectors, order, row, tally)
    counts = {name: tally[name, "new"] for name in ("sectors", "sets", "criteria", "indicators", "targets")}
    counts["changed"] = sum(count for (_, done), count in tally.items() if done == "changed")
    if any(counts.values()):
        told = f"mới {counts['criteria']} tiêu chí, {counts['indicators']} chỉ tiêu; sửa {counts['changed']} dòng"
        audit.record(actor=by, action="load_criteria", target=criteria_set, label=f"nạp {criteria_set.name}", note=told)
    return counts


def _read(name: str):
    return json.loads((PHASE_1 / name).read_text(encoding="utf-8"))


def _load_sectors(codes, tally) -> dict[str, Sector]:
    sectors = {}
    for order, code in enumerate(codes, start=1):
        values = {"name": SectorCode(code).label, "order": order}
        sectors[code], done = put(Sector.objects.all(), values, code=code)
        tally["sectors", done] += 1
    return sectors


def _load_criterion(criteria_set, sectors, order, row, tally):
    values = {name: row[name] for name in ("clause", "audience", "theme", "title", "wording")}
    values |= {"sector": sectors[row["sector"]], "order": order}
    criterion, done = put(
        Criterion.objects.select_related("criteria_set", "sector"), values, criteria_set=criteria_set, code=row["code"]
    )
    tally["criteria", done] += 1
    known = {}  # an indicator names only those above it in its own criterion
    for place, indicator_row in enumerate(row["indicators"], start=1):
        known[indicator_row["code"]] = _load_indicator(criterion, known, place, indicator_row, tally)


def _load_indicator(criterion, known, order, row, tally) -> Indicator:
    values = {
        "name": row["name"],
        "unit": row.get("unit", ""),
        "kind": row["kind"],
        "aggregation": row.get("aggregation", _USUAL_AGGREGATION[row["kind"]]),
        "decimals": row.get("decimals", 0),
        "parts_make_whole": row.get("parts_make_whole", False),
        "clause": row.get("clause", criterion.clause),
        "guidance": row.get("guidance", ""),
        "order": order,
    }
    values |= {part: known[row[part]] if part in row else None for part in ("numerator", "denominator", "whole")}
    rows = Indicator.objects.select_related("numerator", "denominator", "whole")
    indicator, done = put(rows, values, criterion=criterion, code=row["code"])
    tally["indicators", done] += 1
    _load_askings(indicator, row.get("kinds", _kinds_of(criterion.audience)), tally)
    for target_row in row.get("targets", ()):
        _load_target(indicator, known, target_row, tally)
    return indicator


def _kinds_of(audience) -> list[str]:
    return [kind for kind, its_audience in AUDIENCE_OF_KIND.items() if its_audience == audience]


def _load_askings(indicator, kinds, tally):
    asked = set(indicator.askings.values_list("unit_kind", flat=True))
    if asked == set(kinds):
        return
    indicator.criterion.criteria_set.refuse_if_frozen(indicator.code)
    tally["askings", "changed" if asked else "new"] += 1
    indicator.askings.exclude(unit_kind__in=kinds).delete()
    Asking.objects.bulk_create(Asking(indicator=indicator, unit_kind=kind) for kind in kinds if kind not in asked)


def _load_target(indicator, known, row, tally):
    values = {name: row.get(name) for name in ("due_year", "base_year", "scope", "last_year")}
    values |= {name: Decimal(row[name]) if name in row else None for name in ("value", "high")}
    values |= {
        "base_indicator": known.get(row.get("base_indicator")),
        "base_source": row.get("base_source", ""),
        "clause": indicator.clause,
        "note": row.get("note", ""),
    }
    rows = Target.objects.select_related("base_indicator")
    _, done = put(rows, values, indicator=indicator, kind=row["kind"], first_year=row["first_year"])
    tally["targets", done] += 1
