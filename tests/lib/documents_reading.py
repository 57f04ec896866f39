"""How the tests read the files back: by other programs' libraries, word after word, in the order of the file."""

import re
from decimal import Decimal
from io import BytesIO

import docx
import openpyxl
import pdfplumber
from docx.table import Table

from phongtho_thidua.lib.documents.words import split_words
from phongtho_thidua.lib.vietnamese import format_number

MM = 72 / 25.4


def pdf_pages(content):
    return pdfplumber.open(BytesIO(content)).pages


def pdf_body(page):
    """The page without its margins, where page numbers and the sample mark stand."""
    return page.crop((0, 19.5 * MM, page.width, page.height - 19.5 * MM))


def pdf_words(content):
    words = (word["text"] for page in pdf_pages(content) for word in pdf_body(page).extract_words(use_text_flow=True))
    return split_words(words)


def docx_words(content):
    return split_words(_docx_texts(docx.Document(BytesIO(content))))


def _docx_texts(part):
    for item in part.iter_inner_content():
        if isinstance(item, Table):
            for row in item.rows:
                for cell in row.cells:
                    yield from _docx_texts(cell)
        else:
            yield item.text


def xlsx_words(content):
    """The first sheet; where it links to a table, the rows of that sheet under its title follow."""
    book = openpyxl.load_workbook(BytesIO(content))
    return split_words(_xlsx_texts(book))


def _xlsx_texts(book):
    main, *_ = book
    for (cell,) in main.iter_rows():
        is_pointer = cell.hyperlink and str(cell.value).startswith("Xem trang tính")
        if not is_pointer:
            yield cell_text(cell)
        if cell.hyperlink:
            name = cell.hyperlink.location.rpartition("!")[0].strip("'").replace("''", "'")
            yield from (cell_text(cell) for row in _rows_under_title(book[name]) for cell in row)


def _rows_under_title(sheet):
    return sheet.iter_rows(min_row=int(sheet.print_title_rows.strip("$").split(":")[0]))


def cell_text(cell):
    """What Excel shows in the cell under Vietnamese settings."""
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    pattern, _, unit = cell.number_format.partition('"')
    decimals = len(re.sub(r".*#,##0\.?", "", pattern))
    return format_number(Decimal(str(cell.value)), decimals) + unit.rstrip('"')
