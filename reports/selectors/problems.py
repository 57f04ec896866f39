"""Why a report cannot be handed in yet: each reason with the place on the page where it is put right."""

from dataclasses import dataclass

from reports.models import AnnualReport
from reports.models.report import SHORTEST_EXEMPTION
from reports.selectors.names import name_of
from reports.selectors.sheet import Block, blocks_of, in_sentence


@dataclass(frozen=True)
class Problem:
    anchor: str
    sentence: str


def problems_of(report: AnnualReport) -> list[Problem]:
    return problems_in(blocks_of(report))


def problems_in(blocks: list[Block]) -> list[Problem]:
    """In the order of the page; an empty list means that the head may hand the report in."""
    return [problem for block in blocks for problem in _of_block(block)]


def unanswered_in(remarks) -> list[Problem]:
    """What a returned report still owes: neither changed nor with a reason why it stays."""
    return [
        Problem(remark.answer.key, f"{name_of(remark.answer)}: chưa sửa, cũng chưa ghi lý do giữ nguyên.")
        for remark in remarks
        if not remark.is_answered
    ]


def _of_block(block: Block):
    entry, code = block.entry, block.criterion.code
    if not entry.applies:
        if len(entry.narrative) < SHORTEST_EXEMPTION:
            sentence = f"{code}: ghi lý do tiêu chí không liên quan, ít nhất {SHORTEST_EXEMPTION} ký tự."
            yield Problem(f"{entry.key}-narrative", sentence)
        return
    for line in block.lines:
        if line.figure and not line.figure.answer:
            yield Problem(line.key, f"{code}: chưa trả lời {in_sentence(line.indicator.name)}.")
        for sentence in line.unexplained:
            yield Problem(f"{line.key}-explanation", f"{code}: {sentence}")
    if not block.lines and not entry.narrative:
        yield Problem(f"{entry.key}-narrative", f"{code}: chưa ghi kết quả thực hiện.")
    if not entry.grade:
        yield Problem(f"{entry.key}-grade", f"{code}: chưa tự đánh giá.")
