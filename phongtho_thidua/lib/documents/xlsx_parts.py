"""What our Excel files are made of: looks, cells, sheet names. The only place that puts people's text into cells."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.hyperlink import Hyperlink

from phongtho_thidua.lib.documents.model import Number, Text

LONGEST_CELL = 32_767  # characters in a cell, as Excel counts them; the rest would be cut without a word
LONGEST_NAME = 31

_EXACT_DIGITS = 15  # what Excel keeps of a figure: a longer one is written as text
_LONGEST_UNIT = 60
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\s]+")
_MAY_TURN_INTO_FORMULA = ("=", "+", "-", "@")
_LINE = Side(style="thin")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


@dataclass(frozen=True)
class Look:
    side: str = "left"
    bold: bool = False
    italic: bool = False
    grid: bool = False
    wrap: bool = True
    number_format: str = "General"


class Cells:
    """Makes the cells of one workbook; a look is registered with it once, because styling each cell costs most."""

    def __init__(self):
        self.styles: dict[tuple[Look, bool], object] = {}

    def text(self, sheet, text: str, look: Look, link_to: str = "") -> Cell:
        """A cell that is text for ever: `=1+1` is no formula now, nor after somebody has edited the cell."""
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"
        cell._style = self._style(sheet, look, quoted=text.startswith(_MAY_TURN_INTO_FORMULA))
        if link_to:
            cell.hyperlink = Hyperlink(ref="", location="'{}'!A1".format(link_to.replace("'", "''")))
        return cell

    def figure(self, sheet, number: Number, look: Look) -> Cell:
        number_format = _number_format(number)
        if not number_format:
            return self.text(sheet, str(number), look)
        cell = WriteOnlyCell(sheet)
        cell._value, cell.data_type = f"{number.shown:f}", "n"  # openpyxl would go through float: 93.90000000000001
        typed = Look(look.side, look.bold, look.italic, look.grid, look.wrap, number_format)
        cell._style = self._style(sheet, typed, quoted=False)
        return cell

    def any(self, sheet, content: Text, look: Look, link_to: str = "") -> Cell:
        if isinstance(content, Number):
            return self.figure(sheet, content, look)
        return self.text(sheet, content, look, link_to)

    def _style(self, sheet, look: Look, *, quoted: bool):
        if (look, quoted) not in self.styles:
            cell = WriteOnlyCell(sheet)
            cell.font = Font(name="Times New Roman", size=12, bold=look.bold, italic=look.italic)
            cell.alignment = Alignment(horizontal=look.side, vertical="top", wrap_text=look.wrap)
            cell.border = _GRID if look.grid else Border()
            cell.number_format = look.number_format
            cell.quotePrefix = quoted
            self.styles[look, quoted] = cell._style
        return self.styles[look, quoted]


def _number_format(number: Number) -> str:
    """The format under which Excel shows what the paper shows; empty if Excel cannot hold the figure exactly."""
    _, digits, exponent = number.shown.normalize().as_tuple()
    decimals = number.decimals if number.decimals is not None else max(0, -exponent)
    too_long = len(digits) + max(0, exponent) > _EXACT_DIGITS or decimals > _EXACT_DIGITS
    if too_long or len(number.unit) > _LONGEST_UNIT or '"' in number.unit:
        return ""
    unit = f'"{number.joined_unit}"' if number.unit else ""
    return "#,##0" + ("." + "0" * decimals if decimals else "") + unit


def pieces(text: str) -> list[str]:
    """`text` in parts that fit a cell, cut at a space where there is one."""
    limit = LONGEST_CELL if all(char <= "\uffff" for char in text) else LONGEST_CELL // 2  # Excel counts those twice
    parts = []
    while len(text) > limit:
        cut = text.rfind(" ", 1, limit) + 1 or limit
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that Excel accepts and no other sheet has, cut at the end of a word."""
    clean = _FORBIDDEN_IN_NAME.sub(" ", wanted).strip(" '") or "Bảng"
    used = {name.casefold() for name in taken}
    name, count = _shortened(clean, LONGEST_NAME), 1
    while name.casefold() in used:
        count += 1
        name = f"{_shortened(clean, LONGEST_NAME - 5)} ({count})"
    return name


def _shortened(name: str, limit: int) -> str:
    if _excel_length(name) <= limit:
        return name
    while _excel_length(name) > limit:
        name = name.rpartition(" ")[0] if " " in name[1:] else name[:-1]
    return name.rstrip(" ,.;'")


def _excel_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
