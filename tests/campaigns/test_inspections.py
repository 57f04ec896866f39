"""Inspections (C03): who may lead one, what the unit may see and when, and that nothing closes before it is done."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from campaigns.models import Finding, FindingState, Inspection, InspectionState
from campaigns.selectors.inspections import findings_beside, inspections_for, work_items
from campaigns.services import inspections as deeds
from criteria.selectors import forms_for
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from units.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

PLAN = {
    "document": "Kế hoạch 12/KH-TTH ngày 15/01/2024",
    "subject": "Sử dụng xe công và trụ sở",
    "planned_on": date(2024, 11, 20),
    "team": "Trưởng đoàn: Nguyễn Thu Hà",
}
NOTE = "Đã lập sổ theo dõi xe và niêm yết công khai."
RESULT = {"carried_out_on": date(2024, 11, 21), "conclusion": "Sổ theo dõi xe chưa đủ."}


@pytest.fixture
def criterion(cast):
    return forms_for(cast.home.kind, 2024)[-1]


@pytest.fixture
def planned(cast, period_2024):
    return deeds.plan_inspection(unit=cast.home, led_by=_office(cast), period=period_2024, by=cast.lead, **PLAN)


def _office(cast):
    return cast.lead.memberships.get().unit


def _add(inspection, criterion, by, **more):
    asked = {"recommendation": "Lập sổ theo dõi xe.", "due_on": date(2024, 12, 20)} | more
    return deeds.add_finding(inspection=inspection, criterion=criterion, text="Thiếu sổ theo dõi xe.", by=by, **asked)


@pytest.fixture
def found(planned, criterion, cast):
    """Carried out, with one recommendation to follow."""
    _add(planned, criterion, cast.lead)
    deeds.carry_out(inspection=planned, by=cast.lead, **RESULT)
    return Finding.objects.get()


@pytest.mark.parametrize("who", ["officer", "head", "company_officer", "admin", "nobody"])
def test_who_is_no_inspector_plans_none(cast, period_2024, who):
    person = getattr(cast, who)
    post = person.memberships.first()
    with pytest.raises(PermissionDenied):
        deeds.plan_inspection(
            unit=cast.other, led_by=post.unit if post else cast.home, period=period_2024, by=person, **PLAN
        )


@pytest.mark.parametrize("who", ["reviewer", "lead", "front_officer"])
def test_standing_office_sector_leads_and_the_front_inspect(cast, period_2024, who):
    person = getattr(cast, who)
    office = person.memberships.get().unit
    row = deeds.plan_inspection(unit=cast.home, led_by=office, period=period_2024, by=person, **PLAN)
    assert (row.led_by, row.state) == (office, InspectionState.PLANNED)


def test_the_inspectorate_inspects_by_its_mandate(account, cast, unit_of, period_2024):
    inspectorate = unit_of("thanh-tra-huyen")
    person = account("hien.mt", "officer", inspectorate)
    assert deeds.plan_inspection(unit=cast.home, led_by=inspectorate, period=period_2024, by=person, **PLAN)


def test_nobody_inspects_in_the_name_of_another_office_or_their_own_unit(cast, period_2024):
    with pytest.raises(PermissionDenied):
        deeds.plan_inspection(unit=cast.home, led_by=cast.other, period=period_2024, by=cast.lead, **PLAN)
    office = _office(cast)
    with pytest.raises(ValidationError):
        deeds.plan_inspection(unit=office, led_by=office, period=period_2024, by=cast.lead, **PLAN)


def test_the_unit_reads_nothing_before_the_result(cast, planned):
    for who in ("officer", "head", "other_officer", "nobody"):
        assert not inspections_for(getattr(cast, who))
    assert [row.pk for row in inspections_for(cast.lead)] == [planned.pk]
    assert [row.pk for row in inspections_for(cast.reviewer)] == [planned.pk]


def test_with_the_result_the_unit_is_told_and_reads_it(cast, found):
    assert [row.left for row in inspections_for(cast.officer)] == [1]
    assert not inspections_for(cast.other_officer)
    told = Notification.objects.filter(user=cast.officer, kind="inspection").get()
    assert told.text == "Có kết quả kiểm tra “Sử dụng xe công và trụ sở”, 1 kiến nghị cần thực hiện."


@pytest.mark.parametrize("name", ["answer", "send_back", "close"])
@pytest.mark.parametrize("state", FindingState.values)
@pytest.mark.parametrize("who", ["officer", "head", "other_head", "lead", "reviewer", "admin", "nobody"])
def test_state_step_and_role_of_a_finding(cast, found, name, state, who):
    """The unit answers what is open; the leader sends back what was answered and closes either."""
    Finding.objects.update(state=state)
    person = getattr(cast, who)
    legal = state in {"answer": ["open"], "send_back": ["answered"], "close": ["open", "answered"]}[name]
    mine = who in (("officer", "head") if name == "answer" else ("lead",))

    def take():
        return deeds.follow(finding=found, name=name, note=NOTE, by=person)

    if not mine:
        with pytest.raises(PermissionDenied):
            take()
    elif not legal:
        with pytest.raises(StepRefused):
            take()
    else:
        assert (take().text, take.__name__) == (NOTE, "take")


@pytest.mark.parametrize("state", InspectionState.values)
@pytest.mark.parametrize("who", ["officer", "head", "lead", "reviewer", "front_officer", "nobody"])
@pytest.mark.parametrize("name", ["carry_out", "close"])
def test_state_step_and_role_of_an_inspection(cast, planned, state, who, name):
    day = None if state == "planned" else date(2024, 11, 21)
    Inspection.objects.update(state=state, carried_out_on=day)
    deed = deeds.carry_out if name == "carry_out" else deeds.close_inspection
    extra = RESULT if name == "carry_out" else {}
    if who != "lead":
        with pytest.raises(PermissionDenied):
            deed(inspection=planned, by=getattr(cast, who), **extra)
    elif state != {"carry_out": "planned", "close": "carried_out"}[name]:
        with pytest.raises(StepRefused):
            deed(inspection=planned, by=cast.lead, **extra)
    else:
        assert deed(inspection=planned, by=cast.lead, **extra).state != state


def test_an_inspection_with_an_open_recommendation_does_not_close(cast, found):
    with pytest.raises(StepRefused, match="còn 1 phát hiện chưa xong"):
        deeds.close_inspection(inspection=found.inspection, by=cast.lead)
    found.inspection.refresh_from_db()
    assert found.inspection.state == InspectionState.CARRIED_OUT


def test_followed_until_it_is_closed(cast, found):
    deeds.follow(finding=found, name="answer", note=NOTE, by=cast.officer)
    deeds.follow(finding=found, name="send_back", note="Sổ chưa ghi số km đầu và cuối chuyến.", by=cast.lead)
    deeds.follow(finding=found, name="answer", note=NOTE, by=cast.head)
    deeds.follow(finding=found, name="close", note="Đã xem sổ ngày 02/12/2024, đủ.", by=cast.lead)
    closed = deeds.close_inspection(inspection=found.inspection, by=cast.lead)
    assert closed.state == InspectionState.CLOSED
    assert [told.by for told in found.follow_ups.all()] == [cast.officer, cast.lead, cast.head, cast.lead]
    with pytest.raises(StepRefused):
        _add(closed, found.criterion, cast.lead)


def test_a_step_needs_its_words_and_leaves_nothing_without(cast, found):
    with pytest.raises(NoteMissing):
        deeds.follow(finding=found, name="answer", note="Đã làm.", by=cast.officer)
    found.refresh_from_db()
    assert (found.state, found.follow_ups.count()) == (FindingState.OPEN, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"due_on": None}, "due_on"),
        ({"recommendation": ""}, "recommendation"),
        ({"due_on": date(2024, 12, 1)}, "due_on"),
    ],
)
def test_bad_findings_are_refused_at_their_field(cast, planned, criterion, change, field):
    with pytest.raises(ValidationError) as refusal:
        _add(planned, criterion, cast.lead, **change)
    assert field in refusal.value.message_dict


def test_a_criterion_of_another_kind_of_unit_is_refused(cast, planned):
    with pytest.raises(ValidationError):
        _add(planned, forms_for("enterprise", 2024)[0], cast.lead)


def test_what_was_only_noted_needs_no_following(cast, planned, criterion):
    assert _add(planned, criterion, cast.lead, recommendation="", due_on=None).state == FindingState.CLOSED


def test_a_visit_of_tomorrow_has_no_result(cast, planned):
    with pytest.raises(ValidationError):
        deeds.carry_out(inspection=planned, carried_out_on=date(2024, 12, 3), conclusion="Đạt.", by=cast.lead)


def test_a_plan_changed_meanwhile_is_not_overwritten(cast, planned):
    deeds.change_plan(inspection=planned, version=planned.version, by=cast.lead, **PLAN | {"subject": "Trụ sở"})
    with pytest.raises(StepRefused):
        deeds.change_plan(inspection=planned, version=planned.version, by=cast.lead, **PLAN)


def test_findings_stand_beside_the_criterion_they_concern(cast, found, period_2024):
    beside = findings_beside(cast.home, period_2024)
    assert {criterion: [one.pk for one in rows] for criterion, rows in beside.items()} == {
        found.criterion_id: [found.pk]
    }
    assert not findings_beside(cast.other, period_2024)


def test_each_side_finds_its_work_on_the_home_page(cast, planned, criterion):
    assert [item.button for item in work_items(cast.lead)] == ["Ghi kết quả"]
    _add(planned, criterion, cast.lead)
    deeds.carry_out(inspection=planned, by=cast.lead, **RESULT)
    assert [item.button for item in work_items(cast.officer)] == ["Báo thực hiện"]
    assert not list(work_items(cast.lead))
    deeds.follow(finding=Finding.objects.get(), name="answer", note=NOTE, by=cast.officer)
    assert [item.button for item in work_items(cast.lead)] == ["Xem lại"]
    assert not list(work_items(cast.officer))


def test_the_whole_path_in_pages(cast, client_of, criterion):
    leader, unit = client_of(cast.lead), client_of(cast.officer)
    form = {"led_by": _office(cast).pk, "unit": cast.home.pk} | PLAN | {"planned_on": "20/11/2024"}
    answer = leader.post("/kiem-tra/moi/", form)
    url = answer["Location"]
    finding = {"about": f"c{criterion.pk}", "text": "Thiếu sổ.", "recommendation": "Lập sổ.", "due_on": "20/12/2024"}
    assert leader.post(f"{url}phat-hien/", finding).status_code == 302
    assert unit.get(url).status_code == 404
    result = {"carried_out_on": "21/11/2024", "conclusion": "Đạt phần lớn.", "version": 1}
    assert leader.post(f"{url}ket-qua/", result).status_code == 302
    page = unit.get(url).content.decode()
    assert "Báo đã thực hiện" in page
    assert "Chỉ cơ quan chủ trì đợt kiểm tra này ghi được." in page
    step = f"/kiem-tra/phat-hien/{Finding.objects.get().pk}/"
    refused = unit.post(step, {"step": "answer", "note": "Ngắn quá", "version": 1})
    assert (refused.status_code, "Ngắn quá" in refused.content.decode()) == (422, True)
    assert unit.post(step, {"step": "answer", "note": NOTE, "version": 1}).status_code == 302
    assert unit.post(step, {"step": "answer", "note": NOTE, "version": 1}).status_code == 409
    assert unit.post(step, {"step": "burn", "note": NOTE}).status_code == 404


def test_lists_cost_the_same_for_one_and_for_thirty(cast, found, client_of, django_assert_num_queries):
    reviewer = client_of(cast.reviewer)
    with django_assert_num_queries(len(_queries(reviewer))):
        reviewer.get("/kiem-tra/")
    before = len(_queries(reviewer))
    copies = [
        Inspection(unit=cast.other, led_by=_office(cast), period=found.inspection.period, made_by=cast.lead, **PLAN)
        for _ in range(30)
    ]
    Inspection.objects.bulk_create(copies)
    assert len(_queries(reviewer)) == before
    page_before = len(_queries(reviewer, found.inspection.get_absolute_url()))
    for number in range(10):
        due = found.due_on + timedelta(days=number)
        Finding.objects.create(
            inspection=found.inspection, criterion=found.criterion, text="T", due_on=due, recommendation="K"
        )
    assert len(_queries(reviewer, found.inspection.get_absolute_url())) == page_before


def _queries(client, url="/kiem-tra/"):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return asked.captured_queries


def test_who_reviews_the_report_reads_the_finding_beside_its_criterion(cast, found, period_2024, client_of):
    from tests.reports.filled import report_of

    report = report_of(cast.home, period_2024, by=cast.head, state="submitted")
    page = client_of(cast.reviewer).get(report.get_absolute_url()).content.decode()
    assert "Kiến nghị: Lập sổ theo dõi xe. (chờ đơn vị thực hiện)" in page
    other = report_of(cast.other, period_2024, by=cast.other_head, state="submitted")
    assert "Lập sổ theo dõi xe" not in client_of(cast.reviewer).get(other.get_absolute_url()).content.decode()
