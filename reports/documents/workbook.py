"""A report as a workbook to be filled in without the site: locked labels, open cells with names, its own identity."""

from dataclasses import dataclass
from io import BytesIO
from math import ceil

from django.conf import settings
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from phongtho_thidua.lib.documents.model import SAMPLE_MARK
from phongtho_thidua.lib.documents.widths import text_mm
from reports.models import AnnualReport
from reports.selectors.sheet import Block, Group, Line
from reports.selectors.workbook import ABOUT, FORMAT, Item, digest_of, entry_item, figure_item, read, shown

HIDDEN = "_he_thong"
HEAD_ROW = 4
_HEADS = (
    ("Mã", 27),
    ("Nội dung, chỉ tiêu", 44),
    ("Đơn vị tính", 14),
    ("Năm trước", 20),
    ("Trả lời", 19),
    ("Số liệu", 18),
    ("Lý do không áp dụng", 30),
    ("Ngày dự kiến có số liệu", 15),
    ("Giải thích", 30),
)
_COLUMN = {"answer": 5, "value": 6, "day": 6, "document": 6, "reason": 7, "expected_on": 8, "explanation": 9}
_FIRST, _LAST = 5, len(_HEADS)  # the columns somebody may write in
_HINT = (
    "Điền vào các ô có nền xanh; ô khác đã khóa. Số thập phân viết bằng dấu phẩy, ngày viết dd/mm/yyyy. "
    "Không đổi chỗ, gộp hay xóa dòng. Điền xong, nạp lại tệp ở trang báo cáo."
)
_LINE_PT, _NARRATIVE_LINES, _HIGHEST_PT = 16, 5, 409
_NARRATIVE_CHARACTERS = 105  # that fit a line of the merged cell
_CHARACTER_MM, _FILLED = 2.0, 0.9  # of the letters of 12 pt; how full a line gets before a word wraps
_MARGINS = PageMargins(*(mm / 25.4 for mm in (30, 15, 20, 20, 8, 8)))

_THIN = Side(style="thin", color="827F76")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_OPEN, _HEAD, _NONE = (
    PatternFill("solid", fgColor="E7EAF5"),
    PatternFill("solid", fgColor="ECEAE4"),
    PatternFill(),
)
_PLAIN, _BOLD = Font(name="Times New Roman", size=12), Font(name="Times New Roman", size=12, bold=True)
_LARGE = Font(name="Times New Roman", size=14, bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_UNLOCKED = Protection(locked=False)
_MAY_TURN_INTO_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Filling:
    """What goes in: the report, its criteria by theme, `typed` as the forms hold it, and which answers are open."""

    report: AnnualReport
    groups: list[Group]
    typed: dict[str, dict[str, str]]  # by the key of the answer
    open_keys: frozenset[str]


def workbook_of(filling: Filling) -> bytes:
    """The .xlsx of a report. A cell somebody wrote is text for ever; only the figures of the report are numbers."""
    return _Writer(filling).finished()


class _Writer:
    def __init__(self, filling: Filling):
        self.filling, self.items = filling, []
        self.book = Workbook()
        self.book.remove(self.book.active)
        self.book.properties.title = str(filling.report)
        self.book.properties.creator = filling.report.unit.name

    def finished(self) -> bytes:
        for group in self.filling.groups:
            self.sheet, self.row, self.lists = self._new_sheet(group.short), HEAD_ROW, {}
            for block in group.blocks:
                self._criterion(block)
            self.sheet.print_area = f"A1:{get_column_letter(_LAST)}{self.row}"
        self._identity()
        content = BytesIO()
        self.book.save(content)
        return content.getvalue()

    def _new_sheet(self, title: str):
        sheet = self.book.create_sheet(title)
        report = self.filling.report
        for row, (text, font) in enumerate(
            ((f"Báo cáo năm {report.period.year}", _LARGE), (report.unit.name, _BOLD), (_HINT, _PLAIN)), start=1
        ):
            _put(sheet.cell(row, 1), text, font)
            sheet.cell(row, 1).border, sheet.cell(row, 1).alignment = Border(), Alignment(wrap_text=False)
        for column, (label, width) in enumerate(_HEADS, start=1):
            _put(sheet.cell(HEAD_ROW, column), label, _BOLD, fill=_HEAD)
            sheet.column_dimensions[get_column_letter(column)].width = width
        _make_room(sheet, HEAD_ROW)
        _set_page(sheet, sample=report.is_sample or settings.SAMPLE_DATE is not None)
        return sheet

    def _criterion(self, block: Block) -> None:
        item = entry_item(block)
        self.row += 1
        self._labels(item.code, block.criterion.title, font=_BOLD, fill=_HEAD)
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=2, end_column=_LAST)
        self._name(item.code_cell, self.sheet.cell(self.row, 1))
        for line in block.lines:
            if line.figure:
                self._figure(line)
        self._entry(item, block)
        self.items.append(item)

    def _figure(self, line: Line) -> None:
        item, indicator = figure_item(line.figure), line.indicator
        self.row += 1
        self._labels(item.code, indicator.name, indicator.unit, line.before)
        self._name(item.code_cell, self.sheet.cell(self.row, 1))
        for field in item.fields:
            self._open(item, field, self.sheet.cell(self.row, _COLUMN[field]))
        _make_room(self.sheet, self.row)
        self.items.append(item)

    def _entry(self, item: Item, block: Block) -> None:
        before = block.before
        rows = {
            "narrative": ("Kết quả thực hiện", ""),
            "exempt": ("Tiêu chí này liên quan đến đơn vị", ""),
            "grade": ("Tự đánh giá", before.get_grade_display() if before else ""),
        }
        for field, (label, last_year) in rows.items():
            self.row += 1
            self._labels("", label, "", last_year)
            cell = self.sheet.cell(self.row, _FIRST)
            self._open(item, field, cell)
            if field == "narrative":
                self._widen(cell)

    def _widen(self, cell) -> None:
        for column in range(_FIRST, _LAST + 1):
            self.sheet.cell(self.row, column).border = _GRID
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=_FIRST, end_column=_LAST)
        typed = (cell.value or "").split("\n")
        lines = sum(max(1, ceil(len(line) / _NARRATIVE_CHARACTERS)) for line in typed)
        height = _LINE_PT * max(_NARRATIVE_LINES, lines + 1)
        self.sheet.row_dimensions[self.row].height = min(height, _HIGHEST_PT)

    def _labels(self, *texts: str, font=_PLAIN, fill=_NONE) -> None:
        for column, text in enumerate(texts, start=1):
            _put(self.sheet.cell(self.row, column), text, font, fill=fill)

    def _open(self, item: Item, field: str, cell) -> None:
        is_open = item.answer.key in self.filling.open_keys
        _put(cell, shown(item, field, self._typed(item)[field]), _PLAIN, fill=_OPEN if is_open else _NONE)
        if item.is_number(field):
            places = item.answer.indicator.decimals
            cell.number_format = "#,##0" + ("." + "0" * places if places else "")
        elif item.is_day(field):
            cell.number_format = "dd/mm/yyyy"
        cell.protection = _UNLOCKED if is_open else Protection()
        if options := item.options(field):
            self._offer(options, cell)
        self._name(item.fields[field], cell)

    def _typed(self, item: Item) -> dict[str, str]:
        typed = self.filling.typed[item.answer.key]
        return {field: typed.get(field, "") for field in item.fields}

    def _offer(self, options: dict[str, str], cell) -> None:
        words = tuple(options.values())
        if words not in self.lists:
            listed = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
            listed.errorTitle, listed.error = "Chọn trong danh sách", f"Chọn: {', '.join(words)}."
            self.lists[words] = listed
            self.sheet.add_data_validation(listed)
        self.lists[words].add(cell)

    def _name(self, name: str, cell) -> None:
        self.book.defined_names[name] = DefinedName(name, attr_text=_address(self.sheet, cell))

    def _identity(self) -> None:
        """The hidden sheet: whose report this is, and which version of every answer lies in it."""
        sheet = self.book.create_sheet(HIDDEN)
        for row in (*identity_of(self.filling.report).items(), *map(self._seen, self.items)):
            sheet.append([str(part) for part in row])
        sheet.sheet_state = "hidden"
        sheet.protection.enable()
        self.book.defined_names[ABOUT] = DefinedName(ABOUT, attr_text=_address(sheet, sheet["A1"]))

    def _seen(self, item: Item) -> tuple:
        """The digest is of what reading makes of the cells, so that an untouched file is never a change."""
        typed = self._typed(item)
        texts = {field: read(item, field, shown(item, field, typed[field])) for field in item.fields}
        return item.code, item.answer.version, digest_of(texts)


def identity_of(report: AnnualReport) -> dict[str, str]:
    """What a workbook must say about itself to be read back into `report`."""
    return {
        "format": str(FORMAT),
        "unit": report.unit.key,
        "year": str(report.period.year),
        "criteria_set": str(report.criteria_set_id),
        "report": str(report.pk),
        "version": str(report.version),
    }


def _make_room(sheet, row: int) -> None:
    """LibreOffice shows a row only as high as it is told."""
    cells = ((sheet.cell(row, column).value, width) for column, (_, width) in enumerate(_HEADS, start=1))
    wide = ((text_mm(text, 12), width) for text, width in cells if isinstance(text, str))
    lines = max(ceil(needed / (_FILLED * _CHARACTER_MM * width)) for needed, width in wide)
    sheet.row_dimensions[row].height = min(_LINE_PT * lines, _HIGHEST_PT)


def _address(sheet, cell) -> str:
    return f"{quote_sheetname(sheet.title)}!${cell.column_letter}${cell.row}"


def _put(cell, content, font: Font, *, fill: PatternFill = _NONE) -> None:
    """The only door for words: what is text is text for ever, whatever it begins with."""
    cell.value = content if content != "" else None
    if isinstance(content, str) and content:
        cell.data_type = "s"
    cell.font, cell.fill, cell.border, cell.alignment = font, fill, _GRID, _WRAPPED
    if isinstance(content, str) and content.startswith(_MAY_TURN_INTO_FORMULA):
        cell.quotePrefix = True


def _set_page(sheet, *, sample: bool) -> None:
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = _MARGINS
    sheet.oddFooter.center.text = "&P"
    if sample:
        sheet.oddHeader.right.text = SAMPLE_MARK
    sheet.protection.enable()
    sheet.protection.formatColumns = sheet.protection.formatRows = False  # False allows it
