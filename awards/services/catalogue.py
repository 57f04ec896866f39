"""Deeds on the catalogue of awards and on rounds: load the plan's, set the times of a round."""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from awards.models import AwardForm, AwardRound, FormAuthority, FormRecipient, RoundKind, RuleClause
from campaigns.models import Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.loading import put
from units import audit

DATA = Path(__file__).resolve().parent.parent / "data" / "catalogue.json"
ONLY_STANDING_OFFICE = "Chỉ Phòng Nội vụ đặt thời gian của đợt khen thưởng."


@transaction.atomic
def set_round_dates(*, award_round: AwardRound, opens_at: datetime, closes_at: datetime, by) -> AwardRound:
    """Set from when until when (aware times) the round takes nominations.

    Raises PermissionDenied for anybody but the standing office, ValidationError by field for times out of order and
    for an end moved into the past: it would shut out nominations that could still have come in time.
    """
    if not by.has_perm("awards.edit_round", award_round):
        raise PermissionDenied(ONLY_STANDING_OFFICE)
    row = AwardRound.objects.select_for_update().get(pk=award_round.pk)
    times = {"opens_at": opens_at, "closes_at": closes_at}
    moved = {name: time for name, time in times.items() if time != getattr(row, name)}
    _refuse_bad_times(moved, **times)
    if moved:
        changes = {_label(name): [_told(getattr(row, name)), _told(time)] for name, time in moved.items()}
        for name, time in moved.items():
            setattr(row, name, time)
        row.save(update_fields=list(moved))
        audit.record(actor=by, action="set_round_dates", target=row, label="đổi thời gian của đợt", changes=changes)
    return row


def _label(name: str) -> str:
    return str(AwardRound._meta.get_field(name).verbose_name)


def _refuse_bad_times(moved, opens_at, closes_at):
    if closes_at <= opens_at:
        raise ValidationError({"closes_at": f"Lúc đóng phải sau lúc mở, {_told(opens_at)}."})
    if "closes_at" in moved and closes_at <= clock.now():
        raise ValidationError({"closes_at": f"Lúc đóng mới đã qua. Bây giờ là {_told(clock.now())}."})


def _told(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M ngày %d/%m/%Y}"


@transaction.atomic
def load_awards(*, by=None) -> dict[str, int]:
    """The forms of award of plan III.2, what the law says of them, and the yearly rounds, brought up to the file.

    A round that exists keeps its times: they belong to the standing office. Returns how many rows were new, by kind,
    and how many changed. `by` None is the loader of the plan; raises PermissionDenied for a stranger.
    """
    if by is not None and not by.has_perm("awards.edit_round"):
        raise PermissionDenied("Chỉ Phòng Nội vụ sửa danh mục khen thưởng.")
    data = json.loads(DATA.read_text(encoding="utf-8"))
    tally = Counter()
    for order, row in enumerate(data["forms"], start=1):
        _load_form(row, order, tally)
    for row in data["clauses"]:
        _, done = put(
            RuleClause.objects.all(), _sourced(row, "wording"), rule=row["rule"], valid_from=_day(row["from"])
        )
        tally["award_clauses", done] += 1
    rounds = _load_rounds(data["rounds"], tally)
    counts = {name: tally[name, "new"] for name in ("award_forms", "award_clauses", "award_rounds")}
    counts["changed"] = sum(count for (_, done), count in tally.items() if done == "changed")
    if any(counts.values()) and rounds:
        told = f"mới {counts['award_forms']} hình thức, {counts['award_rounds']} đợt; sửa {counts['changed']} dòng"
        audit.record(actor=by, action="load_awards", target=rounds[-1], label="nạp danh mục khen thưởng", note=told)
    return counts


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _sourced(row, *more) -> dict:
    values = {name: row.get(name, "") for name in more}
    return values | {"source": row["source"], "verified": row["verified"], "valid_to": _day(row.get("to"))}


def _load_form(row, order, tally):
    values = {name: row[name] for name in ("name", "level", "clause")} | {"order": order}
    form, done = put(AwardForm.objects.all(), values, key=row["key"])
    tally["award_forms", done] += 1
    for term in row["authorities"]:
        known = FormAuthority.objects.select_related("form")
        _, done = put(known, _sourced(term, "name"), form=form, valid_from=_day(term["from"]))
        tally["award_clauses", done] += 1
    for term in row["recipients"]:
        known = FormRecipient.objects.select_related("form")
        who = {"form": form, "kind": term["kind"], "valid_from": _day(term["from"])}
        _, done = put(known, _sourced(term, "standard"), **who)
        tally["award_clauses", done] += 1


def _load_rounds(usual, tally) -> list[AwardRound]:
    offered = AwardForm.objects.filter(key__in=usual["forms"])
    rounds = []
    for period in Period.objects.filter(year__in=usual["years"]):
        values = {
            "name": f"Khen thưởng hằng năm {period.year}",
            "opens_at": _usual_time(period.year, **usual["opens"]),
            "closes_at": _usual_time(period.year, **usual["closes"]),
            "source": usual["source"],
        }
        one, is_new = AwardRound.objects.get_or_create(kind=RoundKind.YEARLY, period=period, defaults=values)
        if is_new:
            one.forms.set(offered)
            tally["award_rounds", "new"] += 1
        rounds.append(one)
    return rounds


def _usual_time(year: int, *, month: int, day: int, hour: int) -> datetime:
    return clock.at(date(year, month, day), hour)
