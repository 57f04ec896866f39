"""The score sheet of a cluster as a document: points of every unit on every line, and the places."""

from decimal import Decimal

from django.conf import settings

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.documents.model import Column, Document, Letterhead, Number, Paragraph, Signature, Table, Text
from phongtho_thidua.lib.vietnamese import format_number
from reports.models import Stage
from reports.selectors.scores import Sheet, SheetRow


def paper_of(sheet: Sheet) -> Document:
    """What the reader of `sheet` may see of it; meant for Excel, one sheet a table."""
    campaign, points = sheet.period.campaign, (_points(sheet, stage) for stage in Stage)
    return Document(
        subject=f"Bảng điểm {sheet.cluster.name} năm {sheet.period.year}",
        kind_name="BẢNG ĐIỂM",
        title=f"Bảng điểm {sheet.cluster.name} năm {sheet.period.year}",
        letterhead=Letterhead(campaign.issuer, sheet.cluster.name),
        symbol="BĐ-KTĐ",
        place=campaign.issuer.rpartition("huyện ")[2],
        blocks=(Paragraph.of(_opening(sheet)), _lines(sheet), *points, *_ranks(sheet)),
        signature=Signature((f"TM. {sheet.cluster.name}", "Trưởng khối")),
        sample=settings.SAMPLE_DATE is not None or sheet.cluster.is_sample,
    )  # fmt: skip


def _opening(sheet: Sheet) -> str:
    now = clock.now()
    return (
        f"Điểm đến {now:%H:%M ngày %d/%m/%Y}. Các tiêu chí cho nhiều nhất {format_number(sheet.most)} điểm; "
        "điểm thưởng cộng thêm, điểm trừ trừ đi."
    )


def _lines(sheet: Sheet) -> Table:
    columns = (
        Column("Số TT", kind="number", width=2),
        Column("Nội dung chấm", width=10),
        Column("Tiêu chí", width=2),
        Column("Loại điểm", width=4),
        Column("Tối đa", kind="number", width=2),
    )
    rows = (
        (Number(place), item.name, item.criterion.code if item.criterion else "", item.get_kind_display(),
         _number(item.most))
        for place, item in enumerate(sheet.items, 1)
    )  # fmt: skip
    return Table("Nội dung chấm", columns, tuple(rows))


def _points(sheet: Sheet, stage: Stage) -> Table:
    heads = (Column(f"{place}. {item.name}", kind="number", width=3) for place, item in enumerate(sheet.items, 1))
    columns = (Column("Đơn vị", width=4), *heads, Column("Tổng điểm", kind="number", width=2))
    return Table(
        f"Điểm: {stage.label.lower()}", columns, tuple(_row(row, sheet, stage) for row in sheet.rows), dense=True
    )


def _row(row: SheetRow, sheet: Sheet, stage: Stage) -> tuple[Text | None, ...]:
    points = (_number(row.score(item).points(stage)) for item in sheet.items)
    return (row.member.short_name, *points, _number(row.total(sheet.items, stage)))


def _ranks(sheet: Sheet) -> list[Table]:
    if not sheet.rankings:
        return []
    columns = (
        Column("Thứ hạng", kind="number", width=2),
        Column("Đơn vị", width=4),
        Column("Tổng điểm", kind="number", width=2),
        Column("Cách xếp", width=10),
    )
    rows = ((Number(one.place), one.unit.short_name, _number(one.points), " ".join(one.path)) for one in sheet.rankings)
    return [Table("Xếp hạng", columns, tuple(rows))]


def _number(points: Decimal | None) -> Number | None:
    return None if points is None else Number(Decimal(format(points.normalize(), "f")))
