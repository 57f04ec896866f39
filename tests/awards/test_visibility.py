"""Who sees which nomination, and what a unit does not learn about its neighbours."""

from datetime import datetime

import pytest

from awards.models import Nomination
from awards.selectors import findings_for, place_in_queue
from phongtho_thidua.lib.clock import VIETNAM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

ALL = {"draft", "submitted", "returned", "eligible", "not_eligible"}
SENT = ALL - {"draft"}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("officer", ALL),
        ("head", ALL),
        ("reviewer", SENT),
        ("chief", SENT),
        ("other_officer", set()),
        ("other_head", set()),
        ("company_officer", set()),
        ("lead", set()),
        ("admin", set()),
        ("nobody", set()),
    ],
)
def test_nomination_is_seen_by_its_unit_and_from_submission_by_the_standing_office(
    nominated, person_of, cast, who, seen
):
    for place, state in enumerate(sorted(ALL)):
        nominated(state, person=person_of(f"Người thứ {place}"))
    rows = Nomination.objects.visible_to(getattr(cast, who))
    assert set(rows.values_list("state", flat=True)) == seen


def test_standing_office_sees_drafts_of_its_own_unit(nominated, cast, unit_of):
    nominated("draft", unit=unit_of("phong-noi-vu"))
    assert Nomination.objects.visible_to(cast.reviewer).count() == 1
    assert Nomination.objects.visible_to(cast.head).count() == 0


def test_unit_does_not_learn_from_the_rules_whom_others_nominate(nominated, person_of, cast):
    ours = nominated("submitted", person=person_of("Lò Văn Páo", birth_year=1980))
    theirs = person_of("Lo Van Pao", unit=cast.other, by=cast.other_head, birth_year=1980)
    nominated("submitted", person=theirs, unit=cast.other)
    said = {user: _duplicate(ours, user) for user in (cast.head, cast.reviewer)}
    assert said[cast.head] == ("pass", "Chưa thấy đề nghị khác cho cùng đối tượng trong đợt này.")
    assert said[cast.reviewer] == ("warn", "Trùng họ tên và năm sinh với: Lo Van Pao, UBND xã Mường So.")


def _duplicate(row, user):
    finding = next(one for one in findings_for(row, user) if one.rule == "duplicate")
    return finding.verdict, finding.sentence


def test_other_forms_for_the_same_person_are_named(nominated, person_of, cast, form_of):
    person = person_of("Lò Văn Páo")
    nominated("submitted", person=person, form=form_of("bang-khen-tinh"))
    assert _duplicate(nominated("draft", person=person), cast.head) == (
        "warn",
        "Cùng đối tượng còn được đề nghị Bằng khen của Chủ tịch UBND tỉnh trong đợt này. "
        "Không khen thưởng nhiều lần, nhiều hình thức cho một thành tích.",
    )


def test_collective_is_warned_until_its_report_of_the_year_is_accepted(nominated, cast, period_2024, unit_of):
    from criteria.models import CriteriaSet
    from reports.models import AnnualReport

    row = nominated("draft")
    report = AnnualReport.objects.create(
        unit=cast.home,
        period=period_2024,
        criteria_set=CriteriaSet.objects.for_year(2024),
        state="submitted",
        submitted_by=cast.head,
        submitted_at="2024-12-01T00:00Z",
    )
    assert _report(row, cast.head) == "warn"
    AnnualReport.objects.filter(pk=report.pk).update(
        state="accepted", reviewed_by=cast.reviewer, reviewed_at="2024-12-02T00:00Z"
    )
    assert _report(row, cast.head) == "pass"
    assert _report(nominated("draft", unit=cast.other), cast.head) == "warn"


def _report(row, user):
    return next(one.verdict for one in findings_for(row, user) if one.rule == "report")


def test_rules_look_at_the_law_of_the_day_of_receipt(nominated, cast, person_of):
    """From July 2025 nobody can give the district's certificate; what came in before is judged by its day."""
    early = nominated(
        "submitted", person=person_of("Lò Văn Páo"), submitted_at=datetime(2025, 6, 30, 23, 59, tzinfo=VIETNAM)
    )
    late = nominated("submitted", person=person_of("Giàng A Lử"), submitted_at=datetime(2025, 7, 1, tzinfo=VIETNAM))
    assert [_authority(row, cast.reviewer) for row in (early, late)] == ["pass", "warn"]


def _authority(row, user):
    return next(one.verdict for one in findings_for(row, user) if one.rule == "authority")


def test_queue_stands_in_the_order_of_submission(nominated, person_of, cast):
    days = {"Ba": "2024-12-03", "Một": "2024-12-01", "Hai": "2024-12-02"}
    rows = {
        name: nominated("submitted", person=person_of(name), submitted_at=f"{day}T00:00Z") for name, day in days.items()
    }
    places = [place_in_queue(cast.reviewer, wanted=rows[name].pk) for name in ("Một", "Hai", "Ba")]
    assert [(place.nomination.person.full_name, place.number, place.total) for place in places] == [
        ("Một", 1, 3),
        ("Hai", 2, 3),
        ("Ba", 3, 3),
    ]
    assert [place.following for place in places] == [rows["Hai"].pk, rows["Ba"].pk, rows["Một"].pk]
    assert place_in_queue(cast.reviewer).number == 1


def test_queue_is_empty_for_everybody_else(nominated, cast):
    nominated("submitted")
    for user in (cast.head, cast.admin, cast.lead, cast.nobody):
        assert place_in_queue(user).nomination is None
