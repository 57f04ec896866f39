"""What stands beside a field, and what a doubtful figure asks for before the report is handed in."""

from decimal import Decimal

import pytest

from campaigns.models import Period
from campaigns.services import guidance
from reports.selectors.problems import problems_of
from reports.selectors.sheet import blocks_of
from reports.services import annual
from tests.reports.filled import report_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]
PLAN, SPENT, HOURS = "HT6.von_ke_hoach", "HT6.von_giai_ngan", "HT6.ngay_cong"
CAUSE = "Mặt bằng bàn giao chậm đến tháng 10."


@pytest.fixture
def period_2023():
    return Period.objects.get(year=2023)


@pytest.fixture
def doubtful(ready):
    ready.figures.filter(indicator__code=PLAN).update(value=8650)
    ready.figures.filter(indicator__code=SPENT).update(value=7958)
    return ready


def line_of(report, code):
    return next(line for block in blocks_of(report) for line in block.lines if line.indicator.code == code)


# --- doubts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("explanation", ["", "Chậm mặt bằng."])
def test_an_unexplained_figure_stops_the_submission_and_leads_to_its_box(cast, doubtful, figure_of, explanation):
    doubtful.figures.filter(indicator__code=SPENT).update(explanation=explanation)
    [problem] = problems_of(doubtful)
    assert problem.anchor == f"{figure_of(SPENT).key}-explanation"
    assert problem.sentence == "HT6: 92%, còn 8 điểm phần trăm nữa mới đạt mức 100%. Ghi nguyên nhân."
    with pytest.raises(annual.NotReady):
        annual.submit(report=doubtful, by=cast.head)


def test_explained_it_is_handed_in_and_the_explanation_is_read_and_printed(cast, doubtful, client_of):
    doubtful.figures.filter(indicator__code=SPENT).update(explanation=CAUSE)
    report = annual.submit(report=doubtful, by=cast.head)
    for address in (report.get_absolute_url(), f"{report.get_absolute_url()}ban-in/"):
        assert f"Giải thích: {CAUSE}" in client_of(cast.reviewer).get(address).content.decode()


def test_the_explanation_is_part_of_what_was_handed_in(cast, doubtful):
    doubtful.figures.filter(indicator__code=SPENT).update(explanation=CAUSE)
    assert CAUSE in annual.submit(report=doubtful, by=cast.head).versions.get().data


def test_a_criterion_that_does_not_apply_asks_for_no_explanation(doubtful):
    doubtful.entries.filter(criterion__code="HT6").update(applies=False)
    assert problems_of(doubtful) == []


def test_a_jump_against_last_years_figure_is_told(cast, ready, period_2023):
    report_of(cast.home, period_2023, by=cast.head, figures={HOURS: 100})
    ready.figures.filter(indicator__code=HOURS).update(value=Decimal(410))
    assert line_of(ready, HOURS).warnings == ["Tăng 4,1 lần so với năm 2023. Nếu số đúng, ghi lý do."]


def test_a_draft_of_last_year_is_no_measure(cast, ready, period_2023):
    report_of(cast.home, period_2023, by=cast.head, figures={HOURS: 100}, state="draft")
    ready.figures.filter(indicator__code=HOURS).update(value=Decimal(410))
    assert line_of(ready, HOURS).warnings == []


def test_autosave_tells_a_jump_and_the_sum_of_the_parts_at_once(cast, begun, client_of, figure_of, period_2023):
    report_of(cast.home, period_2023, by=cast.head, figures={"HT2.cong_trinh": 2})
    begun.figures.filter(indicator__code__in=("HT2.dung_tien_do", "HT2.cham_tien_do")).update(answer="value", value=1)
    figure = figure_of("HT2.cong_trinh")
    data = {f"{figure.key}-answer": "value", f"{figure.key}-value": "12", "version": "1"}
    told = client_of(cast.officer).post(f"/bao-cao/{begun.pk}/so-lieu/{figure.pk}/", data).json()["derived"]
    assert told[f"{figure.key}-problem"] == (
        "Cộng các phần (1 + 1 = 2) khác công trình trọng điểm phải hoàn thành trong năm (12). Kiểm tra lại các số. "
        "Tăng 6 lần so với năm 2023. Nếu số đúng, ghi lý do."
    )


def test_the_explanation_is_saved_with_the_figure_and_kept_by_a_page_that_does_not_ask_for_it(
    cast, begun, client_of, figure_of
):
    address, key = f"/bao-cao/{begun.pk}/so-lieu/{figure_of(SPENT).pk}/", figure_of(SPENT).key
    said = {f"{key}-answer": "value", f"{key}-value": "1"}
    client_of(cast.officer).post(address, said | {f"{key}-explanation": CAUSE, "version": "1"})
    client_of(cast.officer).post(address, said | {f"{key}-value": "2", "version": "2"})
    assert (figure_of(SPENT).value, figure_of(SPENT).explanation) == (2, CAUSE)


# --- beside the field -------------------------------------------------------------------------------------------------


def test_last_years_words_are_called_unchanged_whatever_their_spaces(cast, ready, period_2023, client_of):
    before = report_of(cast.home, period_2023, by=cast.head)
    before.entries.filter(criterion__code="HT1").update(narrative="Đã công khai  quy hoạch.\n\nĐấu thầu qua mạng.")
    ready.entries.filter(criterion__code="HT1").update(narrative="Đã công khai quy hoạch. Đấu thầu qua mạng. ")
    unchanged = [block.criterion.code for block in blocks_of(ready) if block.is_unchanged]
    annual.submit(report=ready, by=cast.head)
    page = client_of(cast.reviewer).get(ready.get_absolute_url()).content.decode()
    assert (unchanged, page.count("Giữ nguyên như năm 2023")) == (["HT1"], 1)


def test_no_words_in_either_year_are_not_called_unchanged(cast, ready, period_2023):
    report_of(cast.home, period_2023, by=cast.head)
    ready.entries.update(narrative="")
    assert not any(block.is_unchanged for block in blocks_of(ready))


def test_own_years_make_a_trend_with_last_years_and_this_years_figure(cast, ready, period_2023):
    report_of(cast.home, period_2023, by=cast.head, figures={PLAN: 8000, SPENT: 7072})
    ready.figures.filter(indicator__code=PLAN).update(value=8650)
    ready.figures.filter(indicator__code=SPENT).update(value=7958)
    label = line_of(ready, "HT6.ty_le_giai_ngan").trend.label
    assert label == "Tỷ lệ giải ngân kế hoạch vốn: 2023 88,4%; 2024 92,0%; đích 100%"


@pytest.fixture
def explained(cast, begun, figure_of):
    """Guidance and an answered question of the lead beside the figure on disbursed capital."""
    indicator = figure_of(SPENT).indicator
    about = {"criterion": indicator.criterion, "indicator": indicator}
    guidance.give(**about, text="Lấy số Kho bạc xác nhận đến ngày báo cáo.", document="Số 12/TCKH", by=cast.lead)
    question = guidance.ask(**about, unit=cast.other, text="Có tính vốn chuyển nguồn không?", by=cast.other_officer)
    guidance.answer(question=question, text="Không tính, ghi riêng ở phần kết quả.", by=cast.lead)
    return question


def test_guidance_and_answers_stand_beside_the_field_of_every_unit(cast, begun, explained, client_of):
    page = client_of(cast.officer).get(begun.get_absolute_url()).content.decode()
    for words in ("Lấy số Kho bạc xác nhận", "Số 12/TCKH", "Có tính vốn chuyển nguồn không?", "Không tính, ghi riêng"):
        assert page.count(words) == 1


def test_what_has_no_answer_yet_is_not_shown_to_others(cast, begun, client_of, figure_of):
    indicator = figure_of(SPENT).indicator
    guidance.ask(
        criterion=indicator.criterion, indicator=indicator, unit=cast.other, text="Có tính vốn chuyển nguồn không?",
        by=cast.other_officer,
    )  # fmt: skip
    assert "chuyển nguồn không" not in client_of(cast.officer).get(begun.get_absolute_url()).content.decode()


def test_help_costs_the_same_for_one_hint_and_for_thirty(cast, begun, client_of, queries):
    def asked():
        client = client_of(cast.officer)
        with queries() as found:
            client.get(begun.get_absolute_url())
        return found.count

    criterion = begun.entries.select_related("criterion__sector").get(criterion__code="HT6").criterion
    counts = []
    for number in (1, 29):
        for one in range(number):
            guidance.give(criterion=criterion, indicator=None, text=f"Hướng dẫn thứ {one} cho tiêu chí.", by=cast.lead)
        counts.append(asked())
    assert counts[0] == counts[1]
