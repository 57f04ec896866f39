"""The Excel file: figures are figures, text is text for ever, nothing is cut, sheets can be printed."""

import zipfile
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from phongtho_thidua.lib.documents import xlsx
from phongtho_thidua.lib.documents.model import Annex, Column, Paragraph, Table
from phongtho_thidua.lib.documents.xlsx_parts import LONGEST_CELL, pieces, sheet_name
from tests.lib.documents_example import capital_table, example, figure, matrix
from tests.lib.documents_reading import cell_text

FORMULAS = [
    "=1+1", "=cmd|'/C calc'!A0", '=WEBSERVICE("http://127.0.0.1")', "=DDE(1)", "=", "==", "@SUM(1)", "+1+1", "-1+1",
    "-12,5", "+84 912 345 678", "\t=1+1", "＝1+1", "'=1+1", "#REF!", "#N/A", "TRUE", "1E5", "2024-01-01",
    '=HYPERLINK("x")',
]  # fmt: skip


def loaded(document):
    return openpyxl.load_workbook(BytesIO(xlsx.render(document)))


def one_cell(content, kind="text"):
    """What becomes of `content` in a table of one cell."""
    table = Table("Bảng", (Column("Cột", kind=kind),), [(content,)])
    return loaded(example(blocks=(table,), annexes=()))["Bảng 1. Bảng"]["A3"]


def test_first_sheet_has_the_words_and_each_table_a_sheet_of_its_own():
    book = loaded(example())
    assert book.sheetnames == ["Báo cáo", "Bảng 1. Giải ngân vốn đầu tư", "Phụ lục I", "Bảng 2. Giải ngân vốn đầu tư"]


def test_first_sheet_leads_to_the_sheets_of_the_tables():
    book = loaded(example())
    links = [cell.hyperlink.location for (cell,) in book["Báo cáo"].iter_rows() if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]


@pytest.mark.parametrize(
    ("number", "value", "number_format"),
    [
        (figure(8510), 8510, "#,##0"),
        (figure("-1234.5"), -1234.5, "#,##0.0"),
        (figure("93.9", 1), 93.9, "#,##0.0"),
        (figure("92.25", 1), 92.3, "#,##0.0"),
        (figure("93.9", 1, "%"), 93.9, '#,##0.0"%"'),
        (figure(48260, unit="m²"), 48260, '#,##0"\u00a0m²"'),
        (figure("1E+3"), 1000, "#,##0"),
        (figure("123456789012.345"), 123456789012.345, "#,##0.000"),
        (figure(0), 0, "#,##0"),
    ],
)
def test_figure_is_a_number_that_excel_shows_as_the_paper_does(number, value, number_format):
    cell = one_cell(number, "number")
    assert (cell.data_type, cell.value, cell.number_format) == ("n", value, number_format)
    assert cell_text(cell) == str(number)


@pytest.mark.parametrize("number", [figure(10**16 + 1), figure("0.1234567890123456789"), figure(1, unit='a"b')])
def test_figure_that_excel_would_change_is_written_in_words(number):
    cell = one_cell(number, "number")
    assert (cell.data_type, cell.value) == ("s", str(number))


@pytest.mark.parametrize("text", FORMULAS)
def test_text_is_no_formula_number_error_or_date_whatever_it_looks_like(text):
    cell = one_cell(text)
    assert (cell.data_type, cell.value) == ("s", text)


@pytest.mark.parametrize(
    ("text", "quoted"), [("=1+1", True), ("@SUM(1)", True), ("+84", True), ("-a", True), ("Đất", False)]
)
def test_text_that_looks_like_a_formula_stays_text_when_somebody_edits_the_cell(text, quoted):
    assert one_cell(text).quotePrefix == quoted


def test_no_sheet_has_a_formula_element():
    blocks = tuple(Paragraph.of(text) for text in FORMULAS)
    with zipfile.ZipFile(BytesIO(xlsx.render(example(blocks=blocks, subject="=1+1")))) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert [sheet.count(b"<f>") + sheet.count(b"<f ") for sheet in sheets] == [0] * len(sheets)


def test_text_longer_than_a_cell_goes_on_in_the_row_below_beside_empty_cells():
    text = "Đường bê tông " * 5000
    table = Table("Bảng", (Column("Nội dung"), Column("Số", kind="number")), [(text, figure(1)), ("sau", figure(2))])
    sheet = loaded(example(blocks=(table,), annexes=()))["Bảng 1. Bảng"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=3)]
    assert [number for _, number in rows] == [1, None, None, 2]
    assert "".join(words for words, _ in rows[:3]) == text
    assert max(len(words) for words, _ in rows) <= LONGEST_CELL


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("", [0]),
        ("a" * LONGEST_CELL, [LONGEST_CELL]),
        ("a" * (LONGEST_CELL + 1), [LONGEST_CELL, 1]),
        ("🌾" * (LONGEST_CELL // 2 + 1), [LONGEST_CELL // 2, 1]),
        ("ab " * 20_000, [32_766, 27_234]),
    ],
    ids=["empty", "just fits", "one too many", "letters that count twice", "cut at a space"],
)
def test_pieces_fit_a_cell_and_lose_nothing(text, lengths):
    assert [len(piece) for piece in pieces(text)] == lengths
    assert "".join(pieces(text)) == text


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("Bảng 1. Giải ngân vốn đầu tư công theo xã", [], "Bảng 1. Giải ngân vốn đầu tư"),
        ("[Hạ tầng]: 1/2?*\\", [], "Hạ tầng 1 2"),
        ("'Báo cáo'", ["BÁO CÁO"], "Báo cáo (2)"),
        ("Báo cáo", ["Báo cáo", "Báo cáo (2)"], "Báo cáo (3)"),
        ("ẵ" * 40, [], "ẵ" * 31),
        ("ẵ" * 40, ["ẵ" * 31], "ẵ" * 26 + " (2)"),
        ("🌾" * 20, [], "🌾" * 15),
        (" ", [], "Bảng"),
    ],
)
def test_sheet_name_is_one_that_excel_accepts(wanted, taken, name):
    assert sheet_name(wanted, taken) == name


def test_sheets_of_many_tables_with_the_same_name_are_told_apart():
    annexes = (Annex("A", (matrix(2), matrix(2))),)
    assert loaded(example(blocks=(), annexes=annexes)).sheetnames == ["Báo cáo", "Phụ lục", "Phụ lục (2)"]


@pytest.mark.parametrize(("sample", "head"), [(False, 2), (True, 3)])
def test_head_of_a_table_stays_in_sight_and_on_every_printed_page(sample, head):
    book = loaded(example(sample=sample))
    for sheet in book.worksheets[1:]:
        assert (sheet.freeze_panes, sheet.print_title_rows) == (f"A{head + 1}", f"${head}:${head}")
    assert [cell.value for cell in book.worksheets[1][head]] == [
        "Đơn vị", "Kế hoạch\n(triệu đồng)", "Giải ngân\n(triệu đồng)", "Tỷ lệ\n(%)",
    ]  # fmt: skip


def test_sheets_print_on_a4_and_annexes_lie_as_in_the_paper():
    book = loaded(example())
    assert [sheet.page_setup.orientation for sheet in book] == ["portrait", "portrait", "landscape", "portrait"]
    assert {
        (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) for sheet in book
    } == {(9, 1, 0)}


@pytest.mark.parametrize("sample", [True, False])
def test_sample_mark_is_on_every_sheet_of_a_sample_and_on_no_other(sample):
    for sheet in loaded(example(sample=sample)):
        assert (sheet["A1"].value == "DỮ LIỆU MẪU") == sample
        assert (sheet.oddHeader.right.text == "DỮ LIỆU MẪU") == sample
        assert (sheet.firstHeader.right.text == "DỮ LIỆU MẪU") == sample


def test_total_is_the_last_row_and_bold():
    sheet = loaded(example())["Bảng 1. Giải ngân vốn đầu tư"]
    total = sheet[sheet.max_row - 1]
    assert [cell.value for cell in total] == ["Cộng", 143830.5, 135059, 93.9]
    assert [cell.font.bold for cell in total] == [True] * 4


def test_row_is_as_high_as_its_lines():
    table = Table("Bảng", (Column("A"), Column("B")), [("ngắn", "x"), ("Một câu dài " * 40, "x"), ("x " * 30_000, "x")])
    sheet = loaded(example(blocks=(table,), annexes=()))["Bảng 1. Bảng"]
    short, long, endless = (sheet.row_dimensions[row].height for row in (3, 4, 5))
    assert short is None
    assert 100 < long < 300
    assert endless == 409


def test_sum_of_the_figures_in_a_column_is_the_printed_one():
    table = capital_table(5)
    sheet = loaded(example(blocks=(table,), annexes=())).worksheets[1]
    column = [Decimal(str(sheet.cell(row, 2).value)) for row in range(3, 8)]
    assert sum(column) == sum(row[1].value for row in table.rows)
