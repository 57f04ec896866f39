"""What the annual reports ask of a person, for the home page (`phongtho_thidua.lib.work`)."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from campaigns.models import Holiday, Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import Tone
from phongtho_thidua.lib.work import Group, Item
from reports.models import AnnualReport, ReportState, WithdrawalRequest
from reports.models.report import IN_QUEUE
from reports.selectors.board import Punctuality, board_of
from reports.selectors.problems import problems_of
from reports.selectors.queue import queue_for
from reports.selectors.remarks import Call, calls_by_report
from reports.selectors.shelf import ShelfRow, shelf_of

RECENT = timedelta(days=7)


def work_items(user) -> Iterator[Item]:
    holidays = Holiday.objects.days() if user.unit_ids else frozenset()
    rows = sorted(shelf_of(user), key=lambda row: not _is_returned(row))  # a returned report stands before others due
    calls = calls_by_report(user) if any(_is_returned(row) for row in rows) else {}
    for row in rows:
        yield from _own(user, row, holidays, calls)
    if user.has_perm("reports.see_board"):
        yield from _of_standing_office(user)


def _is_returned(row: ShelfRow) -> bool:
    return row.report is not None and row.report.state == ReportState.RETURNED


def _own(user, row: ShelfRow, holidays, calls) -> Iterator[Item]:
    report = row.report
    if report is None:
        yield _to_write(row, holidays, "Lập báo cáo", reverse("reports:reports"), "Chưa bắt đầu.")
    elif _is_returned(row):
        yield _returned(user, row, calls[report.pk], holidays)
    elif report.is_open:
        yield _draft(user, row, holidays)
    elif report.state in IN_QUEUE:
        yield Item(
            group=Group.WAITING,
            what=_name(row),
            why=f"Phiếu tiếp nhận số {report.receipt}. Phòng Nội vụ xem xét theo thứ tự nộp.",
            url=report.get_absolute_url(),
            day=clock.local(report.submitted_at).date(),
            tone=Tone.WAIT,
            status=report.get_state_display(),
        )
    elif report.state == ReportState.ACCEPTED and report.reviewed_at > clock.now() - RECENT:
        yield _done(report, "Phòng Nội vụ chấp nhận.")


def _draft(user, row: ShelfRow, holidays) -> Item:
    report = row.report
    is_ready = row.answered == row.asked and not problems_of(report)
    if not is_ready:
        why = f"Đã trả lời {row.answered} trên {row.asked} tiêu chí."
        return _to_write(row, holidays, "Viết tiếp", report.get_absolute_url(), why)
    if user.has_perm("reports.submit_report", report):
        return _to_write(row, holidays, "Đọc và nộp", report.get_absolute_url(), "Đã đủ, chờ bạn đọc và nộp.")
    return Item(
        group=Group.WAITING,
        what=_name(row),
        why="Đã đủ mọi tiêu chí. Thủ trưởng đọc và nộp.",
        url=report.get_absolute_url(),
        day=_due_day(row),
        tone=Tone.WAIT,
        status="Chờ thủ trưởng nộp",
    )


def _to_write(row: ShelfRow, holidays, button, url, why) -> Item:
    due = _due_day(row)
    left = clock.working_days_between(clock.today(), due, holidays)
    is_past = row.due_at <= clock.now()
    return Item(
        group=Group.TODO,
        what=_name(row),
        why=f"{why} Hạn nộp {clock.local(row.due_at):%H:%M ngày %d/%m/%Y}.",
        url=url,
        day=due,
        button=button,
        tone=Tone.STOP if is_past else Tone.WAIT,
        day_note=_time_left(left, is_past=is_past),
    )


def _time_left(days: int, *, is_past: bool) -> str:
    if is_past:
        return f"quá hạn {-days} ngày làm việc" if days < 0 else "quá hạn hôm nay"
    return f"còn {days} ngày làm việc" if days else "hạn hôm nay"


def _returned(user, row: ShelfRow, calls: list[Call], holidays) -> Item:
    """The nearest day counts; a head whose people have answered everything is asked to send it back."""
    due = min(call.due_at for call in calls)
    left = clock.working_days_between(clock.today(), clock.local(due).date(), holidays)
    is_past, name = due <= clock.now(), f"{_name(row)[:1].lower()}{_name(row)[1:]}"
    is_ready = all(remark.is_answered for call in calls for remark in call.remarks)
    sends = is_ready and user.has_perm("reports.submit_report", row.report)
    return Item(
        group=Group.TODO,
        what=f"Gửi lại {name}" if sends else f"Sửa {', '.join(call.codes for call in calls)}, {name}",
        why=" ".join(_told(call) for call in calls),
        url=row.report.get_absolute_url(),
        day=clock.local(due).date(),
        button="Đọc và gửi lại" if sends else "Sửa báo cáo",
        tone=Tone.STOP,
        day_note=_time_left(left, is_past=is_past),
    )


def _told(call: Call) -> str:
    due = clock.local(call.due_at)
    return f"{call.office} trả lại {call.codes}: “{call.reason}” Gửi lại trước {due:%H:%M ngày %d/%m/%Y}."


def _name(row: ShelfRow) -> str:
    return f"Báo cáo năm {row.period.year}, {row.unit.name}"


def _due_day(row: ShelfRow | Period) -> date:
    return clock.local(row.due_at).date()


def _done(report, why) -> Item:
    day = clock.local(report.reviewed_at).date()
    return Item(group=Group.DONE, what=str(report), why=why, url=report.get_absolute_url(), day=day, tone=Tone.DONE)


def _of_standing_office(user) -> Iterator[Item]:
    waiting = list(queue_for(user).values_list("submitted_at", flat=True))
    if waiting:
        yield Item(
            group=Group.TODO,
            what=f"Xem xét {len(waiting)} báo cáo đã nộp",
            why="Theo thứ tự nộp; báo cáo chờ lâu nhất đứng đầu.",
            url=reverse("reports:queue"),
            day=clock.local(waiting[0]).date(),
            button="Mở hàng đợi",
            tone=Tone.WORK,
            day_note="nộp sớm nhất",
        )
    for wish in WithdrawalRequest.objects.visible_to(user).waiting().select_related("report__unit", "report__period"):
        yield _wish(wish)
    for period in Period.objects.overdue():
        yield from _overdue(period)
    recent = AnnualReport.objects.accepted().filter(reviewed_by=user, reviewed_at__gt=clock.now() - RECENT)
    for report in recent.select_related("unit", "period"):
        yield _done(report, "Bạn đã chấp nhận.")


def _wish(wish: WithdrawalRequest) -> Item:
    return Item(
        group=Group.TODO,
        what=f"{wish.report.unit.name} xin rút báo cáo năm {wish.report.period.year}",
        why=f"“{wish.reason}”",
        url=wish.report.get_absolute_url(),
        day=clock.local(wish.asked_at).date(),
        button="Trả lời",
        tone=Tone.WAIT,
        day_note="xin lúc",
    )


def _overdue(period: Period) -> Iterator[Item]:
    late = [row for row in board_of(period).rows if row.punctuality == Punctuality.OVERDUE]
    if late:
        yield Item(
            group=Group.TODO,
            what=f"{len(late)} đơn vị quá hạn, chưa nộp báo cáo năm {period.year}",
            why=_names(late),
            url=reverse("reports:board", args=[period.year], query={"trang-thai": "overdue"}),
            day=_due_day(period),
            button="Xem tiến độ",
            tone=Tone.STOP,
            day_note="quá hạn",
        )


def _names(rows) -> str:
    first = ", ".join(row.unit.short_name for row in rows[:5])
    return f"{first} và {len(rows) - 5} đơn vị khác." if len(rows) > 5 else f"{first}."
