"""The Excel face: the words of the document on the first sheet, each table on a sheet of its own with typed figures."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import zip_longest
from math import ceil

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from phongtho_thidua.lib.documents.archive import settled
from phongtho_thidua.lib.documents.model import (
    ADDRESSED_TO,
    MOTTO,
    NATION,
    SAMPLE_MARK,
    Annex,
    Block,
    Column,
    Document,
    Heading,
    Number,
    Row,
    Table,
    Text,
    numbered,
)
from phongtho_thidua.lib.documents.widths import LANDSCAPE_MM, PORTRAIT_MM, fit, text_mm
from phongtho_thidua.lib.documents.words import block_lines, closing_lines
from phongtho_thidua.lib.documents.xlsx_parts import Cells, Look, pieces, sheet_name

_PLAIN, _BOLD, _ITALIC = Look(), Look(bold=True), Look(italic=True)
_CENTRE, _CENTRE_BOLD, _CENTRE_ITALIC = Look("center"), Look("center", bold=True), Look("center", italic=True)
_TITLE, _NOTE = Look(bold=True, wrap=False), Look(italic=True, wrap=False)
_HEAD = Look("center", bold=True, grid=True)

_MAIN_MM = 162  # a page less the room that rounding takes
_CHARACTER_MM = 2.0  # of the letters of 12 pt, which all cells have
_LINE_PT, _HIGHEST_PT = 16, 409
_MARGINS = PageMargins(*(mm / 25.4 for mm in (30, 15, 20, 20, 8, 8)))  # left, right, top, bottom, header, footer


def render(document: Document) -> bytes:
    """The document as .xlsx. Pure: the same document gives the same bytes."""
    writer = _Writer(numbered(document))
    writer.write()
    content = BytesIO()
    writer.book.save(content)
    return settled(content.getvalue(), document.day)


class _Writer:
    def __init__(self, document: Document):
        self.document = document
        self.book = Workbook(write_only=True)
        self.book.properties.title = document.full_title[:255]
        self.book.properties.creator = document.letterhead.issuer[:255]
        self.book.properties.language = "vi-VN"
        self.cells = Cells()
        self.main = self.sheet(document.kind_name.capitalize(), [_MAIN_MM], landscape=False)

    def write(self) -> None:
        self.lines(_front(self.document))
        self.blocks(self.document.blocks, "", landscape=False)
        self.lines((_PLAIN, line) for line in closing_lines(self.document))
        for index, annex in enumerate(self.document.annexes):
            self.annex(self.document.annex_label(index), annex)

    def annex(self, label: str, annex: Annex) -> None:
        source = self.document.annex_source
        self.lines([(_PLAIN, ""), (_CENTRE_BOLD, label), (_CENTRE_BOLD, annex.printed), (_CENTRE_ITALIC, source)])
        self.blocks(annex.blocks, label, landscape=annex.landscape)

    def blocks(self, blocks: Iterable[Block], part: str, *, landscape: bool) -> None:
        """`part` names the sheet of a table without a caption."""
        for block in blocks:
            if isinstance(block, Table):
                self.table(block, part, landscape=landscape)
            else:
                look = _BOLD if isinstance(block, Heading) else _PLAIN
                self.lines((look, line) for line in block_lines([block]))

    def lines(self, lines: Iterable[tuple[Look, str]], link_to: str = "") -> None:
        for look, line in lines:
            self.main.put([line], [look], link_to)

    def table(self, table: Table, part: str, *, landscape: bool) -> None:
        title = table.caption or part
        sheet = self.sheet(
            title, _widths_mm(table, landscape=landscape), landscape=landscape, titles=len(pieces(title))
        )
        self.lines([(_ITALIC, table.caption or f"Xem trang tính “{sheet.name}”")], link_to=sheet.name)
        sheet.put([title], [_TITLE])
        sheet.put([column.head for column in table.columns], [_HEAD] * len(table.columns))
        for row in table.rows:
            sheet.put(row, _looks(row, table))
        if table.total:
            sheet.put(table.total, _looks(table.total, table, bold=True))
        if table.note:
            sheet.put([table.note], [_NOTE])

    def sheet(self, name: str, widths_mm: list[float], *, landscape: bool, titles: int = 0) -> "_Sheet":
        """A sheet ready to be filled. With `titles` rows above it, a head row stays in sight and on every page."""
        worksheet = self.book.create_sheet(sheet_name(name, self.book.sheetnames))
        for index, width in enumerate(widths_mm, 1):
            worksheet.column_dimensions[get_column_letter(index)].width = width / _CHARACTER_MM
        _set_page(worksheet, landscape=landscape, sample=self.document.sample)
        if titles:
            head = titles + self.document.sample + 1
            worksheet.freeze_panes = f"A{head + 1}"
            worksheet.print_title_rows = f"{head}:{head}"
        sheet = _Sheet(worksheet, self.cells, widths_mm)
        if self.document.sample:
            sheet.put([SAMPLE_MARK], [_TITLE])
        return sheet


class _Sheet:
    """A sheet being filled from the top."""

    def __init__(self, worksheet, cells: Cells, widths_mm: list[float]):
        self.worksheet = worksheet
        self.cells = cells
        self.widths_mm = widths_mm
        self.filled = 0

    @property
    def name(self) -> str:
        return self.worksheet.title

    def put(self, row: Iterable[Text | None], looks: list[Look], link_to: str = "") -> None:
        """One row, and rows below it for what is too long for a cell."""
        for parts in zip_longest(*map(_parts, row), fillvalue=""):
            self.filled += 1
            self._make_room(parts, looks)
            cells = (
                self.cells.any(self.worksheet, part, look, link_to) for part, look in zip(parts, looks, strict=True)
            )
            self.worksheet.append(list(cells))

    def _make_room(self, parts: tuple[Text, ...], looks: list[Look]) -> None:
        """LibreOffice shows a row only as high as it is told."""
        wrapped = zip(parts, looks, self.widths_mm, strict=False)
        lines = max(_line_count(part, width) for part, look, width in wrapped if look.wrap) if looks[0].wrap else 1
        if lines > 1:
            self.worksheet.row_dimensions[self.filled].height = min(lines * _LINE_PT, _HIGHEST_PT)


def _line_count(text: Text, width_mm: float) -> int:
    if not isinstance(text, str):
        return 1
    return sum(max(1, ceil(text_mm(line, 12) / (0.95 * width_mm))) for line in text.split("\n"))


def _set_page(sheet, *, landscape: bool, sample: bool) -> None:
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = _MARGINS
    sheet.HeaderFooter.differentFirst = True
    sheet.HeaderFooter.oddHeader.center.text = "&P"
    if sample:
        sheet.HeaderFooter.firstHeader.right.text = sheet.HeaderFooter.oddHeader.right.text = SAMPLE_MARK


def _widths_mm(table: Table, *, landscape: bool) -> list[float]:
    fitted = fit(table, LANDSCAPE_MM if landscape else PORTRAIT_MM)
    return [width * 12 / fitted.size_pt for width in fitted.widths_mm]


def _looks(row: Row, table: Table, *, bold: bool = False) -> list[Look]:
    return [Look(_side(*pair), bold=bold, grid=True) for pair in zip(row, table.columns, strict=True)]


def _side(cell: Text | None, column: Column) -> str:
    if column.kind == "text":
        return "left"
    return "right" if isinstance(cell, Number) else "center"


def _parts(cell: Text | None) -> list[Text]:
    return [cell] if isinstance(cell, Number) else pieces(cell or "")


def _front(document: Document) -> Iterator[tuple[Look, str]]:
    yield from ((_CENTRE, line) for line in document.letterhead.parent_lines)
    yield from ((_CENTRE_BOLD, line) for line in document.letterhead.issuer_lines)
    yield from ((_CENTRE_BOLD, line) for line in (NATION, MOTTO))
    yield from ((_CENTRE, line) for line in (document.number_line, document.brief) if line)
    yield from ((_CENTRE_ITALIC, document.day_line), (_PLAIN, ""))
    yield from ((_CENTRE_BOLD, line) for line in (*document.title_lines, ""))
    yield from ((_PLAIN, line) for line in ((ADDRESSED_TO,) if document.addressees else ()))
    yield from ((_PLAIN, line) for line in document.addressee_lines)
    yield from ((_ITALIC, line) for line in document.base_lines)
