"""Why a report cannot be handed in: every reason, and nothing else; the same rule on the board."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.models import Entry
from reports.selectors.problems import problems_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]


def sentences(report):
    return [problem.sentence for problem in problems_of(report)]


def is_done(report, code):
    return Entry.objects.with_done().get(report=report, criterion__code=code).done


def test_a_complete_report_has_no_problem(ready):
    assert sentences(ready) == []


@pytest.mark.parametrize(
    ("where", "changes", "words"),
    [
        ("HT1", {"grade": ""}, "HT1: chưa tự đánh giá."),
        ("HT5", {"narrative": ""}, "HT5: chưa ghi kết quả thực hiện."),
        (
            "HT5",
            {"applies": False, "narrative": "Không."},
            "HT5: ghi lý do tiêu chí không liên quan, ít nhất 20 ký tự.",
        ),
    ],
)
def test_what_is_missing_on_a_criterion_is_named(ready, where, changes, words):
    ready.entries.filter(criterion__code=where).update(**changes)
    assert (sentences(ready), is_done(ready, where)) == ([words], False)


def test_words_may_be_missing_where_figures_speak(ready):
    ready.entries.filter(criterion__code="HT1").update(narrative="")
    assert (sentences(ready), is_done(ready, "HT1")) == ([], True)


def test_a_figure_without_answer_is_named_and_led_to(ready, figure_of):
    ready.figures.filter(indicator__code="HT1.goi_thau_qua_mang").update(answer="", value=None)
    [problem] = problems_of(ready)
    told = (problem.anchor, problem.sentence)
    assert told == (figure_of("HT1.goi_thau_qua_mang").key, "HT1: chưa trả lời đấu thầu qua mạng.")


@pytest.mark.parametrize("answer", ["not_applicable", "no_data"])
def test_all_three_answers_are_answers(ready, answer):
    more = {"reason": "Xã không có vốn"} if answer == "not_applicable" else {"expected_on": "2025-02-10"}
    ready.figures.filter(indicator__code="HT6.von_giai_ngan").update(answer=answer, value=None, **more)
    assert sentences(ready) == []


def test_a_part_above_its_whole_stops_the_report(ready):
    ready.figures.filter(indicator__code="HT6.von_ke_hoach").update(value=8650)
    ready.figures.filter(indicator__code="HT6.von_giai_ngan").update(value=9240)
    assert sentences(ready) == [
        "HT6: Vốn đã giải ngân (9.240) lớn hơn kế hoạch vốn đầu tư công được giao trong năm (8.650). "
        "Kiểm tra lại hai số."
    ]


def test_a_part_equal_to_its_whole_is_right(ready):
    ready.figures.filter(indicator__code__in=["HT6.von_ke_hoach", "HT6.von_giai_ngan"]).update(value=8650)
    assert sentences(ready) == []


def test_a_value_under_another_answer_is_not_compared(ready):
    ready.figures.filter(indicator__code="HT6.von_giai_ngan").update(
        answer="no_data", value=9240, expected_on="2025-02-10"
    )
    assert sentences(ready) == []


def test_figures_of_a_criterion_that_does_not_concern_the_unit_are_not_asked_for(ready):
    ready.entries.filter(criterion__code="HT6").update(
        applies=False, narrative="Xã không được giao vốn năm nay.", grade=""
    )
    ready.figures.filter(indicator__criterion__code="HT6").update(answer="", value=None)
    assert (sentences(ready), is_done(ready, "HT6")) == ([], True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    applies=st.booleans(),
    grade=st.sampled_from(["", "good"]),
    narrative=st.sampled_from(["", "a" * 19, "a" * 20]),
    answer=st.sampled_from(["", "value"]),
    code=st.sampled_from(["HT1", "HT5"]),
)
def test_the_board_counts_a_criterion_exactly_when_it_has_no_problem(ready, applies, grade, narrative, answer, code):
    ready.entries.filter(criterion__code=code).update(applies=applies, grade=grade, narrative=narrative)
    ready.figures.filter(indicator__code="HT1.goi_thau").update(answer=answer, value=0)
    problems = [sentence for sentence in sentences(ready) if sentence.startswith(f"{code}:")]
    assert is_done(ready, code) == (problems == [])
