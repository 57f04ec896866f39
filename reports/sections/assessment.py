"""The overall assessment: which targets of the plan are met, and nothing that the figures do not say."""

from campaigns.models import Period
from criteria.models import Scope
from criteria.targets import Status
from phongtho_thidua.lib.documents.model import Block, Bullets, Number, Paragraph
from reports.sections.cells import outcome_data
from reports.sections.results import judged, reached
from reports.selectors.sheet import in_sentence
from reports.selectors.summary import criteria_of, outcomes, standings

_WORDS = {
    Status.MET: "Đã đạt",
    Status.NOT_DUE: "Chưa đạt, chưa đến hạn",
    Status.NOT_MET: "Chưa đạt",
    Status.NO_DATA: "Chưa đủ số liệu để đánh giá",
    Status.NOT_APPLICABLE: "Không áp dụng",
}


def gather(period: Period) -> dict:
    found = outcomes(period)
    expected = [standing for standing in standings(period) if standing.expected]
    return {
        "expected": len(expected),
        "accepted": sum(standing.is_accepted for standing in expected),
        "targets": [
            [outcome_data(one, found[one.pk]), judged(target, one, found[one.pk], period)]
            for criterion in criteria_of(period)
            for one in criterion.indicators.all()
            for target in one.targets.all()
        ],
    }


def lay_out(data: dict) -> list[Block]:
    """Met, not due or not met: the figures stand with the results, under the code in brackets."""
    if not data["accepted"]:
        return [Paragraph.of("Chưa có báo cáo nào được chấp nhận nên chưa đánh giá được.")]
    of_district = [pair for pair in data["targets"] if pair[1]["scope"] == Scope.DISTRICT]
    of_units = [pair for pair in data["targets"] if pair[1]["scope"] == Scope.UNIT]
    lines = [_line(status, of_district) for status in _WORDS]
    blocks = [
        *_caution(data),
        _opening(of_district),
        Bullets.of(*(line for line in lines if line)),
    ]
    for one, target in of_units:
        blocks.append(Paragraph.of(f"Đích của từng đơn vị: {_goal(one, target)}; ", *reached(target), "."))
    return blocks


def _caution(data: dict) -> list[Paragraph]:
    if data["accepted"] == data["expected"]:
        return []
    return [Paragraph.of(
        "Mới có ", Number(data["accepted"]), " trên ", Number(data["expected"]),
        " đơn vị có báo cáo được chấp nhận; đánh giá dưới đây có thể thay đổi khi đủ báo cáo.",
    )]  # fmt: skip


def _opening(of_district: list) -> Paragraph:
    met = sum(target["status"] == Status.MET for _, target in of_district)
    so_far = [Number(met), " trên "] if met else ["chưa có đích nào đạt trong "]
    return Paragraph.of(
        "Đối chiếu với các đích của Kế hoạch cho toàn huyện, ", *so_far, Number(len(of_district)),
        " đích đã đạt:" if met else " đích:",
    )  # fmt: skip


def _line(status: Status, of_district: list) -> str:
    goals = [_goal(one, target) for one, target in of_district if target["status"] == status]
    return f"{_WORDS[status]}: {'; '.join(goals)}." if goals else ""


def _goal(one: dict, target: dict) -> str:
    """`tỷ lệ che phủ rừng, đích ít nhất 47% đến năm 2025 (TK8)`."""
    return f"{in_sentence(one['name'])}, đích {target['goal']} ({one['code'].partition('.')[0]})"
