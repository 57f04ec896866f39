"""Text is cleaned once, numbers are read as they are written here, names sort as a dictionary sorts them."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phongtho_thidua.lib.vietnamese import (
    clean_text,
    fold,
    format_number,
    official_day,
    parse_number,
    person_sort_key,
    sort_key,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", "0"),
        ("12,5", "12.5"),
        ("6.420", "6420"),
        ("6.420,5", "6420.5"),
        ("1.234.567", "1234567"),
        (" 8 650 ", "8650"),
        ("-3", "-3"),
    ],
)
def test_a_number_is_read_the_vietnamese_way(typed, number):
    assert parse_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["12.5", "1.23", "12.3456"])
def test_a_decimal_point_is_refused_with_the_right_spelling(typed):
    with pytest.raises(ValueError, match=r"số thập phân viết bằng dấu phẩy, ví dụ " + typed.replace(".", ",")):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["", "6.4a0", "mười", "1,2,3", "1.2345,6", "--1", "1e9", "Infinity", "٣"])
def test_what_is_not_a_number_is_refused_in_words(typed):
    with pytest.raises(ValueError, match="không phải là số"):
        parse_number(typed)


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=4))
def test_a_shown_number_reads_back_as_itself(value):
    assert parse_number(format_number(value)) == value


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (1234567, None, "1.234.567"),
        ("1234.50", None, "1.234,5"),
        ("92", 1, "92,0"),
        ("0", None, "0"),
        ("2.5", 0, "3"),
        (None, 1, ""),
    ],
)
def test_a_number_is_shown_the_vietnamese_way(value, decimals, shown):
    assert format_number(None if value is None else Decimal(value), decimals) == shown


def test_cleaning_composes_accents_and_drops_what_no_file_can_hold():
    assert clean_text("  Me\u0323o\u0300 a\x00b\x0bc\ud800d\ufffe\u202e\r\n‘x’ ") == unicodedata.normalize(
        "NFC", "Mẹo\u0300 abcd\n‘x’"
    )


def test_cleaning_keeps_markup_and_formulas_as_text():
    assert clean_text("<script>alert(1)</script> =1+1 {{7*7}}") == "<script>alert(1)</script> =1+1 {{7*7}}"


@pytest.mark.parametrize("char", "\u00ad\u034f\u200b\u200c\u200d\u200e\u2060\u2063\u2800\u3164\ufeff\U000e0041")
def test_what_nobody_can_see_is_no_text(char):
    assert clean_text(char * 30) == ""
    assert clean_text(f"  Na{char}\u0323m {char}Xe{char}") == "Nạm Xe"


@given(st.text(st.sampled_from("aơ \u0300\u0323\u200b\u2800\x00\n")) | st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize("typed", ["Đào San", "dao  san", "ĐÀO SAN", "Dào San"])
def test_searching_ignores_accents_case_and_the_letter_d_with_its_bar(typed):
    assert fold(typed) == "dao san"


def test_names_of_places_sort_by_letter_then_by_tone():
    places = [
        "Sì Lở Lầu",
        "Đào San",
        "Dào San",
        "Ma Li Pho",
        "Bản Lang",
        "Mù Sang",
        "Mồ Sì San",
        "Mường So",
        "Ăn",
        "An",
    ]
    assert sorted(places, key=sort_key) == [
        "An",
        "Ăn",
        "Bản Lang",
        "Dào San",
        "Đào San",
        "Ma Li Pho",
        "Mồ Sì San",
        "Mù Sang",
        "Mường So",
        "Sì Lở Lầu",
    ]


def test_the_six_tones_of_one_syllable_keep_their_order():
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]


def test_people_sort_by_their_given_name():
    people = ["Lò Thị Hạnh", "Tẩn A Sài", "Nguyễn Văn An", "Giàng A Chứ"]
    assert sorted(people, key=person_sort_key) == ["Nguyễn Văn An", "Giàng A Chứ", "Lò Thị Hạnh", "Tẩn A Sài"]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2025, 1, 5), "ngày 05 tháng 01 năm 2025"),
        (date(2025, 2, 15), "ngày 15 tháng 02 năm 2025"),
        (date(2025, 3, 9), "ngày 09 tháng 3 năm 2025"),
        (date(2024, 12, 31), "ngày 31 tháng 12 năm 2024"),
    ],
)
def test_an_official_date_has_its_zeros_where_the_decree_wants_them(day, words):
    assert official_day(day) == words
