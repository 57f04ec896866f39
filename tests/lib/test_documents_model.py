"""What a document says before any face prints it: figures in words, lines with end marks, captions with numbers."""

from datetime import date
from decimal import Decimal

import pytest

from phongtho_thidua.lib.documents.model import (
    Annex,
    Bullets,
    Column,
    Heading,
    Letterhead,
    Number,
    Paragraph,
    Table,
    numbered,
    paragraphs,
    roman,
)
from phongtho_thidua.lib.documents.widths import PORTRAIT_MM, fit
from tests.lib.documents_example import LONGEST_NAME, UNITS, capital_table, example, figure, matrix


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (figure("1234567.5"), "1.234.567,5"),
        (figure("93.9", 1, "%"), "93,9%"),
        (figure(100, 1, "%"), "100,0%"),
        (figure(48260, unit="m²"), "48.260\u00a0m²"),
        (figure(3, unit="triệu đồng"), "3\u00a0triệu\u00a0đồng"),
        (figure("2.5", 0), "3"),
        (figure("-2.5", 0), "-3"),
        (figure("0.25", 1), "0,3"),
        (figure("9" * 40), ".".join(["9"] + ["999"] * 13)),
        (Number(7), "7"),
    ],
)
def test_number_is_written_the_vietnamese_way_and_rounded_half_up(number, words):
    assert str(number) == words


@pytest.mark.parametrize("value", [1.5, "12", None, True])
def test_number_refuses_what_is_no_decimal(value):
    with pytest.raises(TypeError):
        Number(value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_number_refuses_what_is_no_figure(value):
    with pytest.raises(ValueError, match="is not a figure"):
        Number(Decimal(value))


@pytest.mark.parametrize("extra", [{"rows": [("a", "b")]}, {"rows": [], "total": ("a",)}])
def test_table_refuses_a_row_of_another_length(extra):
    with pytest.raises(ValueError, match="under 3 columns"):
        Table("Bảng", (Column("A"), Column("B"), Column("C")), **extra)


def test_only_a_heading_of_the_first_level_is_printed_in_capitals():
    assert [Heading("1. Đất ở", level).printed for level in (1, 2, 3)] == ["1. ĐẤT Ở", "1. Đất ở", "1. Đất ở"]


def test_typed_text_becomes_a_paragraph_for_each_line_that_says_something():
    assert paragraphs("Một \n\n  hai\n") == (Paragraph.of("Một"), Paragraph.of("hai"))


def test_bullets_take_texts_figures_and_paragraphs():
    assert [str(item) for item in Bullets.of("a", figure(1), Paragraph.of("b", figure(2))).items] == ["a", "1", "b2"]


@pytest.mark.parametrize(
    ("parent", "lines"),
    [
        ("Ủy ban nhân dân huyện Phong Thổ", ["ỦY BAN NHÂN DÂN", "HUYỆN PHONG THỔ"]),
        ("Huyện ủy Phong Thổ", ["HUYỆN ỦY PHONG THỔ"]),
        (LONGEST_NAME, ["BAN QUẢN LÝ DỰ ÁN", "ĐẦU TƯ XÂY DỰNG VÀ", "PHÁT TRIỂN QUỸ ĐẤT", "HUYỆN PHONG THỔ"]),
        ("", []),
    ],
)
def test_long_name_in_the_letterhead_is_divided_into_lines_of_about_the_same_length(parent, lines):
    assert Letterhead(parent, "").parent_lines == lines


@pytest.mark.parametrize(("number", "line"), [(5, "Số: 05/BC-NV"), (123, "Số: 123/BC-NV"), (None, "Số: /BC-NV")])
def test_number_below_ten_gets_a_zero_and_a_missing_one_leaves_room(number, line):
    document = example(number=number)
    assert " ".join(document.number_line.split()) == line
    assert len(document.number_line) == len(line) + (5 if number is None else 0)


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (date(2025, 1, 9), "Phong Thổ, ngày 09 tháng 01 năm 2025"),
        (date(2025, 3, 12), "Phong Thổ, ngày 12 tháng 3 năm 2025"),
        (None, "Phong Thổ, ngày tháng năm"),
    ],
)
def test_day_is_written_as_the_decree_asks_and_a_missing_one_leaves_room(day, line):
    assert " ".join(example(day=day).day_line.split()) == line


def test_lines_of_a_list_end_in_semicolons_and_the_last_in_a_full_stop():
    document = example(bases=("Căn cứ một.", "Căn cứ hai;", "Căn cứ ba"))
    assert document.base_lines == ["Căn cứ một;", "Căn cứ hai;", "Căn cứ ba."]
    assert document.distribution_lines == ["Như trên;", "Các xã, thị trấn;", "Lưu: VT, NV."]


def test_only_addressee_stands_without_end_mark():
    assert example(addressees=("Ủy ban nhân dân huyện",)).addressee_lines == ["Ủy ban nhân dân huyện"]


def test_annexes_get_roman_numbers_and_a_single_one_none():
    one, two = Annex("A", ()), Annex("B", ())
    assert example(annexes=(one,)).annex_label(0) == "Phụ lục"
    assert [example(annexes=(one, two)).annex_label(i) for i in (0, 1)] == ["Phụ lục\u00a0I", "Phụ lục\u00a0II"]


def test_annex_leaves_number_and_day_of_an_electronic_document_open():
    line = " ".join(example(number=5, day=date(2025, 1, 9)).annex_source.split())
    assert line == "(Kèm theo Báo cáo số ngày tháng năm của Phòng Nội vụ)"


@pytest.mark.parametrize(("number", "letters"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (99, "XCIX")])
def test_roman_number(number, letters):
    assert roman(number) == letters


def test_captions_are_numbered_through_body_and_annexes_and_a_table_without_caption_is_not():
    document = numbered(
        example(blocks=(capital_table(), matrix(), capital_table()), annexes=(Annex("A", (matrix(), capital_table())),))
    )
    tables = (*document.blocks, *document.annexes[0].blocks)
    assert [table.caption.split(".")[0].replace("\u00a0", " ") for table in tables] == [
        "Bảng 1", "", "Bảng 2", "", "Bảng 3",
    ]  # fmt: skip


def test_columns_take_their_shares_when_all_words_fit():
    table = Table("", (Column("A", width=1), Column("B", width=3)), [("a", "b")])
    assert fit(table, 160).widths_mm == (40, 120)


def test_column_is_never_narrower_than_its_longest_word_and_the_others_give_way():
    long = "Nguyễn\u00a0Thị\u00a0Phương\u00a0Thảo"
    table = Table("", (Column("A", width=1), Column("B", width=20)), [(long, "b")])
    narrow, wide = fit(table, 160).widths_mm
    assert narrow > 40
    assert narrow + wide == pytest.approx(160)


def test_letters_of_a_wide_table_become_smaller_until_all_words_fit():
    columns = tuple(Column(f"HT{i}", kind="number") for i in range(20))
    sizes = [fit(Table("", columns[:n], [(figure(12160),) * n]), PORTRAIT_MM).size_pt for n in (5, 14, 20)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 12
    assert sizes[-1] < 10


def test_table_too_wide_for_any_size_still_fills_the_page_exactly():
    columns = tuple(Column(f"Cột{i}") for i in range(60))
    assert sum(fit(Table("", columns, [UNITS[:1] * 60]), PORTRAIT_MM).widths_mm) == pytest.approx(PORTRAIT_MM)
