"""Return only what is wrong: who may ask what back, what opens, what the unit answers, who looks again."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.models import Entry, Figure, Remark
from reports.services import annual, answers, remarks
from reports.workflow import REMARK_STEPS
from tests.reports.conftest import NOTE, SPENT, UNVERIFIED
from tests.reports.filled import report_of
from units.models import Mandate, Notification

pytestmark = pytest.mark.django_db

PLAN, OTHER_SECTOR = "HT6.von_ke_hoach", "HT2.cong_trinh"
REPLY = "Kho bạc đã xác nhận đúng số này ngày 28/11."
PEOPLE = ["officer", "head", "other_head", "lead", "reviewer", "chief", "admin", "nobody"]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def save(figure, value, by, version=None):
    data = {"answer": "value", "value": value, "day": None, "document": "", "reason": "", "expected_on": None}
    return answers.save_figure(figure=figure, data=data, version=version or figure.version, by=by)


# --- asking -----------------------------------------------------------------------------------------------------------


def test_nothing_chosen_returns_nothing(cast, moved, ask):
    with pytest.raises(ValidationError, match="Chưa chọn chỗ nào"):
        ask(moved("reviewing"))


def test_an_answer_of_another_report_is_not_returned(cast, moved, period_2024):
    other = report_of(cast.other, period_2024, by=cast.other_head, state="submitted")
    with pytest.raises(ValidationError):
        remarks.ask_back(
            report=moved("reviewing"), answers=[other.entries.first()], reason=NOTE, due_at=remarks.usual_due(),
            by=cast.reviewer,
        )  # fmt: skip


def test_a_day_that_has_passed_is_refused(cast, moved, ask):
    with pytest.raises(ValidationError, match="Hạn sửa phải sau lúc này"):
        ask(moved("reviewing"), SPENT, due_at=clock.now())


@pytest.mark.parametrize("reason", ["", "Sai số.", " " * 30])
def test_a_return_without_a_reason_is_refused_and_opens_nothing(cast, moved, ask, reason):
    report = moved("reviewing")
    with pytest.raises(NoteMissing, match="Cần ít nhất 20 ký tự"):
        ask(report, SPENT, reason=reason)
    assert (fresh(report).state, report.remarks.count(), report.figures.filter(reopened=True).count()) == (
        "reviewing",
        0,
        0,
    )


def test_a_lead_asks_about_figures_of_its_own_sector_and_about_nothing_else(cast, moved, ask):
    report = moved("submitted")
    for codes, sector in ([OTHER_SECTOR], "finance"), (["HT6"], "finance"), ([OTHER_SECTOR], "works"), ([SPENT], ""):
        with pytest.raises(PermissionDenied):
            ask(report, *codes, by=cast.lead, sector=sector)
    [remark] = ask(report, SPENT, by=cast.lead, sector="finance")
    assert (remark.office, remark.sector, fresh(report).reviewed_by) == ("Phòng Tài chính - Kế hoạch", "finance", None)


def test_a_lead_returns_nothing_of_its_own_unit(cast, moved, ask):
    report = moved("submitted")
    cast.lead.memberships.create(unit=cast.home, role="officer", valid_from=date(2022, 1, 1))
    with pytest.raises(PermissionDenied):
        ask(report, SPENT, by=type(cast.lead).objects.get(pk=cast.lead.pk), sector="finance")


def test_the_standing_office_asks_in_place_of_a_lead_that_reports_itself_only(cast, moved, ask):
    report = moved("submitted")
    with pytest.raises(PermissionDenied):
        ask(report, SPENT, sector="finance")
    Mandate.objects.filter(sector="finance").update(unit=cast.home)
    assert ask(report, SPENT, sector="finance")[0].office == "Phòng Nội vụ"


def test_two_offices_ask_at_once_but_not_about_the_same_answer(cast, moved, ask):
    report = moved("reviewing")
    ask(report, SPENT, by=cast.lead, sector="finance")
    ask(report, PLAN, "HT1")
    with pytest.raises(StepRefused, match="Phòng Tài chính - Kế hoạch đã trả lại HT6, vốn đã giải ngân và đang chờ"):
        ask(report, SPENT)
    assert sorted(remark.answer.key for remark in report.remarks.open()) == sorted(
        answer.key for kind in (Entry, Figure) for answer in kind.objects.filter(report=report, reopened=True)
    )


def test_the_usual_day_is_the_fifth_working_day_at_five(cast, december):
    assert remarks.usual_due() == clock.at(date(2024, 12, 9), 17)


def test_the_unit_is_told_who_what_and_until_when(cast, moved):
    moved("returned")
    told = Notification.objects.filter(kind="report_returned").values_list("user__username", "text")
    text = "Phòng Nội vụ trả lại HT6. Sửa và gửi lại trước 17:00 ngày 09/12/2024."
    assert sorted(told) == [("hanh.lt", text), ("sai.ta", text)]


# --- what opens -------------------------------------------------------------------------------------------------------


def test_only_what_was_named_can_be_changed(cast, moved, figure_of, entry_of):
    moved("returned")
    assert save(figure_of(SPENT), 7962, cast.officer).value == 7962
    with pytest.raises(answers.Closed, match="Chỉ chỗ bị trả lại mở ra để sửa"):
        save(figure_of(PLAN), 8650, cast.officer)
    entry = entry_of("HT6")
    with pytest.raises(answers.Closed):
        answers.save_entry(entry=entry, data={"narrative": "Khác."}, version=entry.version, by=cast.officer)


def test_a_field_that_closed_after_the_page_was_opened_takes_nothing(cast, moved, figure_of, ask):
    """The statement itself asks, whatever the page still believes."""
    report = moved("returned")
    figure = figure_of(SPENT)
    remarks.drop(remark=report.remarks.get(), by=cast.reviewer)
    ask(report, PLAN)
    figure.report.refresh_from_db()
    with pytest.raises(answers.Closed, match="giữ nguyên như đã nộp"):
        save(figure, 7962, cast.officer)
    assert fresh(figure).value == 0


def test_the_save_of_a_returned_answer_costs_no_more_queries(cast, moved, figure_of, client_of, queries):
    moved("returned")
    figure, client = figure_of(SPENT), client_of(cast.officer)
    data = {f"{figure.key}-answer": "value", f"{figure.key}-value": "7.962", "version": figure.version}
    with queries() as asked:
        answer = client.post(f"/bao-cao/{figure.report_id}/so-lieu/{figure.pk}/", data)
    writing = [q for q in asked.captured_queries if "reports_figure" in q["sql"] and q["sql"].startswith("UPDATE")]
    assert (answer.status_code, len(writing)) == (200, 1)


def test_the_page_has_inputs_only_for_what_is_open(cast, moved, client_of, figure_of):
    page = client_of(cast.officer).get(moved("returned").get_absolute_url()).content.decode()
    named = [f'name="{figure_of(code).key}-value"' in page for code in (SPENT, PLAN)]
    assert (named, "-narrative" in page) == ([True, False], False)
    assert "Phòng Nội vụ trả lại HT6. Sửa và gửi lại trước 17:00 ngày 09/12/2024." in page
    assert ("Chỉ 1 chỗ này mở lại" in page, NOTE in page, "Hoàng Minh Đức".replace(" ", "\u00a0") in page) == (
        True,
    ) * 3


# --- answering --------------------------------------------------------------------------------------------------------


def test_it_is_not_sent_back_while_one_remark_is_neither_answered_nor_replied_to(cast, moved, ask, figure_of):
    report = moved("returned")
    ask(report, PLAN)
    save(figure_of(SPENT), 7962, cast.officer)
    with pytest.raises(annual.NotReady) as refusal:
        annual.resubmit(report=report, by=cast.head)
    assert [problem.sentence for problem in refusal.value.problems if "chưa sửa" in problem.sentence] == [
        "HT6, kế hoạch vốn đầu tư công được giao trong năm: chưa sửa, cũng chưa ghi lý do giữ nguyên."
    ]
    assert (fresh(report).state, report.versions.count()) == ("returned", 1)


@pytest.mark.parametrize(
    ("who", "right"), [("other_head", False), ("reviewer", False), ("lead", False), ("officer", True)]
)
def test_only_the_unit_says_why_an_answer_stays(cast, moved, who, right):
    remark = moved("returned").remarks.get()
    if right:
        assert remarks.reply(remark=remark, text=REPLY, by=getattr(cast, who)).reply == REPLY
    else:
        with pytest.raises(PermissionDenied):
            remarks.reply(remark=remark, text=REPLY, by=getattr(cast, who))


def test_a_short_reply_is_none_and_a_late_one_comes_too_late(cast, moved):
    remark = moved("sent again").remarks.get()
    with pytest.raises(StepRefused):
        remarks.reply(remark=remark, text=REPLY, by=cast.officer)
    annual.withdraw_correction(report=remark.report, by=cast.head)
    with pytest.raises(NoteMissing):
        remarks.reply(remark=remark, text="Đúng rồi.", by=cast.officer)


def test_what_is_sent_back_closes_and_is_frozen_as_a_new_edition(cast, moved):
    report = moved("sent again")
    [remark] = report.remarks.all()
    assert (remark.state, remark.answered_at is not None, fresh(report).edition) == ("answered", True, 2)
    assert not report.figures.filter(reopened=True).exists()
    assert list(report.versions.values_list("edition", flat=True)) == [2, 1]


def test_taking_the_correction_back_opens_the_same_answers_and_no_others(cast, moved):
    report = annual.withdraw_correction(report=moved("sent again"), by=cast.head)
    assert (report.state, report.remarks.get().state) == ("returned", "open")
    assert [figure.indicator.code for figure in report.figures.filter(reopened=True)] == [SPENT]


# --- looking again ----------------------------------------------------------------------------------------------------

# (state, step): who may, where it leads. Of a remark of the standing office.
LEGAL = {
    ("open", "answer"): ("head", "answered"),
    ("answered", "take_back"): ("head", "open"),
    ("answered", "settle"): ("office", "settled"),
    ("answered", "ask_again"): ("office", "settled"),
    ("open", "drop"): ("office", "dropped"),
    ("answered", "drop"): ("office", "dropped"),
    ("open", "lapse"): ("office", "dropped"),
    ("answered", "lapse"): ("office", "dropped"),
}
HOLDERS = {"head": {"head"}, "office": {"reviewer", "chief"}, "lead": {"lead"}}
SIGNED = {"settle", "ask_again", "drop", "lapse"}


@pytest.mark.parametrize("step", REMARK_STEPS)
@pytest.mark.parametrize("state", ["open", "answered", "settled", "dropped"])
@pytest.mark.parametrize("sector", ["", "finance"])
def test_a_step_of_a_remark_is_its_holders_alone(cast, moved, ask, sector, state, step):
    from units.workflow import take_step

    report = moved("submitted")
    asker = cast.lead if sector else cast.reviewer
    [remark] = ask(report, SPENT, by=asker, sector=sector)
    done = {"settled_by": asker, "settled_at": clock.now()} if state in ("settled", "dropped") else {}
    Remark.objects.filter(pk=remark.pk).update(state=state, **done)
    holder, target = LEGAL.get((state, step), ("", state))
    if sector and holder == "office" and step != "lapse":
        holder = "lead"
    for who in PEOPLE:
        by = getattr(cast, who)
        signed = {"settled_by": by, "settled_at": clock.now()} if step in SIGNED else {}
        if who in HOLDERS.get(holder, ()):
            continue
        with pytest.raises((PermissionDenied, StepRefused)):
            take_step(obj=remark, steps=REMARK_STEPS, name=step, by=by, **signed)
    if holder:
        by = getattr(cast, min(HOLDERS[holder]))
        signed = {"settled_by": by, "settled_at": clock.now()} if step in SIGNED else {}
        assert take_step(obj=remark, steps=REMARK_STEPS, name=step, by=by, **signed).state == target


def test_accepting_settles_what_the_office_asked_and_leaves_the_leads_own(cast, moved, ask):
    report = moved("reviewing")
    ask(report, SPENT)
    ask(report, PLAN, by=cast.lead, sector="finance")
    report.remarks.update(reply=REPLY)
    annual.resubmit(report=report, by=cast.head)
    annual.open_review(report=report, by=cast.reviewer)
    annual.accept(report=report, by=cast.chief, note=UNVERIFIED)
    found = report.remarks.order_by("pk").values_list("sector", "state", "settled_by__username")
    assert list(found) == [("", "settled", "thanh.dv"), ("finance", "answered", None)]


def test_asking_again_ends_the_earlier_remark_and_opens_the_answer_again(cast, moved, ask):
    report = moved("seen again")
    ask(report, SPENT, reason="Số mới vẫn lệch với bảng của Kho bạc.")
    assert list(report.remarks.values_list("state", "before")) == [
        ("settled", "0 triệu đồng"),
        ("open", "7.962 triệu đồng"),
    ]
    assert report.figures.get(reopened=True).indicator.code == SPENT


def test_dropping_the_last_remark_puts_the_report_back_as_it_was_handed_in(cast, moved):
    report = moved("returned")
    remarks.drop(remark=report.remarks.get(), by=cast.reviewer)
    assert (fresh(report).state, report.figures.filter(reopened=True).count(), report.versions.count()) == (
        "submitted",
        0,
        1,
    )


def test_what_the_unit_has_begun_to_correct_is_not_dropped(cast, moved, figure_of):
    report = moved("returned")
    save(figure_of(SPENT), 7962, cast.officer)
    with pytest.raises(StepRefused, match="Đơn vị đã bắt đầu sửa HT6"):
        remarks.drop(remark=report.remarks.get(), by=cast.reviewer)
    assert (fresh(report).state, report.remarks.get().state) == ("returned", "open")


# --- pages ------------------------------------------------------------------------------------------------------------


def give_back(client, report, keys, **more):
    data = {"cho": keys, "reason": NOTE, "due_on": "09/12/2024"} | more
    return client.post(f"/bao-cao/{report.pk}/tra-lai/", data)


def test_the_reviewer_returns_what_is_ticked_and_may_go_on(cast, moved, client_of):
    report = moved("reviewing")
    client = client_of(cast.reviewer)
    entry, figure = report.entries.first(), report.figures.get(indicator__code=SPENT)
    assert give_back(client, report, [entry.key, figure.key]).status_code == 302
    assert give_back(client, report, [report.entries.last().key], them="1").url == report.get_absolute_url()
    assert report.remarks.open().count() == 3


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"cho": []}, "Chưa chọn chỗ nào để trả lại."),
        ({"reason": "Sai số."}, "Cần ít nhất 20 ký tự"),
        ({"due_on": "31/02/2025"}, "Ngày viết theo dạng dd/mm/yyyy"),
        ({"due_on": "01/12/2024"}, "Hạn sửa phải sau lúc này."),
        ({"due_on": ""}, "Chưa ghi hạn sửa."),
    ],
)
def test_a_bad_return_comes_back_with_what_was_typed_and_ticked(cast, moved, client_of, changed, sentence):
    report = moved("reviewing")
    figure = report.figures.get(indicator__code=SPENT)
    typed = {"cho": [figure.key], "reason": NOTE, "due_on": "09/12/2024"} | changed
    answer = give_back(client_of(cast.reviewer), report, typed.pop("cho"), **typed)
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, typed["reason"] in page) == (422, True, True)
    assert (f'value="{figure.key}" checked' in page) == ("cho" not in changed)


def test_a_stale_page_returns_nothing(cast, moved, client_of):
    report = moved("reviewing")
    assert give_back(client_of(cast.reviewer), report, [report.entries.first().key], version="1").status_code == 409


def test_the_reviewer_sees_what_was_asked_before_and_now(cast, moved, client_of):
    report = moved("seen again")
    page = client_of(cast.reviewer).get(report.get_absolute_url()).content.decode()
    assert '<del class="tt-gone">0 triệu đồng</del>' in page
    assert '<ins class="tt-new">7.962 triệu đồng</ins>' in page
    assert "Chấp nhận báo cáo là đồng ý cả 1 chỗ này." in page


def test_the_queue_tells_how_many_places_were_put_right(cast, moved, client_of):
    moved("sent again")
    assert "đã sửa 1 chỗ theo yêu cầu" in client_of(cast.reviewer).get("/xem-xet/").content.decode()


def test_a_reply_through_the_page_is_kept_when_it_is_too_short(cast, moved, client_of):
    report = moved("returned")
    url, client = f"/bao-cao/{report.pk}/y-kien/{report.remarks.get().pk}/", client_of(cast.officer)
    answer = client.post(url, {"step": "reply", "note": "Số đúng."})
    assert (answer.status_code, "Số đúng." in answer.content.decode()) == (422, True)
    assert client.post(url, {"step": "reply", "note": REPLY}).status_code == 302
    assert report.remarks.get().reply == REPLY


def test_the_page_costs_the_same_for_one_remark_and_for_many(cast, moved, ask, client_of, queries):
    report, costs = moved("returned"), []
    for _ in range(2):
        client = client_of(cast.officer)
        with queries() as asked:
            client.get(report.get_absolute_url())
        costs.append(asked.count)
        if len(costs) == 1:
            ask(report, *report.entries.values_list("criterion__code", flat=True))
    assert costs[0] == costs[1]
