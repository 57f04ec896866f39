"""Bring the campaign of the plan into the database."""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction

from campaigns.models import Campaign, Content, Holiday, Milestone, Period, Phase
from campaigns.services.periods import ONLY_STANDING_OFFICE
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.loading import put
from units import audit

DATA = Path(__file__).resolve().parent.parent / "data"


@transaction.atomic
def load_plan(*, by=None) -> dict[str, int]:
    """The campaign with its phases, milestones, contents, periods and holidays, brought up to the files.

    A period that exists keeps its times: they belong to the standing office. Returns how many rows were new, by kind,
    and how many changed. `by` None is the loader of the plan; raises PermissionDenied for a stranger.
    """
    if by is not None and not by.has_perm("campaigns.edit_campaign"):
        raise PermissionDenied(ONLY_STANDING_OFFICE)
    data = _read("campaign.json")
    tally = Counter()
    campaign = _load_campaign(data, tally)
    for row in data["phases"]:
        _load_phase(campaign, row, tally)
    for order, row in enumerate(data["contents"], start=1):
        values = {name: row[name] for name in ("theme", "clause", "title", "text")} | {"order": order}
        _, done = put(Content.objects.all(), values, campaign=campaign, code=row["code"])
        tally["contents", done] += 1
    _load_periods(campaign, data["periods"], tally)
    _load_holidays(tally)
    counts = {name: tally[name, "new"] for name in ("campaigns", "phases", "contents", "periods", "holidays")}
    counts["changed"] = sum(count for (_, done), count in tally.items() if done == "changed")
    if any(counts.values()):
        told = f"mới {counts['contents']} nội dung, {counts['periods']} kỳ báo cáo; sửa {counts['changed']} dòng"
        audit.record(actor=by, action="load_plan", target=campaign, label="nạp kế hoạch phong trào", note=told)
    return counts


def _read(name: str):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _load_campaign(data, tally) -> Campaign:
    names = ("title", "plan_title", "plan_note", "issuer", "legal_bases", "first_year", "last_year")
    campaign, done = put(Campaign.objects.all(), {name: data[name] for name in names}, key=data["key"])
    tally["campaigns", done] += 1
    return campaign


def _load_phase(campaign, row, tally):
    values = {name: row[name] for name in ("name", "first_year", "last_year", "wording")}
    phase, done = put(Phase.objects.all(), values, campaign=campaign, number=row["number"])
    tally["phases", done] += 1
    for milestone in row["milestones"]:
        values = {name: milestone[name] for name in ("year", "name", "clause")}
        _, done = put(Milestone.objects.all(), values, phase=phase, key=milestone["key"])
        tally["milestones", done] += 1


def _load_periods(campaign, usual, tally):
    known = set(campaign.periods.values_list("year", flat=True))
    for phase in campaign.phases.all():
        for year in range(phase.first_year, phase.last_year + 1):
            if year in known:
                continue
            times = {f"{name}_at": _usual_time(year, **usual[name]) for name in ("opens", "due", "locks")}
            times |= {name: date(year, **usual[name]) for name in ("registers_by", "amends_until")}
            Period.objects.create(campaign=campaign, phase=phase, year=year, source=usual["source"], **times)
            tally["periods", "new"] += 1


def _usual_time(year: int, *, month: int, day: int, hour: int, next_year: bool = False) -> datetime:
    return clock.at(date(year + next_year, month, day), hour)


def _load_holidays(tally):
    for row in _read("holidays.json")["days"]:
        values = {"name": row["name"], "source": row["source"]}
        _, done = put(Holiday.objects.all(), values, day=date.fromisoformat(row["day"]))
        tally["holidays", done] += 1
