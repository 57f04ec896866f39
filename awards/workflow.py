"""The path of a nomination: written and submitted by the unit (III.2.1), judged by Phòng Nội vụ (VI.1)."""

from phongtho_thidua.lib.tones import Tone
from phongtho_thidua.lib.workflow import Step, table

from .models import NominationState as S
from .models import RoundState

_HEAD_ONLY = "Chỉ thủ trưởng đơn vị trình được."
_REVIEWERS = "Chỉ Phòng Nội vụ xem xét được, và không phải người đã soạn hoặc trình chính đề nghị này."

STEPS = table(
    Step(
        "submit",
        frozenset({S.DRAFT, S.RETURNED}),
        S.SUBMITTED,
        "awards.submit_nomination",
        "Trình Phòng Nội vụ",
        "trình đề nghị",
        _HEAD_ONLY,
    ),
    Step(
        "withdraw",
        frozenset({S.SUBMITTED}),
        S.DRAFT,
        "awards.withdraw_nomination",
        "Rút đề nghị về",
        "rút đề nghị về để sửa",
        "Chỉ thủ trưởng đơn vị rút về được, khi đợt còn nhận đề nghị.",
    ),
    Step(
        "eligible",
        frozenset({S.SUBMITTED}),
        S.ELIGIBLE,
        "awards.review_nomination",
        "Đủ điều kiện",
        "xác nhận đủ điều kiện",
        _REVIEWERS,
        needs_note=True,
    ),
    Step(
        "return",
        frozenset({S.SUBMITTED}),
        S.RETURNED,
        "awards.review_nomination",
        "Trả lại bổ sung",
        "trả lại để bổ sung",
        _REVIEWERS,
        needs_note=True,
    ),
    Step(
        "not_eligible",
        frozenset({S.SUBMITTED}),
        S.NOT_ELIGIBLE,
        "awards.review_nomination",
        "Không đủ điều kiện",
        "xác nhận không đủ điều kiện",
        _REVIEWERS,
        needs_note=True,
        danger=True,
    ),
    Step(
        "reopen",
        frozenset({S.ELIGIBLE, S.NOT_ELIGIBLE}),
        S.SUBMITTED,
        "awards.review_nomination",
        "Mở lại xem xét",
        "mở lại để xem xét",
        _REVIEWERS,
        needs_note=True,
        danger=True,
    ),
)

TONES = {
    S.DRAFT: Tone.WORK,
    S.SUBMITTED: Tone.WAIT,
    S.RETURNED: Tone.STOP,
    S.ELIGIBLE: Tone.DONE,
    S.NOT_ELIGIBLE: Tone.IDLE,
}
ROUND_TONES = {
    RoundState.NOT_OPEN: (Tone.IDLE, ""),
    RoundState.OPEN: (Tone.WORK, ""),
    RoundState.CLOSED: (Tone.IDLE, "lock-fill"),
}
UNIT_STEPS = frozenset({"submit", "withdraw"})
# The head above the reviewer's reason; in other states the reason is of an earlier time.
VERDICTS = {
    S.RETURNED: "Trả lại để bổ sung",
    S.ELIGIBLE: "Đủ điều kiện",
    S.NOT_ELIGIBLE: "Không đủ điều kiện",
}
EARLIER_WORDS = "Ý kiến xem xét lần trước"
