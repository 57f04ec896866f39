"""Deeds on a reporting period: set its times."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from campaigns.models import Period
from phongtho_thidua.lib import clock
from units import audit, notify
from units.models import Membership, Role, Unit, User

ONLY_STANDING_OFFICE = "Chỉ Phòng Nội vụ sửa phong trào và kỳ báo cáo."


@transaction.atomic
def set_period_dates(*, period: Period, opens_at: datetime, due_at: datetime, locks_at: datetime, by) -> Period:
    """Set when the period opens, is due and locks (aware times); the units that report are told the new ones.

    Raises PermissionDenied for anybody but the standing office; ValidationError by field for times out of order, far
    from the year of the report, and for a deadline moved into the past: it would make late what could come in time.
    """
    if not by.has_perm("campaigns.edit_period", period):
        raise PermissionDenied(ONLY_STANDING_OFFICE)
    period = Period.objects.select_for_update().get(pk=period.pk)
    times = {"opens_at": opens_at, "due_at": due_at, "locks_at": locks_at}
    moved = {name: time for name, time in times.items() if time != getattr(period, name)}
    _refuse_bad_times(period.year, moved, **times)
    if moved:
        changes = {
            Period._meta.get_field(name).verbose_name: [_told(getattr(period, name)), _told(time)]
            for name, time in moved.items()
        }
        for name, time in moved.items():
            setattr(period, name, time)
        period.save(update_fields=list(moved))
        audit.record(actor=by, action="set_period_dates", target=period, label=f"đổi hạn của {period}", changes=changes)
        _tell_units(period, by)
    return period


def people_told(period: Period):
    """Who hears of new times: officers and heads of every unit that has to report."""
    expected = Unit.objects.expected_to_report(clock.local(period.due_at).date())
    posts = Membership.objects.on(clock.today()).filter(unit__in=expected, role__in=(Role.OFFICER, Role.HEAD))
    return User.objects.filter(is_active=True, pk__in=posts.values("user"))


def _tell_units(period: Period, by) -> None:
    text = f"Báo cáo năm {period.year}: hạn nộp {_told(period.due_at)}, khóa {_told(period.locks_at)}."
    people = people_told(period).exclude(pk=by.pk)
    notify.tell(people, kind="period_moved", text=text, url=period.get_absolute_url())


def _refuse_bad_times(year, moved, opens_at, due_at, locks_at):
    errors = {
        name: f"Chọn thời điểm trong năm {year} hoặc {year + 1}."
        for name, time in moved.items()
        if clock.local(time).year not in (year, year + 1)
    }
    if due_at <= opens_at:
        errors.setdefault("due_at", f"Hạn nộp phải sau lúc mở, {_told(opens_at)}.")
    if "due_at" in moved and due_at <= clock.now():
        errors.setdefault("due_at", f"Hạn nộp mới đã qua. Bây giờ là {_told(clock.now())}.")
    if locks_at <= due_at:
        errors.setdefault("locks_at", f"Lúc khóa phải sau hạn nộp, {_told(due_at)}.")
    if errors:
        raise ValidationError(errors)


def _told(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M ngày %d/%m/%Y}"
