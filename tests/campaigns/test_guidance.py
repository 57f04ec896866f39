"""A lead office explains its own fields; a unit asks; the office answers once, for everybody."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from campaigns.models import Guidance, Question
from campaigns.selectors.guidance import hints_beside, questions_for, waiting_for
from campaigns.services import guidance
from criteria.models import Indicator
from phongtho_thidua.lib.workflow import StepRefused
from units.models import AuditEvent, Mandate, Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]
TEXT = "Lấy số Kho bạc xác nhận đến ngày báo cáo."
ASKED = "Có tính vốn chuyển nguồn từ năm trước không?"


@pytest.fixture
def indicator():
    return Indicator.objects.select_related("criterion__sector").get(code="HT6.von_giai_ngan")


@pytest.fixture
def about(indicator):
    """The field on disbursed capital, of the sector that `cast.lead` leads."""
    return {"criterion": indicator.criterion, "indicator": indicator}


@pytest.fixture
def asked(cast, about):
    return guidance.ask(**about, unit=cast.home, text=ASKED, by=cast.officer)


def beside(indicator):
    return [hint.text for hint in hints_beside([indicator.criterion_id])[indicator.criterion_id, indicator.pk]]


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "head", "reviewer", "chief", "admin", "nobody", "front_officer"])
def test_only_the_lead_of_the_sector_guides(cast, about, who):
    with pytest.raises(PermissionDenied, match="chủ trì lĩnh vực"):
        guidance.give(**about, text=TEXT, by=getattr(cast, who))
    hint = guidance.give(**about, text=TEXT, by=cast.lead)
    for deed in (
        lambda by: guidance.end(hint=hint, by=by),
        lambda by: guidance.change(hint=hint, text=TEXT, document="", valid_from=hint.valid_from, by=by),
    ):
        with pytest.raises(PermissionDenied):
            deed(getattr(cast, who))


def test_a_lead_guides_its_own_sectors_only(cast, about):
    other = Indicator.objects.select_related("criterion__sector").exclude(
        criterion__sector__code__in=cast.lead.led_sectors
    )
    with pytest.raises(PermissionDenied):
        guidance.give(criterion=other[0].criterion, indicator=None, text=TEXT, by=cast.lead)


@pytest.mark.parametrize("who", ["other_officer", "lead", "reviewer", "admin", "nobody"])
def test_a_question_is_asked_by_the_units_own_people(cast, about, who):
    with pytest.raises(PermissionDenied):
        guidance.ask(**about, unit=cast.home, text=ASKED, by=getattr(cast, who))


@pytest.mark.parametrize("who", ["officer", "other_officer", "reviewer", "front_officer", "admin"])
def test_a_question_is_answered_by_whom_it_was_routed_to(cast, asked, who):
    with pytest.raises(PermissionDenied):
        guidance.answer(question=asked, text=TEXT, by=getattr(cast, who))
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_two_answers_do_not_run_over_each_other(cast, asked):
    guidance.answer(question=asked, text=TEXT, by=cast.lead)
    with pytest.raises(StepRefused):
        guidance.answer(question=asked, text="Không tính, ghi riêng ở phần kết quả.", by=cast.lead)
    assert Question.objects.get().answer == TEXT


@pytest.mark.parametrize("text", ["", "x" * 19, " " * 40, "\x00" * 30])
def test_too_short_is_refused(cast, about, asked, text):
    for deed in (
        lambda: guidance.give(**about, text=text, by=cast.lead),
        lambda: guidance.ask(**about, unit=cast.home, text=text, by=cast.officer),
        lambda: guidance.answer(question=asked, text=text, by=cast.lead),
    ):
        with pytest.raises(ValidationError):
            deed()
    assert (Guidance.objects.count(), Question.objects.count()) == (0, 1)


def test_an_answer_becomes_guidance_once_and_only_when_there_is_one(cast, asked):
    with pytest.raises(StepRefused):
        guidance.turn_into_guidance(question=asked, by=cast.lead)
    guidance.answer(question=asked, text=TEXT, by=cast.lead)
    with pytest.raises(PermissionDenied):
        guidance.turn_into_guidance(question=asked, by=cast.officer)
    guidance.turn_into_guidance(question=asked, by=cast.lead)
    with pytest.raises(StepRefused):
        guidance.turn_into_guidance(question=asked, by=cast.lead)


def test_what_has_ended_cannot_be_changed(cast, about):
    hint = guidance.give(**about, text=TEXT, by=cast.lead, valid_from=date(2024, 1, 1))
    guidance.end(hint=hint, by=cast.lead)
    with pytest.raises(StepRefused):
        guidance.change(hint=hint, text=TEXT, document="", valid_from=hint.valid_from, by=cast.lead)


# --- guidance ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "shown"), [(-1, True), (0, True), (1, False)])
def test_a_hint_stands_beside_its_field_from_its_day_on(cast, about, indicator, days, shown):
    guidance.give(**about, text=TEXT, by=cast.lead, valid_from=date(2024, 12, 2) + timedelta(days))
    assert beside(indicator) == ([TEXT] if shown else [])


def test_a_changed_hint_is_told_with_the_words_before(cast, about, indicator):
    hint = guidance.give(**about, text=TEXT, by=cast.lead)
    guidance.change(hint=hint, text=f"{TEXT} Không làm tròn.", document="", valid_from=hint.valid_from, by=cast.lead)
    event = AuditEvent.objects.filter(action="guide").order_by("-pk").first()
    assert beside(indicator) == [f"{TEXT} Không làm tròn."]
    assert event.changes == {"hướng dẫn": [TEXT, f"{TEXT} Không làm tròn."]}


@pytest.mark.parametrize(("since", "left"), [(date(2024, 1, 1), 1), (date(2024, 12, 2), 0), (date(2025, 1, 1), 0)])
def test_an_ended_hint_is_gone_and_stays_on_record_if_it_was_in_force(cast, about, indicator, since, left):
    hint = guidance.give(**about, text=TEXT, by=cast.lead, valid_from=since)
    guidance.end(hint=hint, by=cast.lead)
    assert (beside(indicator), Guidance.objects.count()) == ([], left)
    assert AuditEvent.objects.filter(action="guide").count() == 2


# --- questions --------------------------------------------------------------------------------------------------------


def test_a_question_goes_to_the_lead_and_is_told_to_its_people(cast, asked):
    told = Notification.objects.filter(kind="question_asked")
    assert (asked.sector, set(told.values_list("user", flat=True))) == ("finance", {cast.lead.pk})
    assert [waiting_for(user).count() for user in (cast.lead, cast.reviewer, cast.officer)] == [1, 0, 0]


def test_nobody_leads_so_the_standing_office_answers(cast, about):
    Mandate.objects.filter(sector="finance").update(valid_to=date(2024, 12, 1))
    question = guidance.ask(**about, unit=cast.home, text=ASKED, by=cast.officer)
    assert (question.sector, waiting_for(cast.reviewer).count()) == ("", 1)
    assert guidance.answer(question=question, text=TEXT, by=cast.reviewer).answered_by == cast.reviewer


def test_an_answer_is_told_to_the_unit_and_stands_beside_the_field(cast, asked, indicator):
    guidance.answer(question=asked, text=TEXT, by=cast.lead)
    told = Notification.objects.filter(kind="question_answered").values_list("user", flat=True)
    assert (set(told), beside(indicator)) == ({cast.officer.pk, cast.head.pk}, [TEXT])
    assert list(waiting_for(cast.lead)) == []


def test_an_answer_that_became_guidance_stands_there_once(cast, asked, indicator):
    guidance.answer(question=asked, text=TEXT, by=cast.lead)
    hint = guidance.turn_into_guidance(question=asked, by=cast.lead)
    assert (beside(indicator), hint.question) == ([TEXT], asked)


def test_a_unit_lists_its_own_questions_and_a_lead_those_it_answers(cast, asked):
    listed = {who: list(questions_for(getattr(cast, who))) for who in ("officer", "head", "lead", "other_officer")}
    assert listed == {"officer": [asked], "head": [asked], "lead": [asked], "other_officer": []}


def test_a_stranger_reads_a_question_once_it_is_answered(cast, asked, client_of):
    before = client_of(cast.other_officer).get(asked.get_absolute_url()).status_code
    guidance.answer(question=asked, text=TEXT, by=cast.lead)
    assert (before, client_of(cast.other_officer).get(asked.get_absolute_url()).status_code) == (404, 200)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_lead_writes_a_hint_in_the_browser(cast, indicator, client_of):
    address = f"/huong-dan/them/{indicator.criterion_id}/?chi-tieu={indicator.pk}"
    data = {"text": TEXT, "document": "Số 12/TCKH", "valid_from": "02/12/2024"}
    answer = client_of(cast.lead).post(address, data, follow=True)
    assert "Đã lưu hướng dẫn cho HT6, Vốn đã giải ngân." in answer.content.decode()
    assert TEXT in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": "Ngắn", "valid_from": "02/12/2024"}, "Cần ít nhất 20 ký tự"),
        ({"text": TEXT, "valid_from": "31/02/2024"}, "Ngày viết theo dạng dd/mm/yyyy"),
    ],
)
def test_bad_guidance_comes_back_as_typed(cast, indicator, client_of, data, words):
    answer = client_of(cast.lead).post(f"/huong-dan/them/{indicator.criterion_id}/", data)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert data["text"] in answer.content.decode()


@pytest.mark.parametrize("wanted", ["x", "999999", "²"])
def test_an_indicator_that_is_not_the_criterions_is_not_found_or_passed_over(cast, indicator, client_of, wanted):
    answer = client_of(cast.lead).get(f"/huong-dan/them/{indicator.criterion_id}/?chi-tieu={wanted}")
    assert answer.status_code == (404 if wanted.isdigit() and wanted.isascii() else 200)


def test_a_unit_asks_and_the_lead_answers_in_the_browser(cast, indicator, client_of):
    address = f"/hoi-dap/hoi/{indicator.criterion_id}/?chi-tieu={indicator.pk}"
    client_of(cast.officer).post(address, {"unit": cast.home.pk, "text": ASKED})
    question = Question.objects.get()
    page = client_of(cast.lead).get("/viec-cua-toi/").content.decode()
    assert "Trả lời 1 câu hỏi của đơn vị báo cáo" in page
    client_of(cast.lead).post(question.get_absolute_url(), {"text": TEXT})
    assert TEXT in client_of(cast.officer).get("/hoi-dap/").content.decode()


def test_nobody_asks_for_a_strangers_unit_through_the_form(cast, indicator, client_of):
    data = {"unit": cast.other.pk, "text": ASKED}
    assert client_of(cast.officer).post(f"/hoi-dap/hoi/{indicator.criterion_id}/", data).status_code == 422
    assert not Question.objects.exists()


def test_the_second_answer_comes_back_with_both(cast, asked, client_of):
    client = client_of(cast.lead)
    guidance.answer(question=asked, text=TEXT, by=cast.lead)
    page = client.post(asked.get_absolute_url(), {"text": "Không tính, ghi riêng ở phần kết quả."})
    assert (page.status_code, TEXT in page.content.decode()) == (409, True)
    assert "Không tính, ghi riêng" in page.content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_lists_cost_the_same(cast, about, client_of, django_assert_max_num_queries, count):
    for number in range(count):
        guidance.give(**about, text=f"{TEXT} {number}", by=cast.lead)
        guidance.ask(**about, unit=cast.home, text=f"{ASKED} {number}", by=cast.officer)
    client = client_of(cast.lead)
    for address in ("/huong-dan/", "/hoi-dap/"):
        with django_assert_max_num_queries(16):
            assert client.get(address).status_code == 200
