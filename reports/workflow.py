"""The path of an annual report: drafted and handed in by the unit (I.2, VI.5), reviewed by Phòng Nội vụ (VI.1)."""

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import Step, table

from .models import ReportState as S

_HEAD_ONLY = "Chỉ thủ trưởng đơn vị nộp được."
_REVIEWERS = "Chỉ Phòng Nội vụ xem xét được, và không phải người đã lập hoặc nộp chính báo cáo này."

STEPS = table(
    Step(
        "submit",
        frozenset({S.DRAFT, S.RETURNED}),
        S.SUBMITTED,
        "reports.submit_report",
        "Nộp báo cáo",
        "nộp báo cáo",
        _HEAD_ONLY,
    ),
    Step(
        "withdraw",
        frozenset({S.SUBMITTED}),
        S.DRAFT,
        "reports.submit_report",
        "Rút báo cáo về",
        "rút báo cáo về để sửa",
        "Chỉ thủ trưởng đơn vị rút về được, khi Phòng Nội vụ chưa mở xem xét.",
    ),
    Step(
        "open_review",
        frozenset({S.SUBMITTED}),
        S.REVIEWING,
        "reports.review_report",
        "Mở xem xét",
        "mở xem xét",
        _REVIEWERS,
    ),
    Step(
        "accept",
        frozenset({S.REVIEWING}),
        S.ACCEPTED,
        "reports.review_report",
        "Chấp nhận",
        "chấp nhận báo cáo",
        _REVIEWERS,
    ),
    Step(
        "return",
        frozenset({S.REVIEWING}),
        S.RETURNED,
        "reports.review_report",
        "Trả lại để sửa",
        "trả lại báo cáo để sửa",
        _REVIEWERS,
        needs_note=True,
    ),
    Step(
        "reopen",
        frozenset({S.ACCEPTED}),
        S.REVIEWING,
        "reports.review_report",
        "Mở lại xem xét",
        "mở lại để xem xét",
        _REVIEWERS,
        needs_note=True,
        danger=True,
    ),
)

TONES = {
    S.DRAFT: "work",
    S.SUBMITTED: "wait",
    S.REVIEWING: "wait",
    S.RETURNED: "stop",
    S.ACCEPTED: "done",
}

ONLY_THE_UNIT = "Chỉ cán bộ đầu mối hoặc thủ trưởng của đơn vị lập và sửa được báo cáo này."
BEING_WRITTEN = "Đơn vị đang lập báo cáo này. Phòng Nội vụ đọc được khi thủ trưởng đã nộp."

_CLOSED = {
    S.SUBMITTED: "Báo cáo đã nộp. Thủ trưởng đơn vị rút về được khi Phòng Nội vụ chưa mở xem xét.",
    S.REVIEWING: "Phòng Nội vụ đang xem xét báo cáo. Muốn sửa, đề nghị Phòng Nội vụ trả lại.",
    S.ACCEPTED: "Báo cáo đã được chấp nhận. Muốn sửa, đề nghị Phòng Nội vụ mở lại.",
}


def why_closed(report) -> str:
    """Why nobody can write in `report` now, and who can change that; empty while it is open."""
    return locked_since(report.period) if report.is_locked else _CLOSED.get(report.state, "")


def locked_since(period) -> str:
    when = clock.local(period.locks_at)
    return f"Kỳ báo cáo năm {period.year} đã khóa từ {when:%H:%M ngày %d/%m/%Y}. Chỉ Phòng Nội vụ đổi được thời hạn."


def told(report) -> str:
    """What the page says once a step was taken."""
    match report.state:
        case S.SUBMITTED:
            when = clock.local(report.submitted_at)
            return f"Đã nộp lúc {when:%H:%M, %d/%m/%Y}. Phiếu tiếp nhận số {report.receipt}."
        case S.DRAFT:
            due = clock.local(report.period.due_at)
            return f"Đã rút báo cáo về. Nộp lại trước {due:%H:%M ngày %d/%m/%Y}."
        case _:
            return f"{report.unit.name}: {report.get_state_display().lower()}."
