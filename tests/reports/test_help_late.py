"""Words that came too late for the report: kept for the unit alone, put in once it is open, never over a colleague."""

from datetime import date

import pytest
import time_machine

from phongtho_thidua.lib import clock
from reports.models import LateDraft
from reports.services import annual, late
from reports.services.answers import Closed

pytestmark = pytest.mark.django_db
SPENT = "HT6.von_giai_ngan"
WORDS = "Nhân dân bản Hợp 1 góp 120 ngày công nạo vét mương."
LOCKED = clock.at(date(2025, 1, 31), 17)


@pytest.fixture
def too_late(cast, begun, client_of, entry_of):
    """What the officer sends on HT1 one second after the lock."""
    entry = entry_of("HT1")
    with time_machine.travel(LOCKED, tick=False):
        data = {f"{entry.key}-narrative": WORDS, f"{entry.key}-grade": "good", "version": "1"}
        answer = client_of(cast.officer).post(f"/bao-cao/{begun.pk}/muc/{entry.pk}/", data)
    assert answer.status_code == 423
    return LateDraft.objects.get()


def post(client_of, who, draft, what, **fields):
    return client_of(who).post(f"/bao-cao/{draft.report_id}/ban-muon/{draft.pk}/", {"viec": what, **fields})


@pytest.mark.parametrize("who", ["other_officer", "reviewer", "lead", "admin", "nobody"])
@pytest.mark.parametrize("what", ["dua-vao", "bo"])
def test_nobody_but_the_unit_finds_a_late_draft(cast, client_of, too_late, who, what):
    assert post(client_of, getattr(cast, who), too_late, what).status_code == 404
    assert LateDraft.objects.filter(pk=too_late.pk).exists()


def test_a_deed_that_is_none_is_not_found(cast, client_of, too_late):
    assert post(client_of, cast.officer, too_late, "x").status_code == 404


def test_the_reviewer_does_not_read_what_was_never_handed_in(cast, client_of, too_late, complete):
    report = too_late.report
    annual.submit(report=complete(report), by=cast.head)
    read = {who: client_of(getattr(cast, who)).get(report.get_absolute_url()) for who in ("reviewer", "head")}
    assert {who: WORDS in page.content.decode() for who, page in read.items()} == {"reviewer": False, "head": True}


def test_what_is_typed_again_replaces_the_own_draft_and_no_colleagues(cast, entry_of, too_late):
    for by, words in ((cast.officer, "Bản hai."), (cast.head, "Bản của thủ trưởng.")):
        late.keep(answer=entry_of("HT1"), typed={"narrative": words}, by=by)
    kept = LateDraft.objects.order_by("pk")
    assert [(draft.by, draft.words) for draft in kept] == [
        (cast.officer, "Bản hai."),
        (cast.head, "Bản của thủ trưởng."),
    ]


def test_the_locked_page_shows_it_and_the_way_to_more_time(cast, client_of, too_late):
    with time_machine.travel(LOCKED, tick=False):
        page = client_of(cast.head).get(too_late.report.get_absolute_url()).content.decode()
    assert WORDS in page
    assert f'href="/gia-han/xin/{too_late.report.period_id}/">Xin gia hạn' in page
    assert "Đưa vào báo cáo</button>" not in page


def test_while_the_report_is_closed_it_stays_a_draft(cast, client_of, too_late, entry_of):
    with time_machine.travel(LOCKED, tick=False):
        answer = post(client_of, cast.officer, too_late, "dua-vao", **{f"{too_late.key}-version": "1"})
    assert (answer.status_code, entry_of("HT1").narrative) == (409, "")
    assert LateDraft.objects.filter(pk=too_late.pk).exists()


def test_open_again_it_goes_into_the_report_and_is_gone(cast, client_of, too_late, entry_of):
    answer = post(client_of, cast.officer, too_late, "dua-vao", **{f"{too_late.key}-version": "1"})
    entry = entry_of("HT1")
    assert (answer.status_code, answer.url) == (302, f"/bao-cao/{too_late.report_id}/#{entry.key}")
    assert (entry.narrative, entry.grade, entry.saved_by) == (WORDS, "good", cast.officer)
    assert not LateDraft.objects.exists()


def test_it_does_not_run_over_what_a_colleague_wrote_meanwhile(cast, client_of, too_late, entry_of):
    too_late.report.entries.filter(criterion__code="HT1").update(narrative="Bản của thủ trưởng.", version=2)
    answer = post(client_of, cast.officer, too_late, "dua-vao", **{f"{too_late.key}-version": "1"})
    assert (answer.status_code, entry_of("HT1").narrative) == (409, "Bản của thủ trưởng.")
    assert LateDraft.objects.exists()


def test_dropped_it_is_gone_and_the_report_stays(cast, client_of, too_late, entry_of):
    assert post(client_of, cast.head, too_late, "bo").status_code == 302
    assert (LateDraft.objects.count(), entry_of("HT1").narrative) == (0, "")


def test_a_day_that_has_gone_by_is_told_and_stays_a_draft(cast, client_of, figure_of):
    figure = figure_of(SPENT)
    draft = late.keep(answer=figure, typed={"answer": "no_data", "expected_on": "01/12/2024"}, by=cast.officer)
    page = client_of(cast.officer).post(
        f"/bao-cao/{draft.report_id}/ban-muon/{draft.pk}/", {"viec": "dua-vao"}, follow=True
    )
    assert "Chưa đưa vào được. Ngày dự kiến không trước hôm nay" in page.content.decode()
    assert (figure_of(SPENT).answer, LateDraft.objects.count()) == ("", 1)


def test_without_script_the_whole_form_is_kept_where_it_was_new(cast, begun, client_of, entry_of, figure_of):
    entry, figure = entry_of("HT1"), figure_of(SPENT)
    data = {f"{entry.key}-narrative": WORDS, f"{entry.key}-version": "1"}
    data |= {f"{figure.key}-answer": "value", f"{figure.key}-value": "", f"{figure.key}-version": "1"}
    with time_machine.travel(LOCKED, tick=False):
        assert client_of(cast.officer).post(begun.get_absolute_url(), data).status_code == 423
    assert [draft.words for draft in LateDraft.objects.all()] == [WORDS]


def test_a_draft_is_kept_for_the_units_own_people_only(cast, entry_of):
    with pytest.raises(Exception, match="đơn vị lập và sửa được"):
        late.keep(answer=entry_of("HT1"), typed={"narrative": WORDS}, by=cast.reviewer)


def test_putting_in_asks_whether_the_report_is_open(cast, too_late):
    with time_machine.travel(LOCKED, tick=False), pytest.raises(Closed):
        late.put_in(draft=too_late, data={"narrative": WORDS}, version=1, by=cast.officer)
