"""The form of a kind of unit on paper, for meetings and villages without a network: to be filled in by hand."""

from django.conf import settings

from campaigns.models import Period
from criteria.models import Criterion, Indicator, IndicatorKind
from criteria.scoring import Grade
from phongtho_thidua.lib.documents.model import (
    NBSP,
    Block,
    Column,
    Document,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    roman,
)
from reports.models import AnnualReport

BOX = "□"
_LINE = "…" * 30  # a line of the page, less the indent
_DAY = "…/…/……"
_ROOM = {
    IndicatorKind.DATE: _DAY,
    IndicatorKind.DOCUMENT: "Số …………\nngày …………",
    IndicatorKind.YES_NO: f"{BOX} Có   {BOX} Không",
}
_NO_FIGURE = f"{BOX} Không áp dụng, vì …………\n{BOX} Chưa có, dự kiến {_DAY}"
_LINES_OF_WORDS = 4

Before = dict[str, str]  # last year's answers in words, by the code of the indicator or criterion


def blank_form(*, kind_name: str, period: Period, criteria: list[Criterion], last: AnnualReport | None) -> Document:
    """The document of the form. `criteria` as `forms_for` gives them; `last` is the unit's report of last year."""
    before = _before(last) if last else {}
    issuer = last.unit.name if last else "…" * 10
    return Document(
        kind_name="BÁO CÁO",
        subject=f"Kết quả Phong trào thi đua “{period.campaign.title}” năm {period.year}",
        title=f"Mẫu báo cáo năm {period.year}, {kind_name}",
        letterhead=Letterhead(period.campaign.issuer, issuer),
        symbol="BC",
        blocks=tuple(_blocks(kind_name, criteria, before, period.year)),
        signature=Signature(("Thủ trưởng đơn vị",)),
        sample=bool(last and last.is_sample) or settings.SAMPLE_DATE is not None,
    )


def _before(last: AnnualReport) -> Before:
    words = {figure.indicator.code: figure.words for figure in last.figures.select_related("indicator")}
    entries = last.entries.select_related("criterion")
    return words | {entry.criterion.code: entry.get_grade_display() for entry in entries}


def _blocks(kind_name: str, criteria: list[Criterion], before: Before, year: int):
    yield Paragraph.of(
        f"Mẫu điền tay dành cho: {kind_name}. Mỗi chỉ tiêu ghi số liệu hoặc đánh dấu một ô bên phải; "
        "số 0 cũng là số liệu. Bản đã ký là căn cứ để nhập vào hệ thống."
    )
    themes = list(dict.fromkeys(criterion.theme for criterion in criteria))
    for number, theme in enumerate(themes, start=1):
        of_theme = [criterion for criterion in criteria if criterion.theme == theme]
        yield Heading(f"{roman(number)}. {of_theme[0].get_theme_display()}", 1)
        for criterion in of_theme:
            yield from _criterion(criterion, before, year)
    yield Paragraph.of(f"Người lập (ký, ghi rõ họ tên): {'…' * 15}")


def _criterion(criterion: Criterion, before: Before, year: int):
    yield Heading(f"{criterion.code}. {criterion.title}", 2)
    yield Paragraph.of(f"“{criterion.wording}” (mục {criterion.clause})")
    yield Paragraph.of(f"{BOX} Tiêu chí này không liên quan đến đơn vị, vì {'…' * 7}")
    asked = [indicator for indicator in criterion.asked if not indicator.is_derived]
    if asked:
        yield _table(asked, before, year)
    yield Paragraph.of("Kết quả thực hiện:")
    yield from [Paragraph.of(_LINE)] * _LINES_OF_WORDS
    graded = f" (năm {year - 1}: {before[criterion.code].lower()})" if before.get(criterion.code) else ""
    boxes = (f"{BOX} {grade.label}".replace(" ", NBSP) for grade in Grade)
    yield Paragraph.of(f"Tự đánh giá{graded}: {', '.join(boxes)}")


def _table(asked: list[Indicator], before: Before, year: int) -> Block:
    columns = [
        Column("Chỉ tiêu", width=7),
        Column("Đơn vị tính", width=3),
        Column(f"Năm {year}", width=4),
        Column("Nếu không có số liệu", width=8),
    ]
    if before:
        columns.insert(2, Column(f"Năm {year - 1}", width=4))
    return Table("", tuple(columns), tuple(_row(indicator, before) for indicator in asked))


def _row(indicator: Indicator, before: Before) -> tuple[str, ...]:
    row = [indicator.name, indicator.unit, _ROOM.get(indicator.kind, "…" * 6), _NO_FIGURE]
    if before:
        row.insert(2, before.get(indicator.code) or "–")
    return tuple(row)
