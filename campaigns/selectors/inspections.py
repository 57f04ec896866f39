"""Reads on inspections: the list, the work they make, and what stands beside the figures of a report."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, F, Prefetch, Q

from campaigns.models import Finding, FindingState, FollowUp, Inspection, InspectionState, Period
from campaigns.workflow import FINDING_TONES
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.work import Group, Item
from units.models import Unit


def inspections_for(user):
    """What this person may read, with `found` and `left`: how many findings, and how many of them are not closed."""
    rows = Inspection.objects.visible_to(user).select_related("unit", "led_by", "period")
    not_closed = ~Q(findings__state=FindingState.CLOSED)
    rows = rows.annotate(found=Count("findings"), left=Count("findings", filter=not_closed))
    return rows.order_by("-planned_on", "pk")


def findings_of(inspection: Inspection) -> list[Finding]:
    """In the order of the criteria, each with its follow-ups; two queries."""
    told = Prefetch("follow_ups", FollowUp.objects.select_related("by"))
    rows = inspection.findings.select_related("criterion", "indicator", "inspection__led_by").prefetch_related(told)
    return list(rows)


def findings_beside(unit: Unit, period: Period) -> dict[int, list[Finding]]:
    """{criterion id: findings of this year's inspections of the unit}, for who reviews its report; one query."""
    rows = Finding.objects.filter(inspection__unit=unit, inspection__period=period)
    rows = rows.exclude(inspection__state=InspectionState.PLANNED)
    beside = defaultdict(list)
    for finding in rows.select_related("inspection__led_by", "indicator"):
        finding.tone = FINDING_TONES[finding.state]
        beside[finding.criterion_id].append(finding)
    return beside


def work_items(user) -> Iterable[Item]:
    """What the unit has been asked to do, what its answers wait for, and inspections whose day has come."""
    yield from _to_answer(user)
    yield from _to_follow(user)
    yield from _to_carry_out(user)


def _open_findings():
    rows = Finding.objects.select_related("inspection__unit", "criterion").order_by(F("due_on").asc(nulls_last=True))
    return rows.filter(inspection__state=InspectionState.CARRIED_OUT)


def _to_answer(user):
    mine = _open_findings().filter(state=FindingState.OPEN, inspection__unit__in=user.unit_ids)
    for finding in mine if user.unit_ids else ():
        yield Item(
            group=Group.TODO,
            what=f"Thực hiện kiến nghị kiểm tra ở {finding.criterion.code}",
            why=finding.recommendation,
            url=finding.get_absolute_url(),
            day=finding.due_on,
            button="Báo thực hiện",
            tone="stop" if finding.due_on and finding.due_on < clock.today() else "work",
            status="Quá hạn" if finding.due_on and finding.due_on < clock.today() else "",
        )


def _to_follow(user):
    if not user.has_perm("campaigns.inspect"):
        return
    led = _open_findings().filter(state=FindingState.ANSWERED, inspection__led_by__in=user.unit_ids)
    for finding in led:
        yield Item(
            group=Group.TODO,
            what=f"Xem {finding.inspection.unit.short_name} thực hiện kiến nghị ở {finding.criterion.code}",
            why=finding.inspection.subject,
            url=finding.get_absolute_url(),
            day=finding.due_on,
            button="Xem lại",
            tone="work",
        )


def _to_carry_out(user):
    if not user.has_perm("campaigns.inspect"):
        return
    due = Inspection.objects.filter(
        led_by__in=user.unit_ids, state=InspectionState.PLANNED, planned_on__lte=clock.today()
    )
    for inspection in due.select_related("unit"):
        yield Item(
            group=Group.TODO,
            what=f"Ghi kết quả kiểm tra {inspection.unit.short_name}",
            why=inspection.subject,
            url=inspection.get_absolute_url(),
            day=inspection.planned_on,
            button="Ghi kết quả",
            tone="work",
        )
