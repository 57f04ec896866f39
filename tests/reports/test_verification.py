"""A figure before its sector's lead: every state, every step, every role; what handing in and accepting do to it."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.models import Recognition, Verification
from reports.services import annual, verification
from reports.services.recognition import recognise_otherwise
from reports.services.remarks import usual_due
from tests.reports.conftest import NOTE, SPENT, UNVERIFIED
from tests.reports.filled import report_of
from units.models import AuditEvent

pytestmark = pytest.mark.django_db

SOURCE = "Kho bạc, 118/KBNN, 05/12/2024"
PLANNED, LAND = "HT6.von_ke_hoach", "HT6.dat_hien"
DEEDS = {
    "agree": verification.agree,
    "differ": lambda **who: verification.differ(value=8915, source=SOURCE, **who),
    "return": lambda **who: verification.return_figure(reason=NOTE, due_at=usual_due(), **who),
    "reconsider": lambda **who: verification.reconsider(reason=NOTE, **who),
    "take_back": verification.take_back,
}
# (state, step): where it leads. Everything that is not here is refused to everybody.
LEGAL = {
    ("waiting", "agree"): "agrees",
    ("waiting", "differ"): "differs",
    ("waiting", "return"): "returned",
    ("agrees", "reconsider"): "waiting",
    ("differs", "reconsider"): "waiting",
    ("returned", "take_back"): "waiting",
}
PATHS = {"waiting": (), "agrees": ("agree",), "differs": ("differ",), "returned": ("return",)}
PEOPLE = [
    "officer", "head", "other_head", "company_officer", "lead", "other_lead", "reviewer", "chief", "admin", "nobody",
]  # fmt: skip


@pytest.fixture
def people(cast, account, unit_of):
    cast.other_lead = account("lead.works", "officer", unit_of("phong-kinh-te-ha-tang"), "Trần Văn Công")
    return cast


@pytest.fixture
def cell(moved):
    """`cell(SPENT)`: the verification of that figure of the report handed in by xã Nậm Xe."""
    report = moved("submitted")

    def find(code=SPENT):
        return Verification.objects.get(figure__report=report, figure__indicator__code=code)

    return find


@pytest.mark.parametrize("step", DEEDS)
@pytest.mark.parametrize("state", PATHS)
def test_a_step_moves_the_cell_and_leaves_one_trace_or_raises_and_leaves_none(people, cell, state, step):
    for name in PATHS[state]:
        DEEDS[name](verification=cell(), by=people.lead)
    for who in PEOPLE:
        target = LEGAL.get((state, step), state) if who == "lead" else state
        assert _came_of(cell, DEEDS[step], getattr(people, who)) == (target, int(target != state)), who


def _came_of(cell, deed, by) -> tuple[str, int]:
    """(the state it leads to, how many traces it leaves), undone again; what raises is undone by the deed itself."""
    before, mark = _traces(), transaction.savepoint()
    with suppress(PermissionDenied, StepRefused):
        deed(verification=cell(), by=by)
    came_of = cell().state, _traces() - before
    transaction.savepoint_rollback(mark)
    return came_of


def _traces():
    return AuditEvent.objects.filter(target_type="reports.verification").count()


def test_handing_in_makes_every_figure_with_a_value_wait_for_its_sector(cast, ready):
    ready.figures.filter(indicator__code=PLANNED).update(answer="not_applicable", reason="Xã không được giao vốn.")
    ready.entries.filter(criterion__code="HT1").update(applies=False, grade="")
    annual.submit(report=ready, by=cast.head)
    rows = Verification.objects.filter(figure__report=ready).select_related("figure__indicator__criterion__sector")
    asked = ready.figures.exclude(indicator__code=PLANNED).exclude(indicator__criterion__code="HT1")
    assert {row.figure_id for row in rows} == set(asked.values_list("pk", flat=True))
    assert {(row.sector, row.state) for row in rows} == {
        (row.figure.indicator.criterion.sector.code, "waiting") for row in rows
    }


def test_agreeing_takes_the_reported_value_and_signs_it(cast, cell):
    cell().figure.__class__.objects.filter(pk=cell().figure_id).update(value="8412.5")
    row = verification.agree(verification=cell(), by=cast.lead)
    row.refresh_from_db()
    assert (str(row.value), row.by, row.at is not None, row.source) == ("8412.5000", cast.lead, True, "")


@pytest.mark.parametrize("source", ["", "   ", "\x00", "KB"])
def test_a_difference_needs_a_source(cast, cell, source):
    with pytest.raises(ValidationError, match="Chưa ghi nguồn"):
        verification.differ(verification=cell(), value=8915, source=source, by=cast.lead)
    assert cell().state == "waiting"


def test_a_difference_that_is_none_is_refused(cast, cell):
    with pytest.raises(ValidationError, match="trùng số đơn vị báo cáo"):
        verification.differ(verification=cell(), value=0, source=SOURCE, by=cast.lead)
    assert cell().state == "waiting"


def test_a_return_needs_a_reason_and_a_day_to_come(cast, cell):
    with pytest.raises(NoteMissing):
        verification.return_figure(verification=cell(), reason="Sai.", due_at=usual_due(), by=cast.lead)
    with pytest.raises(ValidationError, match="Hạn sửa phải sau"):
        verification.return_figure(
            verification=cell(), reason=NOTE, due_at=clock.now() - timedelta(days=1), by=cast.lead
        )
    assert cell().state == "waiting"


def test_a_return_opens_this_figure_and_no_other(cast, cell):
    verification.return_figure(verification=cell(), reason=NOTE, due_at=usual_due(), by=cast.lead)
    report = cell().figure.report
    assert report.state == "returned"
    assert list(report.figures.filter(reopened=True).values_list("indicator__code", flat=True)) == [SPENT]
    remark = report.remarks.get()
    assert (remark.sector, remark.reason, remark.asked_by) == ("finance", NOTE, cast.lead)


def test_others_go_on_judging_while_one_figure_is_returned(cast, cell):
    verification.return_figure(verification=cell(), reason=NOTE, due_at=usual_due(), by=cast.lead)
    assert verification.agree(verification=cell(PLANNED), by=cast.lead).state == "agrees"
    with pytest.raises(StepRefused):
        verification.agree(verification=cell(), by=cast.lead)


def test_what_the_unit_corrects_for_another_office_is_not_judged_meanwhile(cast, cell, ask):
    ask(cell().figure.report, SPENT)
    with pytest.raises(StepRefused, match="Đơn vị đang sửa"):
        verification.agree(verification=cell(), by=cast.lead)


def test_of_two_who_judge_one_cell_the_second_is_told(cast, cell, account, unit_of):
    colleague = account("lead.two", "head", unit_of("phong-tai-chinh-ke-hoach"))
    first, second = cell(), cell()
    verification.agree(verification=first, by=cast.lead, version=first.version)
    with pytest.raises(StepRefused):
        verification.differ(verification=second, value=1, source=SOURCE, by=colleague, version=second.version)
    assert (cell().state, cell().by) == ("agrees", cast.lead)


def test_a_figure_that_changed_unnoticed_is_not_agreed_with(cast, cell):
    row = cell()
    type(row.figure).objects.filter(pk=row.figure_id).update(version=row.figure_version + 1)
    with pytest.raises(StepRefused, match="đã sửa số liệu"):
        verification.agree(verification=row, by=cast.lead, version=row.version)


def test_nothing_is_judged_after_acceptance_or_withdrawal(cast, cell):
    report = cell().figure.report
    annual.withdraw(report=report, by=cast.head)
    with pytest.raises(StepRefused, match="đã được rút về"):
        verification.agree(verification=cell(), by=cast.lead)
    annual.submit(report=report, by=cast.head)
    annual.open_review(report=report, by=cast.reviewer)
    annual.accept(report=report, by=cast.reviewer, note=UNVERIFIED)
    with pytest.raises(StepRefused, match="chấp nhận"):
        verification.agree(verification=cell(), by=cast.lead)


def test_sending_back_keeps_what_was_judged_and_opens_what_changed(cast, cell):
    verification.agree(verification=cell(PLANNED), by=cast.lead)
    verification.return_figure(verification=cell(LAND), reason=NOTE, due_at=usual_due(), by=cast.lead)
    figure = cell(LAND).figure
    type(figure).objects.filter(pk=figure.pk).update(value=40, version=figure.version + 1, saved_at=clock.now())
    annual.resubmit(report=figure.report, by=cast.head)
    assert (cell(PLANNED).state, cell(PLANNED).by) == ("agrees", cast.lead)
    again = cell(LAND)
    assert (again.state, again.by, again.figure_version) == ("waiting", None, figure.version + 1)
    verification.agree(verification=again, by=cast.lead, version=again.version)
    assert figure.remarks.get().state == "settled"


def test_a_page_of_before_the_correction_is_out_of_date(cast, cell):
    old = cell(LAND)
    verification.return_figure(verification=cell(LAND), reason=NOTE, due_at=usual_due(), by=cast.lead)
    type(old.figure).objects.filter(pk=old.figure_id).update(value=40, version=9, saved_at=clock.now())
    annual.resubmit(report=old.figure.report, by=cast.head)
    with pytest.raises(StepRefused):
        verification.agree(verification=old, by=cast.lead, version=old.version)


# --- separation of duties ---------------------------------------------------------------------------------------------


@pytest.fixture
def of_the_lead(cast, unit_of, period_2024):
    """Two figures that the finance office, lead of its sector, reports itself: one of its sector, one of another."""
    report = report_of(unit_of("phong-tai-chinh-ke-hoach"), period_2024, by=cast.lead, state="submitted")
    rows = Verification.objects.filter(figure__report=report)
    return rows.filter(sector="finance").first(), rows.exclude(sector="finance").exclude(sector="emulation").first()


def test_nobody_verifies_their_own_unit_and_the_standing_office_does_what_the_lead_may_not(cast, december, of_the_lead):
    own, _ = of_the_lead
    with pytest.raises(PermissionDenied, match="không thẩm tra số liệu của chính mình"):
        verification.agree(verification=own, by=cast.lead)
    assert verification.agree(verification=own, by=cast.reviewer).by == cast.reviewer


def test_the_standing_office_verifies_nothing_else_of_another_sector(cast, december, of_the_lead):
    _, others = of_the_lead
    with pytest.raises(PermissionDenied):
        verification.agree(verification=others, by=cast.reviewer)


def test_a_lead_that_once_led_judges_no_more(cast, cell, unit_of):
    mandate = unit_of("phong-tai-chinh-ke-hoach").mandates.get(sector="finance")
    mandate.valid_to = clock.today() - timedelta(days=1)
    mandate.save()
    with pytest.raises(PermissionDenied):
        verification.agree(verification=cell(), by=cast.lead)


# --- what is recognised -----------------------------------------------------------------------------------------------


@pytest.fixture
def reviewing(cast, cell):
    report = cell().figure.report
    annual.open_review(report=report, by=cast.reviewer)
    return report


def recognised(report, code=SPENT):
    return Recognition.objects.get(figure__report=report, figure__indicator__code=code)


def test_accepting_needs_a_reason_while_figures_wait_and_says_whose(cast, reviewing):
    waiting = Verification.objects.filter(figure__report=reviewing)
    finance = waiting.filter(sector="finance").count()
    with pytest.raises(NoteMissing) as refusal:
        annual.accept(report=reviewing, by=cast.reviewer)
    assert str(refusal.value).startswith(f"Còn {waiting.count()} số liệu chưa thẩm tra (")
    assert f"Phòng Tài chính - Kế hoạch {finance}" in str(refusal.value)
    reviewing.refresh_from_db()
    assert (reviewing.state, Recognition.objects.count()) == ("reviewing", 0)


def test_accepting_recognises_the_verified_value_where_there_is_one(cast, cell, reviewing):
    verification.differ(verification=cell(), value=8915, source=SOURCE, note="Trừ tạm ứng.", by=cast.lead)
    verification.agree(verification=cell(PLANNED), by=cast.lead)
    annual.accept(report=reviewing, by=cast.reviewer, note=UNVERIFIED)
    differing, agreed = recognised(reviewing), recognised(reviewing, PLANNED)
    office = "Theo thẩm tra của Phòng Tài chính - Kế hoạch"
    assert (int(differing.value), differing.source, differing.note) == (8915, f"{office}: {SOURCE}", "Trừ tạm ứng.")
    assert (int(agreed.value), agreed.source, agreed.by) == (0, office, cast.reviewer)
    unverified = recognised(reviewing, "HT1.goi_thau")
    assert (unverified.source, unverified.note) == ("Theo báo cáo của đơn vị, chưa thẩm tra", UNVERIFIED)
    assert Recognition.objects.filter(figure__report=reviewing).count() == reviewing.figures.count()


def test_figures_of_a_criterion_that_does_not_apply_are_recognised_as_such(cast, ready):
    ready.entries.filter(criterion__code="HT6").update(applies=False, grade="")
    annual.submit(report=ready, by=cast.head)
    annual.open_review(report=ready, by=cast.reviewer)
    annual.accept(report=ready, by=cast.reviewer, note=UNVERIFIED)
    assert (recognised(ready).answer, recognised(ready).value) == ("not_applicable", None)


def test_phong_noi_vu_may_recognise_a_third_value_with_source_and_reason(cast, cell, reviewing):
    figure = cell().figure
    said = {"figure": figure, "value": 8000, "source": "Biên bản đối chiếu", "note": NOTE}
    for who in (cast.lead, cast.head, cast.admin):
        with pytest.raises(PermissionDenied):
            recognise_otherwise(**said, by=who)
    with pytest.raises(NoteMissing):
        recognise_otherwise(**said | {"note": "Đã hỏi."}, by=cast.reviewer)
    with pytest.raises(ValidationError):
        recognise_otherwise(**said | {"source": " "}, by=cast.reviewer)
    recognise_otherwise(**said, by=cast.reviewer)
    annual.accept(report=reviewing, by=cast.chief, note=UNVERIFIED)
    assert (int(recognised(reviewing).value), recognised(reviewing).source) == (8000, "Biên bản đối chiếu")


def test_a_third_value_falls_with_the_figure_it_was_chosen_for(cast, cell, reviewing):
    figure = cell().figure
    recognise_otherwise(figure=figure, value=8000, source="Biên bản đối chiếu", note=NOTE, by=cast.reviewer)
    type(figure).objects.filter(pk=figure.pk).update(version=figure.version + 1, value=8100)
    annual.accept(report=reviewing, by=cast.reviewer, note=UNVERIFIED)
    assert (int(recognised(reviewing).value), recognised(reviewing).chosen_for) == (8100, None)


def test_a_third_value_is_set_during_the_review_only(cast, cell, reviewing):
    annual.accept(report=reviewing, by=cast.reviewer, note=UNVERIFIED)
    with pytest.raises(StepRefused):
        recognise_otherwise(figure=cell().figure, value=1, source="Biên bản", note=NOTE, by=cast.reviewer)


# --- many at once -----------------------------------------------------------------------------------------------------


def test_agreeing_with_many_leaves_out_what_changed_and_names_it(people, cell):
    rows = [cell(), cell(PLANNED)]
    of_works = Verification.objects.filter(figure__report=rows[0].figure.report, sector="works").first()
    picks = [(rows[0], rows[0].version), (rows[1], rows[1].version - 1), (of_works, of_works.version)]
    done = verification.agree_many(picks=picks, by=people.lead)
    assert [row.figure_id for row in done.agreed] == [rows[0].figure_id]
    assert [figure.pk for figure, _ in done.left_out] == [rows[1].figure_id, of_works.figure_id]
    assert "Chờ thẩm tra" in done.left_out[0][1]
    assert [cell().state, cell(PLANNED).state] == ["agrees", "waiting"]
