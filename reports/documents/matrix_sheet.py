"""The matrix as a workbook: one row for each figure of the reader's sectors, numbers as numbers, text as text."""

from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from campaigns.models import Period
from criteria.models import IndicatorKind
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import format_day
from reports.models import Verification, VerificationState

_HEAD = (
    ("Đơn vị", 28), ("Mã", 8), ("Chỉ tiêu", 46), ("Đơn vị tính", 14), ("Số báo cáo", 16), ("Kết quả thẩm tra", 18),
    ("Số thẩm tra", 16), ("Nguồn", 36), ("Ghi chú", 46), ("Người thẩm tra", 24), ("Thẩm tra lúc", 18),
)  # fmt: skip
_SAID = (VerificationState.AGREES, VerificationState.DIFFERS)


def workbook(period: Period, rows: Iterable[Verification]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"Thẩm tra {period.year}")
    sheet.freeze_panes = "B2"
    for place, (_, width) in enumerate(_HEAD):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.append([_text(sheet, label, bold=True) for label, _ in _HEAD])
    for row in rows:
        sheet.append(_line(sheet, row))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _line(sheet, row: Verification) -> list:
    figure, indicator = row.figure, row.figure.indicator
    return [
        _text(sheet, figure.report.unit.name),
        _text(sheet, indicator.criterion.code),
        _text(sheet, indicator.name),
        _text(sheet, indicator.unit),
        None if figure.reopened else _value(sheet, indicator, figure),  # the unit is writing in it
        _text(sheet, row.get_state_display()),
        _value(sheet, indicator, row) if row.state in _SAID else None,
        _text(sheet, row.source),
        _text(sheet, row.note),
        _text(sheet, row.by.full_name if row.by else ""),
        _text(sheet, f"{clock.local(row.at):%H:%M %d/%m/%Y}" if row.at else ""),
    ]


def _value(sheet, indicator, said):
    match indicator.kind:
        case IndicatorKind.YES_NO:
            return None if said.value is None else _text(sheet, "Có" if said.value else "Không")
        case IndicatorKind.DATE:
            return _text(sheet, format_day(said.day)) if said.day else None
        case IndicatorKind.DOCUMENT:
            return _text(sheet, said.document)
        case _:
            return said.value


def _text(sheet, value: str, *, bold: bool = False) -> WriteOnlyCell:
    """Always a string: `=1+1` is what somebody wrote, and nothing that Excel works out."""
    cell = WriteOnlyCell(sheet)
    cell.value = value
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
