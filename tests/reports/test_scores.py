"""Points: who gives them to whom, what they need, and when they stand still."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from criteria.models import Criterion
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.models import Ranking, Score, ScoreItem, ScoreKind, Stage
from reports.selectors.scores import sheet_of
from reports.services import scores
from tests.reports.clustered import PAPER, all_stages, cluster_of, give, lines_of
from tests.reports.filled import communes, report_of
from units import audit
from units.models import ClusterMember, Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

WHO = ("officer", "head", "other_officer", "member", "reviewer", "chief", "lead", "admin", "nobody")
NOTE = "Mường So nộp thêm giấy khen, chấm lại điểm thưởng."


@pytest.fixture
def member(account, unit_of):
    return account("may.st", "officer", unit_of("xa-dao-san"), "Sùng Thị Máy")


@pytest.fixture
def people(cast, member):
    cast.member = member
    return cast


@pytest.fixture
def cluster(cast, unit_of):
    """Nậm Xe leads, Mường So deputises, Dào San is a member."""
    return cluster_of(cast.home, cast.other, unit_of("xa-dao-san"))


@pytest.fixture
def sheet(cluster, period_2024, cast):
    lines_of(cluster, period_2024, cast.reviewer, Criterion.objects.get(code="HT1"))
    return cluster


@pytest.fixture
def recognised(sheet, people, period_2024, unit_of):
    """Every unit with its points of all stages: Nậm Xe 82, the two others 80."""
    done = {"cluster": sheet, "period": period_2024, "recognises": people.chief}
    all_stages(unit=people.home, points=(82, 0, 0), claims=people.officer, verifies=people.other_officer, **done)
    all_stages(unit=people.other, points=(80, 0, 0), claims=people.other_officer, verifies=people.officer, **done)
    all_stages(unit=unit_of("xa-dao-san"), points=(75, 10, 5), claims=people.member, verifies=people.officer, **done)
    return sheet


# --- who gives points to whom -----------------------------------------------------------------------------------------

UNITS = {"lead": "home", "deputy": "other", "member": "third", "office": "office"}
# (whose points, stage): who may. The lead's own points are checked by the deputy or Phòng Nội vụ.
MAY = {
    ("lead", "claimed"): {"officer", "head"},
    ("lead", "verified"): {"other_officer", "reviewer", "chief"},
    ("lead", "recognised"): {"reviewer", "chief"},
    ("deputy", "claimed"): {"other_officer"},
    ("deputy", "verified"): {"officer", "head"},
    ("deputy", "recognised"): {"reviewer", "chief"},
    ("member", "claimed"): {"member"},
    ("member", "verified"): {"officer", "head"},
    ("member", "recognised"): {"reviewer", "chief"},
    ("office", "claimed"): {"reviewer", "chief"},
    ("office", "verified"): {"officer", "head"},
    ("office", "recognised"): {"officer", "head", "other_officer"},  # nobody recognises their own
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("stage", Stage.values)
@pytest.mark.parametrize("whose", UNITS)
def test_nobody_gives_points_that_are_not_theirs_to_give(
    people, sheet, period_2024, unit_of, account, whose, stage, who
):
    office = unit_of("phong-noi-vu")
    ClusterMember.objects.create(cluster=sheet, unit=office, valid_from="2023-01-01")
    unit = {"lead": people.home, "deputy": people.other, "member": unit_of("xa-dao-san"), "office": office}[whose]
    if stage == Stage.RECOGNISED:  # by somebody whom no row of the table names
        verifier = account("ai.do")
        signed = {"verified": 70, "verified_by": verifier, "verified_at": clock.now(), "document": PAPER}
        Score.objects.create(item=sheet.score_items.get(order=1), unit=unit, **signed)
    version = int(stage == Stage.RECOGNISED)
    if who in MAY[whose, stage]:
        assert give(sheet, period_2024, unit, Stage(stage), (70, None, None), getattr(people, who), version) == 1
        return
    with pytest.raises(PermissionDenied):
        give(sheet, period_2024, unit, Stage(stage), (70, None, None), getattr(people, who), version)
    assert not Score.objects.exclude(**{stage: None}).exists()


def test_who_verified_a_line_does_not_recognise_it(people, sheet, period_2024):
    give(sheet, period_2024, people.home, Stage.VERIFIED, (70, 0, 0), people.reviewer)
    with pytest.raises(PermissionDenied, match="Người đã thẩm định không công nhận"):
        give(sheet, period_2024, people.home, Stage.RECOGNISED, (70, 0, 0), people.reviewer, version=1)
    assert give(sheet, period_2024, people.home, Stage.RECOGNISED, (70, 0, 0), people.chief, version=1) == 3


# --- what points need -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [1, 2])
def test_bonus_and_minus_points_need_a_document(people, sheet, period_2024, place):
    points = [None, None, None]
    points[place] = 3
    item = sheet.score_items.all()[place]
    with pytest.raises(ValidationError) as refusal:
        give(sheet, period_2024, people.home, Stage.CLAIMED, points, people.officer, document="  \n")
    assert refusal.value.message_dict == {f"{item.pk}-document": ["Điểm thưởng, điểm trừ cần ghi văn bản làm căn cứ."]}
    assert give(sheet, period_2024, people.home, Stage.CLAIMED, points, people.officer) == 1


def test_the_document_does_not_go_while_points_rest_on_it(people, sheet, period_2024):
    give(sheet, period_2024, people.other, Stage.CLAIMED, (None, 5, None), people.other_officer)
    with pytest.raises(ValidationError, match="cần ghi văn bản"):
        give(sheet, period_2024, people.other, Stage.VERIFIED, (None, 0, None), people.officer, 1, document="")


def test_no_minus_points_need_no_document(people, sheet, period_2024):
    assert give(sheet, period_2024, people.home, Stage.CLAIMED, (80, 0, 0), people.officer, document="") == 3


@pytest.mark.parametrize("value", ["-0.5", "90.01", "9999"])
def test_points_stay_within_the_line(people, sheet, period_2024, value):
    with pytest.raises(ValidationError, match="Điểm từ 0 đến 90"):
        give(sheet, period_2024, people.home, Stage.CLAIMED, (value, 0, 0), people.officer)
    assert not Score.objects.exists()


def test_one_wrong_line_saves_none(people, sheet, period_2024):
    with pytest.raises(ValidationError):
        give(sheet, period_2024, people.home, Stage.CLAIMED, (80, 11, 0), people.officer)
    assert not Score.objects.exists()


def test_points_that_were_checked_stay_as_claimed(people, sheet, period_2024):
    give(sheet, period_2024, people.other, Stage.CLAIMED, (80, 0, 0), people.other_officer)
    give(sheet, period_2024, people.other, Stage.VERIFIED, (75, 0, 0), people.officer, 1)
    with pytest.raises(ValidationError, match="Đã có điểm “khối thẩm định”, điểm “tự chấm” giữ nguyên"):
        give(sheet, period_2024, people.other, Stage.CLAIMED, (85, None, None), people.other_officer, 2)


def test_what_the_cluster_did_not_check_is_not_recognised(people, sheet, period_2024):
    with pytest.raises(ValidationError, match="Chưa có điểm thẩm định của khối"):
        give(sheet, period_2024, people.other, Stage.RECOGNISED, (80, 0, 0), people.chief)


def test_a_page_left_open_overwrites_nobody(people, sheet, period_2024):
    give(sheet, period_2024, people.home, Stage.CLAIMED, (80, 0, 0), people.officer)
    with pytest.raises(scores.Overtaken, match="Người khác đã lưu sau khi bạn mở: Hạ tầng"):
        give(sheet, period_2024, people.home, Stage.CLAIMED, (70, None, None), people.head)
    assert Score.objects.get(item__order=1).claimed == 80


def test_each_stage_is_signed_and_dated_on_its_own(people, sheet, period_2024):
    all_stages(sheet, period_2024, people.other, (80, 4, 1), claims=people.other_officer, verifies=people.head,
               recognises=people.reviewer)  # fmt: skip
    score = Score.objects.get(item__order=2)
    assert (score.claimed_by, score.verified_by, score.recognised_by) == (
        people.other_officer, people.head, people.reviewer)  # fmt: skip
    assert score.claimed_at <= score.verified_at <= score.recognised_at
    row = sheet_of(sheet, period_2024).row_of(people.other.pk)
    assert row.total(list(sheet.score_items.all()), Stage.RECOGNISED) == Decimal(83)
    events = audit.history_of(row.member.row)
    assert [event.label for event in events] == [
        "công nhận điểm năm 2024 của UBND xã Mường So",
        "thẩm định điểm năm 2024 của UBND xã Mường So",
        "tự chấm điểm năm 2024 của UBND xã Mường So",
    ]
    assert events[0].changes == {"Hạ tầng": ["", "80"], "Sáng kiến": ["", "4"], "Chậm báo cáo": ["", "1"]}


def test_saving_the_same_again_signs_nothing_anew(people, sheet, period_2024):
    give(sheet, period_2024, people.home, Stage.CLAIMED, (80, 0, 0), people.officer)
    assert give(sheet, period_2024, people.home, Stage.CLAIMED, (80, 0, 0), people.head, 1) == 0
    assert set(Score.objects.values_list("claimed_by", flat=True)) == {people.officer.pk}


# --- lines ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", WHO)
def test_lines_are_set_by_the_standing_office_and_the_lead(people, cluster, period_2024, who):
    if who in {"officer", "head", "reviewer", "chief"}:
        lines_of(cluster, period_2024, getattr(people, who))
        assert cluster.score_items.count() == 3
        return
    with pytest.raises(PermissionDenied, match="đặt nội dung chấm"):
        lines_of(cluster, period_2024, getattr(people, who))


def test_lines_stand_still_once_anybody_is_scored_or_the_deadline_has_come(people, sheet, period_2024):
    item = sheet.score_items.first()
    give(sheet, period_2024, people.home, Stage.CLAIMED, (80, None, None), people.officer)
    with pytest.raises(StepRefused, match="Đã có đơn vị được chấm"):
        scores.drop_item(item=item, by=people.reviewer)
    Score.objects.all().delete()
    with clock.held_at(period_2024.due_at), pytest.raises(StepRefused, match="trước hạn nộp báo cáo năm"):
        scores.drop_item(item=item, by=people.reviewer)
    scores.drop_item(item=item, by=people.reviewer)
    assert sheet.score_items.count() == 2


def test_lines_of_last_year_are_copied_once(people, sheet, period_2024):
    ScoreItem.objects.update(period=type(period_2024).objects.get(year=2023))
    assert scores.copy_items(cluster=sheet, period=period_2024, by=people.officer) == 3
    kept = list(sheet.score_items.filter(period=period_2024).values_list("kind", "name", "most", "criterion__code"))
    assert kept[0] == (ScoreKind.CRITERION, "Hạ tầng", Decimal(90), "HT1")
    with pytest.raises(StepRefused, match="đã có nội dung chấm"):
        scores.copy_items(cluster=sheet, period=period_2024, by=people.officer)


# --- ranking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", WHO)
def test_only_the_standing_office_ranks_and_undoes(people, recognised, period_2024, who):
    by = getattr(people, who)
    if who in {"reviewer", "chief"}:
        assert len(scores.rank_cluster(cluster=recognised, period=period_2024, by=by)) == 3
        scores.undo_ranking(cluster=recognised, period=period_2024, note=NOTE, by=by)
    else:
        for deed, more in ((scores.rank_cluster, {}), (scores.undo_ranking, {"note": NOTE})):
            with pytest.raises(PermissionDenied, match="Chỉ Phòng Nội vụ"):
                deed(cluster=recognised, period=period_2024, by=by, **more)
    assert not Ranking.objects.exists()


def test_no_ranking_while_points_are_missing_and_the_unit_is_named(people, recognised, period_2024):
    Score.objects.filter(unit=people.other, item__order=3).delete()
    with pytest.raises(scores.NotRankable, match=r"còn thiếu điểm được công nhận: Mường So \(1 nội dung\)"):
        scores.rank_cluster(cluster=recognised, period=period_2024, by=people.reviewer)


def test_a_tie_is_decided_by_criteria_points_and_the_path_is_kept(people, recognised, period_2024):
    scores.rank_cluster(cluster=recognised, period=period_2024, by=people.reviewer)
    kept = {one.unit.short_name: one for one in Ranking.objects.select_related("unit")}
    assert {name: (one.place, one.points) for name, one in kept.items()} == {
        "Nậm Xe": (1, 82), "Mường So": (2, 80), "Dào San": (3, 80)}  # fmt: skip
    assert kept["Dào San"].path == [
        "Tổng điểm: 80.",
        "Điểm các tiêu chí hạ tầng và tiết kiệm, không kể điểm thưởng: Dào San 75; Mường So 80.",
    ]
    told = set(Notification.objects.filter(kind="cluster_ranked").values_list("user", flat=True))
    assert told == {one.pk for one in (people.officer, people.head, people.other_officer, people.other_head,
                                       people.member)}  # fmt: skip


def test_a_report_in_time_stands_before_a_late_one(people, recognised, period_2024, unit_of):
    """Equal in all points, so only the reports tell them apart."""
    Score.objects.filter(unit=unit_of("xa-dao-san")).delete()
    all_stages(recognised, period_2024, unit_of("xa-dao-san"), (80, 0, 0), claims=people.member,
               verifies=people.officer, recognises=people.chief)  # fmt: skip
    report_of(people.other, period_2024, by=people.other_head, late=True)
    report_of(unit_of("xa-dao-san"), period_2024, by=people.member)
    scores.rank_cluster(cluster=recognised, period=period_2024, by=people.reviewer)
    assert list(Ranking.objects.values_list("unit__short_name", "place")) == [
        ("Nậm Xe", 1), ("Dào San", 2), ("Mường So", 3)]  # fmt: skip
    assert "Mường So không" in Ranking.objects.get(place=3).path[-1]


def test_points_stand_still_while_ranked_and_open_again_with_a_reason(people, recognised, period_2024):
    scores.rank_cluster(cluster=recognised, period=period_2024, by=people.reviewer)
    with pytest.raises(StepRefused, match="đã xếp hạng"):
        scores.rank_cluster(cluster=recognised, period=period_2024, by=people.reviewer)
    with pytest.raises(StepRefused, match="Khối đã được xếp hạng"):
        give(recognised, period_2024, people.other, Stage.RECOGNISED, (79, 0, 0), people.chief, 3)
    with pytest.raises(NoteMissing):
        scores.undo_ranking(cluster=recognised, period=period_2024, note="nhầm", by=people.reviewer)
    scores.undo_ranking(cluster=recognised, period=period_2024, note=NOTE, by=people.reviewer)
    assert give(recognised, period_2024, people.other, Stage.RECOGNISED, (79, 0, 0), people.chief, 3) == 1
    assert audit.history_of(recognised)[0].note == NOTE


def test_a_unit_ranked_elsewhere_this_year_is_not_ranked_twice(people, recognised, period_2024):
    elsewhere = cluster_of(people.company, name="Khối thi đua số 2")
    signed = {"place": 1, "points": 1, "made_by": people.reviewer, "made_at": clock.now()}
    Ranking.objects.create(cluster=elsewhere, period=period_2024, unit=people.home, **signed)
    with pytest.raises(StepRefused, match="đã được xếp hạng năm 2024 trong Khối thi đua số 2"):
        scores.rank_cluster(cluster=recognised, period=period_2024, by=people.reviewer)


# --- who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "rows"),
    [("officer", 3), ("other_officer", 3), ("member", 1), ("reviewer", 3), ("lead", 0), ("nobody", 0), ("admin", 0)],
)
def test_before_the_ranking_a_member_sees_its_own_points_only(people, recognised, period_2024, who, rows):
    seen = sheet_of(recognised, period_2024, getattr(people, who))
    assert len(seen.rows) == rows
    assert sum(len(row.scores) for row in seen.rows) == 3 * rows
    assert Score.objects.visible_to(getattr(people, who)).count() == 3 * rows
    scores.rank_cluster(cluster=recognised, period=period_2024, by=people.chief)
    seen = sheet_of(recognised, period_2024, getattr(people, who))
    assert len(seen.rows) == (3 if rows else 0)
    assert Score.objects.visible_to(getattr(people, who)).count() == (9 if rows else 0)


def test_the_sheet_costs_the_same_for_three_units_and_thirty(people, sheet, period_2024, queries):
    sheet_of(sheet, period_2024, people.reviewer)  # what is asked of the person is asked once
    with queries() as few:
        sheet_of(sheet, period_2024, people.reviewer)
    for unit in communes(27):
        ClusterMember.objects.create(cluster=sheet, unit=unit, valid_from="2023-01-01")
        Score.objects.create(item=sheet.score_items.first(), unit=unit)
    with queries() as many:
        assert len(sheet_of(sheet, period_2024, people.reviewer).rows) == 30
    assert many.count == few.count
