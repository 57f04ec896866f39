"""The path of an annual report: drafted and handed in by the unit (I.2, VI.5), reviewed by Phòng Nội vụ (VI.1)."""

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import Step, table

from .models import ClusterReportState as C
from .models import RemarkState as R
from .models import ReportState as S
from .models import VerificationState as V
from .models import WithdrawalState as W

_HEAD_ONLY = "Chỉ thủ trưởng đơn vị nộp được."
_REVIEWERS = "Chỉ Phòng Nội vụ xem xét được, và không phải người đã lập, viết hoặc nộp chính báo cáo này."
_ASKERS = (
    "Chỉ Phòng Nội vụ và cơ quan chủ trì lĩnh vực trả lại được, và không phải người đã lập, viết hoặc nộp báo cáo này."
)

STEPS = table(
    Step(
        "submit",
        frozenset({S.DRAFT}),
        S.SUBMITTED,
        "reports.submit_report",
        "Nộp báo cáo",
        "nộp báo cáo",
        _HEAD_ONLY,
    ),
    Step(
        "resubmit",
        frozenset({S.RETURNED}),
        S.SUBMITTED,
        "reports.submit_report",
        "Gửi lại",
        "gửi lại báo cáo đã sửa",
        _HEAD_ONLY,
    ),
    Step(
        "withdraw",
        frozenset({S.SUBMITTED}),
        S.DRAFT,
        "reports.withdraw_report",
        "Rút báo cáo về",
        "rút báo cáo về để sửa",
        "Chỉ thủ trưởng đơn vị rút về được, khi Phòng Nội vụ chưa mở xem xét và báo cáo chưa bị trả lại.",
    ),
    Step(
        "withdraw_correction",
        frozenset({S.SUBMITTED}),
        S.RETURNED,
        "reports.withdraw_correction",
        "Rút bản gửi lại",
        "rút bản gửi lại để sửa tiếp",
        "Chỉ thủ trưởng đơn vị rút bản gửi lại được, khi chưa ai xem lại.",
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
        frozenset({S.SUBMITTED, S.REVIEWING, S.RETURNED}),
        S.RETURNED,
        "reports.return_report",
        "Trả lại chỗ đã chọn",
        "trả lại để sửa",
        _ASKERS,
        needs_note=True,
    ),
    Step(
        "resume",
        frozenset({S.RETURNED}),
        S.SUBMITTED,
        "reports.return_report",
        "Rút lại ý kiến trả lại",
        "rút lại ý kiến cuối cùng, báo cáo về như đã nộp",
        _ASKERS,
    ),
    Step(
        "allow_withdrawal",
        frozenset({S.SUBMITTED, S.REVIEWING, S.RETURNED}),
        S.DRAFT,
        "reports.review_report",
        "Cho rút về",
        "cho rút báo cáo về để sửa",
        _REVIEWERS,
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
# Whose buttons they are; steps that ask for more than a reason have forms of their own.
SIDES = {
    "unit": frozenset({"submit", "resubmit", "withdraw", "withdraw_correction"}),
    "office": frozenset({"open_review", "accept", "reopen"}),
}

PAPER_STEPS = table(
    Step(
        "submit_paper",
        frozenset({S.DRAFT}),
        S.SUBMITTED,
        "reports.submit_paper",
        "Nộp theo bản giấy đã ký",
        "nộp báo cáo theo bản giấy đã ký",
        "Chỉ Phòng Nội vụ nộp thay được báo cáo đã nhập từ bản giấy, khi thủ trưởng đơn vị không có tài khoản.",
        needs_note=True,
    ),
)

_ONLY_THE_ASKER = "Chỉ nơi đã trả lại xem lại được, và không phải người có phần lập báo cáo này."

REMARK_STEPS = table(
    Step(
        "answer",
        frozenset({R.OPEN}),
        R.ANSWERED,
        "reports.answer_remark",
        "Gửi lại",
        "gửi lại chỗ đã sửa",
        _HEAD_ONLY,
    ),
    Step(
        "take_back",
        frozenset({R.ANSWERED}),
        R.OPEN,
        "reports.answer_remark",
        "Rút bản gửi lại",
        "rút lại để sửa tiếp",
        _HEAD_ONLY,
    ),
    Step(
        "settle",
        frozenset({R.ANSWERED}),
        R.SETTLED,
        "reports.follow_remark",
        "Đã được",
        "xem lại, đã được",
        _ONLY_THE_ASKER,
    ),
    Step(
        "ask_again",
        frozenset({R.ANSWERED}),
        R.SETTLED,
        "reports.follow_remark",
        "Yêu cầu sửa tiếp",
        "xem lại, chưa được",
        _ONLY_THE_ASKER,
    ),
    Step(
        "drop",
        frozenset({R.OPEN, R.ANSWERED}),
        R.DROPPED,
        "reports.follow_remark",
        "Rút lại ý kiến",
        "rút lại ý kiến",
        _ONLY_THE_ASKER,
    ),
    Step(
        "lapse",
        frozenset({R.OPEN, R.ANSWERED}),
        R.DROPPED,
        "reports.release_remark",
        "Bỏ theo báo cáo",
        "bỏ ý kiến vì báo cáo đã được rút về",
        _REVIEWERS,
    ),
)

WITHDRAWAL_STEPS = table(
    Step(
        "allow",
        frozenset({W.ASKED}),
        W.ALLOWED,
        "reports.answer_withdrawal",
        "Cho rút về",
        "cho rút báo cáo về",
        _REVIEWERS,
    ),
    Step(
        "refuse",
        frozenset({W.ASKED}),
        W.REFUSED,
        "reports.answer_withdrawal",
        "Không cho rút",
        "không cho rút báo cáo về",
        _REVIEWERS,
        needs_note=True,
    ),
)

ONLY_THE_LEAD = (
    "Chỉ cơ quan chủ trì lĩnh vực thẩm tra được, và không thẩm tra số liệu của chính mình; số liệu của cơ quan chủ trì "
    "do Phòng Nội vụ thẩm tra."
)

VERIFYING = table(
    Step(
        "agree",
        frozenset({V.WAITING}),
        V.AGREES,
        "reports.verify_figure",
        "Khớp",
        "thẩm tra: khớp",
        ONLY_THE_LEAD,
    ),
    Step(
        "differ",
        frozenset({V.WAITING}),
        V.DIFFERS,
        "reports.verify_figure",
        "Khác, ghi số thẩm tra",
        "thẩm tra: khác số báo cáo",
        ONLY_THE_LEAD,
    ),
    Step(
        "return",
        frozenset({V.WAITING}),
        V.RETURNED,
        "reports.verify_figure",
        "Trả lại để đơn vị sửa",
        "thẩm tra: trả lại để sửa",
        ONLY_THE_LEAD,
        needs_note=True,
    ),
    Step(
        "reconsider",
        frozenset({V.AGREES, V.DIFFERS}),
        V.WAITING,
        "reports.verify_figure",
        "Thẩm tra lại",
        "mở lại để thẩm tra",
        ONLY_THE_LEAD,
        needs_note=True,
    ),
    Step(
        "take_back",
        frozenset({V.RETURNED}),
        V.WAITING,
        "reports.verify_figure",
        "Rút lại ý kiến trả lại",
        "rút lại ý kiến trả lại",
        ONLY_THE_LEAD,
    ),
)
VERIFICATION_TONES = {V.WAITING: "idle", V.AGREES: "done", V.DIFFERS: "wait", V.RETURNED: "stop"}

TONES = {
    S.DRAFT: "work",
    S.SUBMITTED: "wait",
    S.REVIEWING: "wait",
    S.RETURNED: "stop",
    S.ACCEPTED: "done",
}

ONLY_THE_UNIT = "Chỉ cán bộ đầu mối hoặc thủ trưởng của đơn vị lập và sửa được báo cáo này."
BEING_WRITTEN = "Đơn vị đang lập báo cáo này. Phòng Nội vụ đọc được khi thủ trưởng đã nộp."

STAYS_AS_IT_WAS = "Chỉ chỗ bị trả lại mở ra để sửa; chỗ này giữ nguyên như đã nộp. Cần sửa thêm, xin rút báo cáo."

_CLOSED = {
    S.SUBMITTED: "Báo cáo đã nộp. Thủ trưởng đơn vị rút về được khi Phòng Nội vụ chưa mở xem xét.",
    S.REVIEWING: "Phòng Nội vụ đang xem xét báo cáo. Muốn sửa, thủ trưởng xin rút báo cáo.",
    S.ACCEPTED: "Báo cáo đã được chấp nhận. Muốn sửa, đề nghị Phòng Nội vụ mở lại.",
}


def why_closed(report) -> str:
    """Why nobody can write in `report` now, and who can change that; empty while it is open."""
    return locked_since(report.period) if report.is_locked else _CLOSED.get(report.state, "")


def why_shut(answer) -> str:
    """Why nobody can write in `answer` now; empty while it is open."""
    return why_closed(answer.report) or ("" if answer.is_open else STAYS_AS_IT_WAS)


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
            due = clock.local(report.due_at)
            return f"Đã rút báo cáo về. Nộp lại trước {due:%H:%M ngày %d/%m/%Y}."
        case _:
            return f"{report.unit.name}: {report.get_state_display().lower()}."


CLUSTER_STEPS = table(
    Step(
        "submit",
        frozenset({C.DRAFT, C.RETURNED}),
        C.SUBMITTED,
        "reports.submit_cluster_report",
        "Nộp báo cáo khối",
        "nộp báo cáo khối",
        "Chỉ thủ trưởng của đơn vị trưởng khối nộp được.",
    ),
    Step(
        "return",
        frozenset({C.SUBMITTED}),
        C.RETURNED,
        "reports.return_cluster_report",
        "Trả lại để sửa",
        "trả lại báo cáo khối để sửa",
        "Chỉ Phòng Nội vụ trả lại được.",
        needs_note=True,
    ),
)
CLUSTER_TONES = {C.DRAFT: "work", C.SUBMITTED: "done", C.RETURNED: "stop"}
ONLY_CLUSTER_LEAD = "Chỉ đơn vị trưởng khối lập và sửa báo cáo khối."
