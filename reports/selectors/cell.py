"""One cell of the matrix, opened: everything its verifier needs to judge the figure."""

from dataclasses import dataclass, field
from decimal import Decimal

from criteria.models import Target
from criteria.scoring import AnswerKind
from phongtho_thidua.lib.vietnamese import format_number
from phongtho_thidua.lib.workflow import Choice, choices
from reports.models import EvidenceUse, Figure, Recognition, Remark, ReportState, Verification, VerificationState
from reports.models.report import HANDED_IN
from reports.models.verification import VERIFIABLE
from reports.selectors.leads import leads
from reports.selectors.matrix import sectors_of
from reports.workflow import VERIFYING
from units import audit
from units.models import AuditEvent


@dataclass(frozen=True)
class Opened:
    """`row` is None where the unit gave no value; `why_not` says why this reader has no decision to take."""

    figure: Figure
    row: Verification | None
    recognition: Recognition | None
    before: Figure | None
    goals: list[str]
    evidence: list[EvidenceUse]
    remark: Remark | None
    history: list[AuditEvent]
    choices: list[Choice] = field(default_factory=list)
    why_not: str = ""

    @property
    def is_hidden(self) -> bool:
        """While the unit corrects the figure, what it types is its own."""
        return self.figure.reopened

    @property
    def is_waiting(self) -> bool:
        return self.row is not None and self.row.state == VerificationState.WAITING

    @property
    def differs(self) -> bool:
        return self.row is not None and self.row.state == VerificationState.DIFFERS

    @property
    def difference(self) -> str:
        """`+325 (3,6%)`: by how much the unit reports more than the office found."""
        if not self.row or self.row.value is None or self.figure.value is None:
            return ""
        gap = self.figure.value - self.row.value
        share = f" ({format_number(abs(gap) * 100 / self.row.value, 1)}%)" if self.row.value else ""
        return f"{'+' if gap > 0 else ''}{format_number(gap)}{share}" if gap else ""

    @property
    def jump(self) -> str:
        """`Tăng 4,1 lần so với năm 2023`: a figure at least twice or at most half of last year's."""
        return jump(self.figure.value, self.before.value if self.before else None, self.figure.report.period.year - 1)

    @property
    def may_judge(self) -> bool:
        return any(one.allowed for one in self.choices)


def jump(value: Decimal | None, before: Decimal | None, year: int) -> str:
    if not value or not before:
        return ""
    if value >= 2 * before:
        return f"Tăng {format_number(value / before, 1)} lần so với năm {year}"
    return f"Giảm {format_number(before / value, 1)} lần so với năm {year}" if 2 * value <= before else ""


def figure_for(user, pk: int) -> Figure:
    """The figure of one cell, for somebody who may see that sector. Raises Figure.DoesNotExist for everybody else."""
    figures = Figure.objects.filter(indicator__criterion__sector__code__in=sectors_of(user))
    figures = figures.filter(report__state__in=HANDED_IN)
    related = ("report__unit", "report__period", "indicator__criterion__sector", "saved_by", "verification__by")
    return figures.select_related(*related, "recognition__by").get(pk=pk)


def opened(user, figure: Figure) -> Opened:
    row = getattr(figure, "verification", None)
    is_open = row is not None and (not figure.reopened or row.state == VerificationState.RETURNED)
    sector = figure.indicator.criterion.sector.code
    return Opened(
        figure=figure,
        row=row,
        recognition=getattr(figure, "recognition", None) if figure.report.state == ReportState.ACCEPTED else None,
        before=_before(figure),
        goals=_goals(figure),
        evidence=list(figure.evidence_uses.select_related("evidence__attachment__file")),
        remark=Remark.objects.visible_to(user).filter(figure=figure).order_by("-pk").first(),
        history=audit.history_of(row) if row else [],
        choices=choices(VERIFYING, row, user) if is_open and figure.report.state in VERIFIABLE else [],
        why_not=_why_not(user, figure, row, sector),
    )


def _goals(figure) -> list[str]:
    targets = Target.objects.in_year(figure.report.period.year).filter(indicator=figure.indicator_id)
    return [target.goal for target in targets.select_related("indicator")]


def _before(figure) -> Figure | None:
    """Last year's figure with what was recognised of it; the code outlives a set of criteria."""
    last = Figure.objects.filter(
        report__unit=figure.report.unit_id,
        report__period__year=figure.report.period.year - 1,
        report__state__in=HANDED_IN,
        indicator__code=figure.indicator.code,
        answer=AnswerKind.VALUE,
    )
    return last.select_related("indicator", "recognition").first()


def _why_not(user, figure, row, sector) -> str:
    if row is None:
        return "Đơn vị không có số liệu ở chỉ tiêu này nên không có gì để thẩm tra."
    if figure.report.state == ReportState.ACCEPTED:
        return "Phòng Nội vụ đã chấp nhận báo cáo. Muốn thẩm tra lại, đề nghị Phòng Nội vụ mở lại báo cáo."
    if not user.has_perm("reports.verify_figure", row):
        verifier = leads().verifier(sector, figure.report.unit_id)
        if figure.report.unit_id in user.unit_ids:
            return f"Không ai thẩm tra số liệu của chính đơn vị mình. {verifier} thẩm tra số liệu này."
        return f"Chỉ {verifier} thẩm tra được số liệu này."
    return "Đơn vị đang sửa số liệu này. Thẩm tra khi đơn vị gửi lại." if figure.reopened else ""
