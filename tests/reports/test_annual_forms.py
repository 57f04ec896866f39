"""What can be typed into a report, what is refused, and in which words."""

from datetime import date
from decimal import Decimal

import pytest

from reports.forms import EntryForm, FigureForm
from reports.models import Figure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

CAPITAL, PLOTS, PROGRAMME = "HT6.von_giai_ngan", "TK8.dien_tich_rung", "TK1.chuong_trinh"  # 1, 2 decimals; yes or no


@pytest.fixture
def typed(figure_of):
    """`typed(code, value="12,5")`: the form of that figure as somebody filled it in."""

    def fill(code, **fields):
        figure = figure_of(code)
        form = FigureForm({f"{figure.key}-{name}": text for name, text in fields.items()}, figure=figure)
        form.is_valid()
        return form

    return fill


def errors(form):
    return {name: list(told) for name, told in form.errors.items()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("6.4a0", "“6.4a0” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5."),
        ("12.5", "“12.5”: số thập phân viết bằng dấu phẩy, ví dụ 12,5. Dấu chấm chỉ để ngăn hàng nghìn."),
        ("khoảng 12", "“khoảng 12” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5."),
        ("=1+1", "“=1+1” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5."),
        ("-5", "“-5”: số liệu này không nhỏ hơn 0."),
        ("12,55", "“12,55”: chỉ tiêu này nhận nhiều nhất 1 chữ số sau dấu phẩy."),
        ("9" * 12, "Số quá lớn: nhiều nhất 11 chữ số trước dấu phẩy."),
        ("9" * 61, "Dài 61 ký tự, nhiều nhất 60. Rút gọn rồi lưu lại."),
    ],
)
def test_a_value_that_is_no_number_of_its_kind_is_refused_at_its_field(typed, text, words):
    assert errors(typed(CAPITAL, answer="value", value=text)) == {"value": [words]}


def test_a_count_takes_no_decimals(typed):
    form = typed("HT1.goi_thau", answer="value", value="2,5")
    assert errors(form) == {"value": ["“2,5”: chỉ tiêu này ghi số nguyên, không có phần thập phân."]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,5", Decimal("12.5")),
        ("1.234", Decimal(1234)),
        ("8.412,0", Decimal(8412)),
        (" 8 412 ", Decimal(8412)),
        ("0", Decimal(0)),
        ("9" * 11, Decimal("9" * 11)),
        ("12\x00,5", Decimal("12.5")),
    ],
)
def test_a_number_is_read_as_people_write_it_here(typed, text, value):
    form = typed(CAPITAL, answer="value", value=text)
    assert (form.errors, form.cleaned_data["answer"], form.cleaned_data["value"]) == ({}, "value", value)


def test_the_largest_number_comes_back_to_the_last_digit(typed, figure_of):
    figure = figure_of(PLOTS)
    Figure.objects.filter(pk=figure.pk).update(**typed(PLOTS, answer="value", value="9" * 11 + ",99").cleaned_data)
    assert figure_of(PLOTS).value == Decimal("9" * 11 + ".99")


def test_a_number_typed_without_choosing_an_answer_is_an_answer(typed):
    assert typed(CAPITAL, value="12").cleaned_data["answer"] == "value"


def test_a_value_taken_away_is_no_answer_and_no_error(typed):
    form = typed(CAPITAL, answer="value", value="")
    assert (form.errors, form.cleaned_data["answer"], form.cleaned_data["value"]) == ({}, "", None)


@pytest.mark.parametrize(("text", "value"), [("1", Decimal(1)), ("0", Decimal(0))])
def test_yes_and_no_are_one_and_zero(typed, text, value):
    assert typed(PROGRAMME, answer="value", value=text).cleaned_data["value"] == value


def test_a_third_answer_to_yes_or_no_is_refused(typed):
    assert errors(typed(PROGRAMME, answer="value", value="2")) == {"value": ["Chọn Có hoặc Không."]}


def test_not_applicable_needs_a_reason(typed):
    words = "Chưa ghi lý do. Cần ít nhất 10 ký tự để người nhận hiểu."
    assert errors(typed(CAPITAL, answer="not_applicable", reason="Không có.")) == {"reason": [words]}
    assert typed(CAPITAL, answer="not_applicable", reason="Xã không có").errors == {}


def test_a_reason_too_long_is_refused_and_not_cut(typed):
    form = typed(CAPITAL, answer="not_applicable", reason="a" * 501)
    assert errors(form) == {"reason": ["Dài 501 ký tự, nhiều nhất 500. Rút gọn rồi lưu lại."]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Chưa ghi ngày dự kiến có số liệu."),
        ("31/02/2025", "Ngày viết theo dạng dd/mm/yyyy, ví dụ 20/12/2024."),
        ("01/12/2024", "Ngày dự kiến không trước hôm nay, 02/12/2024."),
    ],
)
def test_no_data_needs_the_day_it_is_expected(typed, text, words):
    assert errors(typed(CAPITAL, answer="no_data", expected_on=text)) == {"expected_on": [words]}


def test_what_was_typed_under_the_other_answers_is_kept(typed):
    form = typed(CAPITAL, answer="no_data", expected_on="10/02/2025", value="12,5", reason="Lý do cũ")
    kept = {name: form.cleaned_data[name] for name in ("answer", "expected_on", "value", "reason")}
    assert kept == {
        "answer": "no_data",
        "expected_on": date(2025, 2, 10),
        "value": Decimal("12.5"),
        "reason": "Lý do cũ",
    }


def test_nonsense_under_an_answer_that_was_not_chosen_is_no_error_and_leaves_what_is_stored(typed, begun):
    begun.figures.filter(indicator__code=CAPITAL).update(value="7.5")
    form = typed(CAPITAL, answer="no_data", expected_on="10/02/2025", value="bảy", reason="a" * 501)
    assert (form.errors, form.cleaned_data["value"], form.cleaned_data["reason"]) == ({}, Decimal("7.5"), "")


def test_an_answer_that_does_not_exist_is_refused(typed):
    assert list(typed(CAPITAL, answer="maybe", value="1").errors) == ["answer"]


def entry_form(entry, **fields):
    return EntryForm({f"{entry.key}-{name}": text for name, text in fields.items()}, entry=entry)


def test_words_on_a_criterion_are_cleaned_and_otherwise_kept(entry_of):
    form = entry_form(entry_of("HT1"), narrative=" <script>alert(1)</script>\x00\u202e =1+1 ê\u0301 ", grade="good")
    form.is_valid()
    assert form.cleaned_data == {"applies": True, "narrative": "<script>alert(1)</script> =1+1 ế", "grade": "good"}


def test_words_on_a_criterion_have_a_longest_length(entry_of):
    form = entry_form(entry_of("HT1"), narrative="a" * 8001)
    assert errors(form) == {"narrative": ["Dài 8.001 ký tự, nhiều nhất 8.000. Rút gọn rồi lưu lại."]}
    assert entry_form(entry_of("HT1"), narrative="a" * 8000).is_valid()


def test_a_criterion_that_does_not_concern_the_unit_needs_a_reason(entry_of):
    form = entry_form(entry_of("HT5"), exempt="on", narrative="Xã không phụ trách.")
    assert errors(form) == {"narrative": ["Chưa ghi lý do. Cần ít nhất 20 ký tự để người nhận hiểu."]}
    assert entry_form(entry_of("HT5"), exempt="on", narrative="Xã không phụ trách việc").is_valid()


def test_a_grade_that_does_not_exist_is_refused(entry_of):
    assert list(entry_form(entry_of("HT1"), grade="best").errors) == ["grade"]
