"""Opening, changing, discarding and submitting a nomination: refusals first."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from awards.models import FormRecipient, Nomination
from awards.services import nominations as deeds
from phongtho_thidua.lib.workflow import StepRefused
from units import audit
from units.models import Membership, Notification, Person

from .conftest import DEED, NOTE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

PAO = {"full_name": "Lò Văn Páo", "birth_year": 1980, "position": "Trưởng bản", "residence": "Bản Po Chà"}
SAME_AGAIN = "Trong đợt này đã có một đề nghị Giấy khen của Chủ tịch UBND huyện cho cùng đối tượng."


@pytest.fixture
def opened(cast, award_round, certificate):
    def make(by=cast.officer, unit=cast.home, kind="collective", form=certificate, **more):
        return deeds.open_nomination(
            award_round=award_round, form=form, unit=unit, subject_kind=kind, by=by, **{"achievement": DEED} | more
        )

    return make


# --- opening ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["other_officer", "other_head", "reviewer", "chief", "admin", "nobody"])
def test_opening_refuses_everybody_outside_the_unit(opened, cast, who):
    with pytest.raises(PermissionDenied, match="đơn vị lập đề nghị"):
        opened(by=getattr(cast, who))
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("who", ["officer", "head"])
def test_opening_by_the_unit_makes_a_signed_draft(opened, cast, who):
    row = opened(by=getattr(cast, who))
    assert (row.state, row.subject_unit, row.person, row.prepared_by) == (
        "draft",
        cast.home,
        None,
        getattr(cast, who),
    )
    assert list(row.writers.all()) == [row.prepared_by]
    assert [event.label for event in audit.history_of(row)] == ["lập đề nghị Giấy khen của Chủ tịch UBND huyện"]


@pytest.mark.parametrize(
    ("edge", "seconds", "told"),
    [
        ("opens_at", -1, "Đợt nhận đề nghị từ 00:00 ngày 15/11/2024."),
        ("closes_at", 0, "Đợt đã đóng lúc 17:00 ngày 31/12/2024."),
    ],
)
def test_opening_outside_the_round_is_refused(opened, award_round, time_machine, edge, seconds, told):
    time_machine.move_to(getattr(award_round, edge) + timedelta(seconds=seconds), tick=False)
    with pytest.raises(ValidationError) as refusal:
        opened()
    assert refusal.value.messages == [told]
    assert not Nomination.objects.exists()


def test_opening_for_a_kind_that_the_form_does_not_know_is_refused(opened, award_round, form_of):
    medal = form_of("huan-chuong-lao-dong")
    award_round.forms.add(medal)
    with pytest.raises(ValidationError) as refusal:
        opened(form=medal, kind="household", new_person=PAO)
    assert refusal.value.message_dict == {
        "form": ["Huân chương Lao động không dành cho đối tượng “Hộ gia đình” theo danh mục ngày 02/12/2024."]
    }
    assert not Person.objects.exists()


def test_opening_with_a_form_that_the_round_does_not_offer_is_refused(opened, form_of):
    with pytest.raises(ValidationError) as refusal:
        opened(form=form_of("huan-chuong-lao-dong"))
    assert refusal.value.message_dict == {"form": ["Đợt này không xét Huân chương Lao động."]}


def test_opening_twice_for_the_unit_is_refused(opened):
    opened()
    with pytest.raises(ValidationError) as refusal:
        opened()
    assert refusal.value.message_dict == {"form": [SAME_AGAIN]}


def test_opening_twice_for_a_person_typed_again_is_refused(opened):
    opened(kind="individual", new_person=PAO)
    with pytest.raises(ValidationError) as refusal:
        opened(kind="individual", new_person=PAO)
    assert refusal.value.message_dict == {"form": [SAME_AGAIN]}
    assert Person.objects.count() == 1


def test_opening_again_after_a_refusal_of_the_office_is_possible(opened, nominated):
    nominated("not_eligible")
    assert opened().state == "draft"


def test_same_person_may_be_nominated_for_another_form(opened, form_of):
    first = opened(kind="individual", new_person=PAO)
    second = opened(kind="individual", person=first.person, form=form_of("bang-khen-tinh"))
    assert second.person == first.person


def test_persons_of_other_units_and_of_another_kind_are_refused(opened, cast, person_of):
    strange = person_of("Giàng A Lử", unit=cast.other, by=cast.other_head)
    household = person_of("Lò Văn Páo", kind="household")
    for person in (strange, household):
        with pytest.raises(ValidationError) as refusal:
            opened(kind="individual", person=person)
        assert refusal.value.message_dict == {"person": ["Chọn người, hộ gia đình mà chính đơn vị đã ghi tên."]}


def test_new_person_is_entered_with_the_nomination(opened):
    row = opened(kind="household", new_person=PAO)
    person = row.person
    assert (person.kind, person.full_name, person.birth_year, person.position, person.residence) == (
        "household",
        "Lò Văn Páo",
        1980,
        "Trưởng bản",
        "Bản Po Chà",
    )
    assert str(row) == "Giấy khen của Chủ tịch UBND huyện, Hộ Lò Văn Páo"
    assert [event.label for event in audit.history_of(person)] == ["ghi tên Hộ Lò Văn Páo"]


def test_people_of_one_name_stay_apart_by_year_of_birth_and_home(person_of):
    first = person_of("Lò Văn Páo", birth_year=1980, residence="Bản Po Chà")
    assert person_of("Lò Văn Páo", birth_year=1980, residence="bản po chà") == first
    assert person_of("Lò Văn Páo", birth_year=1981, residence="Bản Po Chà") != first
    assert person_of("Lò Văn Páo", birth_year=1980, residence="Bản Mấn") != first
    assert person_of("Lo Van Pao", birth_year=1980, residence="Bản Po Chà") != first


def test_entering_a_person_for_another_unit_is_refused(person_of, cast):
    with pytest.raises(PermissionDenied):
        person_of("Lò Văn Páo", by=cast.other_officer)


def test_hostile_text_is_kept_as_harmless_text(opened):
    name = "Lò\x00 <script>alert(1)</script>\u202e =1+1 Pa\u0301o"
    row = opened(kind="individual", new_person=PAO | {"full_name": name}, achievement="\x00=1+1\r\n<b>" + DEED)
    row.refresh_from_db()
    assert row.person.full_name == "Lò <script>alert(1)</script> =1+1 Páo"
    assert row.achievement == "=1+1\n<b>" + DEED


def test_sample_accounts_make_sample_nominations(opened, cast):
    cast.officer.is_sample = True
    assert opened(kind="individual", new_person=PAO).is_sample
    assert Person.objects.get().is_sample


# --- changing, discarding --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "eligible", "not_eligible"])
@pytest.mark.parametrize("who", ["officer", "head", "other_head", "reviewer", "admin"])
def test_changing_is_for_the_unit_while_it_has_the_nomination(nominated, cast, certificate, state, who):
    row = nominated(state)
    change = {"nomination": row, "form": certificate, "achievement": DEED + " Thêm 2 km.", "version": 1}
    if state in ("draft", "returned") and who in ("officer", "head"):
        changed = deeds.change_nomination(**change, by=getattr(cast, who))
        assert (changed.version, changed.achievement) == (2, DEED + " Thêm 2 km.")
        assert getattr(cast, who) in changed.writers.all()
        return
    with pytest.raises(PermissionDenied):
        deeds.change_nomination(**change, by=getattr(cast, who))
    row.refresh_from_db()
    assert (row.version, row.achievement, audit.history_of(row)) == (1, DEED, [])


def test_changing_on_top_of_an_older_version_is_refused(nominated, cast, certificate):
    row = nominated("draft", version=3)
    with pytest.raises(deeds.Overtaken):
        deeds.change_nomination(nomination=row, form=certificate, achievement="Khác", version=2, by=cast.head)
    row.refresh_from_db()
    assert row.achievement == DEED


def test_changing_tells_the_log_both_versions(nominated, cast, form_of):
    row = nominated("draft")
    deeds.change_nomination(
        nomination=row, form=form_of("bang-khen-tinh"), achievement="Mới", version=1, by=cast.officer
    )
    assert audit.history_of(row)[0].changes == {
        "hình thức": ["Giấy khen của Chủ tịch UBND huyện", "Bằng khen của Chủ tịch UBND tỉnh"],
        "thành tích": [DEED, "Mới"],
    }


def test_saving_what_stands_already_changes_nothing(nominated, cast, certificate):
    row = nominated("draft")
    saved = deeds.change_nomination(nomination=row, form=certificate, achievement=DEED, version=1, by=cast.head)
    assert (saved.version, audit.history_of(row)) == (1, [])


def test_changing_to_a_form_that_the_round_does_not_offer_is_refused(nominated, cast, form_of):
    row, medal = nominated("draft"), form_of("huan-chuong-lao-dong")
    with pytest.raises(ValidationError) as refusal:
        deeds.change_nomination(nomination=row, form=medal, achievement=DEED, version=1, by=cast.officer)
    assert refusal.value.message_dict == {"form": ["Đợt này không xét Huân chương Lao động."]}


def test_changing_to_a_form_that_the_subject_already_has_is_refused(nominated, cast, form_of, certificate):
    nominated("submitted")
    row = nominated("draft", form=form_of("bang-khen-tinh"))
    with pytest.raises(ValidationError) as refusal:
        deeds.change_nomination(nomination=row, form=certificate, achievement=DEED, version=1, by=cast.officer)
    assert refusal.value.message_dict == {"form": [SAME_AGAIN]}


@pytest.mark.parametrize("who", ["officer", "head", "other_head", "reviewer"])
@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "eligible", "not_eligible"])
def test_discarding_is_for_the_unit_and_for_drafts_alone(nominated, cast, state, who):
    row = nominated(state)
    if state == "draft" and who in ("officer", "head"):
        deeds.discard_nomination(nomination=row, by=getattr(cast, who))
        assert not Nomination.objects.exists()
        return
    with pytest.raises(PermissionDenied):
        deeds.discard_nomination(nomination=row, by=getattr(cast, who))
    assert Nomination.objects.exists()


def test_discarding_what_was_submitted_once_is_refused(nominated, cast):
    row = nominated("draft", submitted_by=cast.head, submitted_at="2024-12-01T00:00Z")
    with pytest.raises(PermissionDenied, match="chưa trình lần nào"):
        deeds.discard_nomination(nomination=row, by=cast.head)


# --- submitting ------------------------------------------------------------------------------------------------------


def test_submitting_without_an_achievement_is_refused_with_its_rule(nominated, cast):
    row = nominated("draft", achievement="x" * 49)
    with pytest.raises(deeds.Blocked) as refusal:
        deeds.take_nomination_step(nomination=row, name="submit", by=cast.head)
    assert [(one.rule, one.sentence) for one in refusal.value.findings] == [
        ("achievement", "Thành tích mới có 49 ký tự, cần ít nhất 50.")
    ]
    row.refresh_from_db()
    assert (row.state, audit.history_of(row)) == ("draft", [])


def test_submitting_a_first_time_after_the_round_is_refused(nominated, cast, award_round, time_machine):
    row = nominated("draft")
    time_machine.move_to(award_round.closes_at, tick=False)
    with pytest.raises(deeds.Blocked, match="Đợt đã đóng lúc 17:00 ngày 31/12/2024"):
        deeds.take_nomination_step(nomination=row, name="submit", by=cast.head)


def test_what_was_returned_may_come_back_after_the_round(nominated, cast, award_round, time_machine):
    row = nominated("returned")
    time_machine.move_to(award_round.closes_at)
    assert deeds.take_nomination_step(nomination=row, name="submit", by=cast.head).state == "submitted"


def test_submitting_for_a_kind_that_the_form_no_longer_knows_is_refused(nominated, cast, certificate):
    row = nominated("draft")
    FormRecipient.objects.filter(form=certificate, kind="collective").delete()
    with pytest.raises(deeds.Blocked, match="không dành cho đối tượng “Tập thể”"):
        deeds.take_nomination_step(nomination=row, name="submit", by=cast.head)


def test_officer_hears_of_the_head_and_not_of_what_is_missing(nominated, cast):
    row = nominated("draft", achievement="")
    with pytest.raises(PermissionDenied, match="Chỉ thủ trưởng đơn vị trình được"):
        deeds.take_nomination_step(nomination=row, name="submit", by=cast.officer)


def test_reopening_is_refused_while_a_newer_nomination_lives(nominated, cast):
    old = nominated("not_eligible")
    nominated("draft")
    with pytest.raises(StepRefused, match="đã có một đề nghị"):
        deeds.take_nomination_step(nomination=old, name="reopen", by=cast.reviewer, note=NOTE)


def test_missing_report_and_missing_authority_warn_but_do_not_block(nominated, cast, certificate):
    certificate.authorities.all().delete()
    row = nominated("draft")
    assert deeds.take_nomination_step(nomination=row, name="submit", by=cast.head).state == "submitted"


# --- who is told -----------------------------------------------------------------------------------------------------


def told():
    return sorted(Notification.objects.values_list("user__username", "kind", "text"))


def test_submission_is_told_to_the_standing_office_and_to_nobody_else(nominated, cast):
    deeds.take_nomination_step(nomination=nominated("draft"), name="submit", by=cast.head)
    text = "Tẩn A Sài trình đề nghị: Giấy khen của Chủ tịch UBND huyện, Nậm Xe."
    assert told() == [("duc.hm", "nomination_submit", text), ("thanh.dv", "nomination_submit", text)]


def test_verdict_is_told_to_the_unit_and_to_nobody_else(nominated, cast):
    deeds.take_nomination_step(nomination=nominated("submitted"), name="return", by=cast.reviewer, note=NOTE)
    text = "Hoàng Minh Đức trả lại để bổ sung: Giấy khen của Chủ tịch UBND huyện, Nậm Xe."
    assert told() == [("hanh.lt", "nomination_return", text), ("sai.ta", "nomination_return", text)]


def test_standing_office_is_not_told_of_its_own_deed(nominated, cast):
    Membership.objects.create(user=cast.chief, unit=cast.home, role="head", valid_from="2024-01-01")
    deeds.take_nomination_step(nomination=nominated("draft"), name="submit", by=cast.chief)
    assert [username for username, _, _ in told()] == ["duc.hm"]


# --- what the database refuses ---------------------------------------------------------------------------------------

NONSENSE = {
    "an unknown state": {"state": "lost"},
    "no subject": {"subject_unit": None},
    "a collective that is a person": {"subject_kind": "individual"},
    "an unknown kind": {"subject_kind": "village"},
    "a submission without a signature": {"submitted_by": None},
    "a submission without a time": {"submitted_at": None},
    "a submitted nomination that nobody submitted": {"submitted_by": None, "submitted_at": None},
    "a review without a signature": {"reviewed_at": "2024-12-02T00:00Z"},
    "a verdict without a signature": {"state": "eligible", "review_note": NOTE},
}


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_database_refuses(nominated, nonsense):
    row = nominated("submitted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=row.pk).update(**NONSENSE[nonsense])


def test_database_refuses_a_verdict_without_a_reason(nominated):
    row = nominated("eligible")
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=row.pk).update(review_note="")


def test_database_refuses_two_subjects_at_once(nominated, person_of):
    row = nominated("submitted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=row.pk).update(person=person_of("Lò Văn Páo"))


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "eligible"])
def test_database_refuses_a_second_live_nomination_of_a_subject(nominated, person_of, state):
    person = person_of("Lò Văn Páo")
    nominated(state)
    nominated(state, person=person)
    for again in ({}, {"person": person}):
        with pytest.raises(IntegrityError), transaction.atomic():
            nominated("draft", **again)
