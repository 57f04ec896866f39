"""What is unusual in a report, for the reviewer to see first."""

from dataclasses import dataclass

from phongtho_thidua.lib.tones import Tone
from reports.models import AnnualReport, VerificationState
from reports.selectors.sheet import Block

_COUNTED = {
    VerificationState.DIFFERS: (Tone.STOP, "số liệu có số thẩm tra khác số báo cáo"),
    VerificationState.RETURNED: (Tone.STOP, "số liệu cơ quan chủ trì đã trả lại, chờ đơn vị sửa"),
    VerificationState.WAITING: (Tone.WAIT, "số liệu chưa được cơ quan chủ trì thẩm tra"),
}


@dataclass(frozen=True)
class Notice:
    """One thing to look at: `anchor` leads to its place, "" when it concerns several; `reason` is the unit's own."""

    tone: Tone
    words: str
    anchor: str = ""
    reason: str = ""


def attention_of(report: AnnualReport, blocks: list[Block], counts: dict[str, int]) -> list[Notice]:
    """What offices found (`add_differences`), then warnings with the unit's explanation, then words of last year."""
    return [*_verified(counts), *_warned(blocks), *_copied(blocks, report.period.year - 1)]


def _verified(counts):
    return [Notice(tone, f"{counts[state]} {words}") for state, (tone, words) in _COUNTED.items() if counts.get(state)]


def _warned(blocks):
    lines = [(block, line) for block in blocks if block.entry.applies for line in block.lines]
    return [
        Notice(Tone.WAIT, f"{block.criterion.code}: {' '.join(line.warnings)}", line.key, line.explanation)
        for block, line in lines
        if line.warnings
    ]


def _copied(blocks, year: int):
    codes = [block.criterion.code for block in blocks if block.is_unchanged]
    return [Notice(Tone.IDLE, f"Giữ nguyên lời như năm {year}: {', '.join(codes)}")] if codes else []
