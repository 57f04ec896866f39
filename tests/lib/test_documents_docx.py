"""The Word file as an office works in it: styles, heads that repeat, rows that stay whole, pages that count."""

import zipfile
from io import BytesIO

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from phongtho_thidua.lib.documents import docx as face
from phongtho_thidua.lib.documents.model import MOTTO, NATION, Paragraph
from tests.lib.documents_example import capital_table, example


@pytest.fixture(scope="module")
def content():
    return face.render(example(table_rows=40))


@pytest.fixture(scope="module")
def file(content):
    return docx.Document(BytesIO(content))


def xml_parts(content):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


def test_every_style_names_times_new_roman_for_every_script(file):
    for style in file.styles.element.findall(qn("w:style")):
        if style.get(qn("w:type")) == "paragraph":
            fonts = style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
            assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {
                "Times New Roman"
            }


def test_no_theme_font_and_no_other_font_is_named(content):
    document = "".join(text for name, text in xml_parts(content).items() if "fontTable" not in name)
    assert "asciiTheme" not in document
    assert "Calibri" not in document


def test_headings_are_headings_of_word(file):
    found = [(p.style.name, p.text) for p in file.paragraphs if p.style.name.startswith("Heading")]
    assert found == [
        ("Heading 1", "I. TÌNH HÌNH NỘP BÁO CÁO"),
        ("Heading 2", "1. Kết cấu hạ tầng"),
        ("Heading 3", "a) Giao thông"),
        ("Heading 2", "1. Các xã"),
    ]


def test_title_caption_list_and_annex_have_their_styles(file):
    styles = {p.text.replace("\u00a0", " "): p.style.name for p in file.paragraphs}
    assert styles["BÁO CÁO"] == "Title"
    assert styles[example().subject] == "Subtitle"
    assert styles["Bảng 1. Giải ngân vốn đầu tư công"] == "Caption"
    assert styles["Hiến 48.260 m² đất."] == "List Bullet"
    assert styles["Phụ lục I\nKẾT QUẢ THEO ĐƠN VỊ VÀ TIÊU CHÍ"] == "Tên phụ lục"


def test_sizes_are_those_of_the_decree(file):
    sizes = {style.name: style.font.size.pt for style in file.styles if style.type == 1 and style.font.size}
    wanted = {"Đầu văn bản": 13, "Nơi nhận": 11, "Đầu nơi nhận": 12}
    assert {name: sizes[name] for name in wanted} == wanted
    assert file.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:sz')}").get(qn("w:val")) == "28"


def test_letterhead_has_two_halves_with_their_rules(file):
    head = file.tables[0]
    (left, right), (number, day) = (row.cells for row in head.rows)
    assert [p.text for p in left.paragraphs] == ["ỦY BAN NHÂN DÂN", "HUYỆN PHONG THỔ", "PHÒNG NỘI VỤ", ""]
    assert [p.text for p in right.paragraphs] == [NATION, MOTTO, ""]
    assert [cell.paragraphs[-1].style.name for cell in (left, right)] == ["Nét kẻ", "Nét kẻ"]
    assert number.text.replace("\u00a0", " ") == "Số: 05/BC-NV"
    assert [run.italic for run in day.paragraphs[0].runs] == [True]


def data_tables(file):
    return [table for table in file.tables if table.style is not None and table.style.name == "Table Grid"]


def test_head_row_repeats_and_no_row_is_divided(file):
    tables = data_tables(file)
    assert len(tables) == 3
    for table in tables:
        heads = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        whole = [row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows]
        assert heads == [True] + [False] * (len(heads) - 1)
        assert all(whole)


def test_sentence_caption_head_and_outer_rows_stay_with_what_follows(file):
    capital = next(table for table in file.tables if table.rows[0].cells[0].text == "Đơn vị")
    kept = [
        {bool(p._p.findall(f".//{qn('w:keepNext')}")) for cell in row.cells for p in cell.paragraphs}
        for row in capital.rows[1:]
    ]
    *rows, total = kept
    assert rows == [{True}, *[{False}] * (len(rows) - 3), {True}, {True}]
    assert total == {True}  # its note follows
    head = file.styles.element.find(f"./{qn('w:style')}[@{qn('w:styleId')}='Head12']")
    assert head.find(f".//{qn('w:keepNext')}") is not None


def test_grid_and_cells_have_the_same_widths_that_fill_the_page(file):
    for table, page_mm in zip(data_tables(file), (165, 252, 165), strict=True):
        grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        assert sum(grid) == pytest.approx(page_mm * 1440 / 25.4, abs=len(grid))
        for row in table.rows:
            assert [int(cell._tc.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.cells] == grid


def test_figures_are_right_and_words_among_them_centred(file):
    row = data_tables(file)[0].rows[1]
    assert [cell.paragraphs[0].style.name for cell in row.cells] == [
        "Ô chữ 12",
        "Ô số 12",
        "Ô số ghi chữ 12",
        "Ô số ghi chữ 12",
    ]
    total = data_tables(file)[0].rows[-1]
    assert [cell.paragraphs[0].runs[0].bold for cell in total.cells] == [True] * 4


def test_annexes_are_sections_of_their_own_direction(file):
    sections = [(s.orientation, round(s.page_width.mm), round(s.page_height.mm)) for s in file.sections]
    assert sections == [
        (WD_ORIENT.PORTRAIT, 210, 297),
        (WD_ORIENT.LANDSCAPE, 297, 210),
        (WD_ORIENT.PORTRAIT, 210, 297),
    ]
    for section in file.sections:
        margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
        assert [round(margin.mm) for margin in margins] == [30, 15, 20, 20]


def test_each_section_counts_its_pages_and_hides_the_first_number(file):
    for section in file.sections:
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert section.different_first_page_header_footer
        fields = [
            [e.text for e in h._element.iter(qn("w:instrText"))] for h in (section.first_page_header, section.header)
        ]
        assert fields == [[], ["PAGE"]]


@pytest.mark.parametrize(("sample", "mark"), [(True, "DỮ LIỆU MẪU"), (False, "")])
def test_sample_mark_is_in_every_header_of_a_sample_and_in_no_other(sample, mark):
    file = docx.Document(BytesIO(face.render(example(sample=sample))))
    headers = [h for section in file.sections for h in (section.first_page_header, section.header)]
    texts = [h.paragraphs[0].text.replace("\t", "") for h in headers]
    assert [text.replace("1", "") for text in texts] == [mark] * 6


def test_line_end_in_a_text_is_a_line_end_of_word(file):
    paragraph = next(p for p in file.paragraphs if p.text.startswith("Dòng một"))
    assert paragraph.text == "Dòng một\nDòng hai"
    assert len(paragraph._p.findall(f".//{qn('w:br')}")) == 1
    assert file.settings.element.find(f"{qn('w:compat')}/{qn('w:doNotExpandShiftReturn')}") is not None


def test_file_says_title_issuer_language_and_nothing_of_the_tool(content, file):
    properties = file.core_properties
    assert properties.title == example().full_title
    assert [properties.author, properties.last_modified_by, properties.language] == [
        "Phòng Nội vụ",
        "Phòng Nội vụ",
        "vi-VN",
    ]
    assert properties.created.date() == properties.modified.date() == example().day
    assert "python-docx" not in "".join(xml_parts(content).values())


def test_file_without_a_day_bears_no_date():
    assert "dcterms:" not in xml_parts(face.render(example(day=None)))["docProps/core.xml"].partition(">")[2].replace(
        "xmlns:dcterms", ""
    )


def test_file_holds_nothing_active_and_points_nowhere():
    text = 'http://127.0.0.1:9/ <w:fldSimple w:instr="DDEAUTO"/> {DDEAUTO cmd}'
    parts = xml_parts(face.render(example(blocks=(Paragraph.of(text), capital_table()))))
    for name, xml in parts.items():
        assert 'TargetMode="External"' not in xml, name
        assert "<w:fldSimple" not in xml, name
    assert [part for part in parts if "embeddings" in part or "media" in part or "customXml" in part] == []
