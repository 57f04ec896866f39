"""The overall assessment: what the figures say about the plan's targets, and nothing that they do not say."""

from campaigns.models import Period
from criteria.models import Scope
from criteria.targets import Status
from phongtho_thidua.lib.documents.model import Block, Bullets, Number, Paragraph
from reports.sections.cells import outcome_data
from reports.sections.results import judged, target_line
from reports.selectors.summary import criteria_of, outcomes

_ORDER = (Status.MET, Status.NOT_DUE, Status.NOT_MET, Status.NO_DATA, Status.NOT_APPLICABLE)
_WORDS = {
    Status.MET: "Chỉ tiêu đạt đích",
    Status.NOT_DUE: "Chỉ tiêu chưa đến hạn, còn thiếu so với đích",
    Status.NOT_MET: "Chỉ tiêu chưa đạt đích",
    Status.NO_DATA: "Chỉ tiêu chưa đủ số liệu để đánh giá",
    Status.NOT_APPLICABLE: "Chỉ tiêu không áp dụng",
}


def gather(period: Period) -> dict:
    found = outcomes(period)
    return {
        "targets": [
            [outcome_data(one, found[one.pk]), judged(target, one, found[one.pk], period)]
            for criterion in criteria_of(period)
            for one in criterion.indicators.all()
            for target in one.targets.all()
        ]
    }


def lay_out(data: dict) -> list[Block]:
    of_district = [pair for pair in data["targets"] if pair[1]["scope"] == Scope.DISTRICT]
    of_units = [pair for pair in data["targets"] if pair[1]["scope"] == Scope.UNIT]
    met = sum(target["status"] == Status.MET for _, target in of_district)
    blocks = [
        Paragraph.of(
            "Đối chiếu với các đích của Kế hoạch cho toàn huyện: ",
            Number(met), " trên ", Number(len(of_district)), " đích đã đạt.",
        )
    ]  # fmt: skip
    for status in _ORDER:
        lines = [target_line(*pair) for pair in of_district if pair[1]["status"] == status]
        blocks += [Paragraph.of(f"{_WORDS[status]}:"), Bullets.of(*lines)] if lines else []
    if of_units:
        lines = [target_line(*pair) for pair in of_units]
        blocks += [Paragraph.of("Đích của từng đơn vị:"), Bullets.of(*lines)]
    return blocks
