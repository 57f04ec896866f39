"""Processor time of the matrix of verification of the finance office, with all its figures of as many communes."""

from functools import partial
from statistics import median

from django.db.models import Count
from django.test import override_settings
from django.urls import reverse

from benchmarks import pages, world
from benchmarks.measuring import Row, interleaved, queries_of, ratio
from reports.models import ReportState, Verification
from units.models import Duty, Mandate, SectorCode, UnitKind

MOST, MOST_QUERIES = 40, 10  # milliseconds and queries: targets.md


def measure(*, units: int = 60, rounds: int = 15, repeat: int = 3) -> list[Row]:
    with override_settings(ROOT_URLCONF=pages.__name__):
        calls = _calls(units)
        queries = {name: queries_of(call) for name, call in calls.items()}
        times = interleaved(calls, rounds=rounds, repeat=repeat)
    return [_row(name, times, queries[name], is_first=not place) for place, name in enumerate(list(calls)[1:])]


def _row(name: str, times: dict[str, list[float]], queries: int, *, is_first: bool) -> Row:
    """Only the page without an open cell has a target."""
    ours, base = times[name], times[pages.BARE]
    target = f"≤ {MOST} ms, ≤ {MOST_QUERIES} queries" if is_first else ""
    met = (median(ours) <= MOST and queries <= MOST_QUERIES) if is_first else None
    return Row(name, median(ours), "ms", target, met, pages.BARE, median(base), ratio(ours, base), f"{queries} queries")


def _calls(count: int) -> dict:
    """The district's own units have not reported: the matrix shows the communes of the measurement."""
    units = world.add_units(count, (UnitKind.COMMUNE,))
    lead = Mandate.objects.get(duty=Duty.SECTOR_LEAD, sector=SectorCode.FINANCE, valid_to=None).unit
    finance, officer = world.member("ha.nt", lead), world.member("hanh.lt", units[0])
    world.add_reports(units, 2024, by=officer, state=ReportState.SUBMITTED)
    world.settle()
    client, url = pages.browser_of(finance), reverse("reports:matrix")
    cell = Verification.objects.to_judge(finance).first()
    shown = Verification.objects.to_judge(finance).aggregate(n=Count("pk"))["n"]
    return {
        pages.BARE: partial(pages.get, client, "/bare/"),
        f"matrix, {count} units, {shown} cells to judge": partial(pages.get, client, url),
        "the same with one cell open": partial(pages.get, client, f"{url}?o={cell.figure_id}"),
    }
