"""The processes of the year around the report, each a table of steps."""

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import Tone
from phongtho_thidua.lib.vietnamese import format_day
from phongtho_thidua.lib.workflow import Step, table

from .models import ExtensionState, FindingState, InspectionState, RegistrationState

ONLY_INSPECTORS = (
    "Chỉ Phòng Nội vụ, cơ quan chủ trì lĩnh vực, Thanh tra, Mặt trận và đoàn thể lập kế hoạch kiểm tra, giám sát."
)
ONLY_THE_LEADER = "Chỉ cơ quan chủ trì đợt kiểm tra này ghi được."

INSPECTION_STEPS = table(
    Step(
        "carry_out",
        frozenset({InspectionState.PLANNED}),
        InspectionState.CARRIED_OUT,
        "campaigns.lead_inspection",
        "Ghi kết quả kiểm tra",
        "ghi kết quả kiểm tra",
        ONLY_THE_LEADER,
    ),
    Step(
        "close",
        frozenset({InspectionState.CARRIED_OUT}),
        InspectionState.CLOSED,
        "campaigns.lead_inspection",
        "Khép lại đợt kiểm tra",
        "khép lại đợt kiểm tra",
        ONLY_THE_LEADER,
    ),
)
INSPECTION_TONES = {
    InspectionState.PLANNED: Tone.IDLE,
    InspectionState.CARRIED_OUT: Tone.WORK,
    InspectionState.CLOSED: Tone.DONE,
}

FINDING_STEPS = table(
    Step(
        "answer",
        frozenset({FindingState.OPEN}),
        FindingState.ANSWERED,
        "campaigns.answer_finding",
        "Báo đã thực hiện",
        "báo đã thực hiện kiến nghị",
        "Chỉ cán bộ đầu mối hoặc thủ trưởng đơn vị được kiểm tra báo thực hiện.",
        needs_note=True,
    ),
    Step(
        "send_back",
        frozenset({FindingState.ANSWERED}),
        FindingState.OPEN,
        "campaigns.follow_finding",
        "Yêu cầu làm tiếp",
        "yêu cầu làm tiếp kiến nghị",
        ONLY_THE_LEADER,
        needs_note=True,
    ),
    Step(
        "close",
        frozenset({FindingState.OPEN, FindingState.ANSWERED}),
        FindingState.CLOSED,
        "campaigns.follow_finding",
        "Xác nhận đã xong",
        "xác nhận kiến nghị đã xong",
        ONLY_THE_LEADER,
        needs_note=True,
    ),
)
FINDING_TONES = {FindingState.OPEN: Tone.WORK, FindingState.ANSWERED: Tone.WAIT, FindingState.CLOSED: Tone.DONE}

ONLY_THE_UNIT_ASKS = "Chỉ cán bộ đầu mối hoặc thủ trưởng của đơn vị phải báo cáo xin gia hạn được."
_ANSWERERS = "Chỉ Phòng Nội vụ trả lời được, và không phải người đã xin."

EXTENSION_STEPS = table(
    Step(
        "grant",
        frozenset({ExtensionState.ASKED}),
        ExtensionState.GRANTED,
        "campaigns.answer_extension",
        "Gia hạn",
        "gia hạn nộp báo cáo",
        _ANSWERERS,
    ),
    Step(
        "refuse",
        frozenset({ExtensionState.ASKED}),
        ExtensionState.REFUSED,
        "campaigns.answer_extension",
        "Không gia hạn",
        "không gia hạn nộp báo cáo",
        _ANSWERERS,
        needs_note=True,
    ),
)
EXTENSION_TONES = {
    ExtensionState.ASKED: Tone.WAIT,
    ExtensionState.GRANTED: Tone.DONE,
    ExtensionState.REFUSED: Tone.STOP,
}

ONLY_OWN_REGISTRATION = "Chỉ cán bộ đầu mối hoặc thủ trưởng của đơn vị lập và sửa được đăng ký này."

REGISTRATION_STEPS = table(
    Step(
        "submit",
        frozenset({RegistrationState.DRAFT, RegistrationState.AMENDING}),
        RegistrationState.SUBMITTED,
        "campaigns.submit_registration",
        "Đăng ký",
        "đăng ký thi đua",
        "Chỉ thủ trưởng đơn vị đăng ký được.",
    ),
    Step(
        "amend",
        frozenset({RegistrationState.SUBMITTED}),
        RegistrationState.AMENDING,
        "campaigns.edit_registration",
        "Điều chỉnh",
        "mở điều chỉnh đăng ký",
        ONLY_OWN_REGISTRATION,
        needs_note=True,
    ),
    Step(
        "drop",
        frozenset({RegistrationState.AMENDING}),
        RegistrationState.SUBMITTED,
        "campaigns.edit_registration",
        "Bỏ điều chỉnh",
        "bỏ điều chỉnh, giữ lần đăng ký trước",
        ONLY_OWN_REGISTRATION,
        danger=True,
    ),
)
REGISTRATION_TONES = {
    RegistrationState.DRAFT: Tone.WORK,
    RegistrationState.SUBMITTED: Tone.DONE,
    RegistrationState.AMENDING: Tone.WORK,
}


def too_late_to_amend(registration) -> str:
    """Which rule stops an amendment and who can change it; empty while there is time, to 24:00 of the last day."""
    period = registration.period
    if clock.today() <= period.amends_until or registration.state == RegistrationState.DRAFT:
        return ""
    return (
        f"Đăng ký năm {period.year} điều chỉnh được đến hết ngày {format_day(period.amends_until)}. "
        f"Chỉ Phòng Nội vụ đổi được hạn này, ở trang Đăng ký thi đua năm {period.year}."
    )


def why_registration_closed(registration) -> str:
    """Why nobody of the unit can write in the registration now, and what opens it; empty while it is open."""
    if clock.today().year > registration.period.year:
        return f"Năm {registration.period.year} đã hết, đăng ký không sửa được nữa."
    if registration.state == RegistrationState.SUBMITTED:
        return "Đã đăng ký. Muốn sửa, chọn Điều chỉnh và ghi lý do."
    return too_late_to_amend(registration)
