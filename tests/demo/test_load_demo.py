"""What a visitor of a demonstration finds: plausible, complete, the same every time, and marked as samples."""

import json
import os
import stat
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest
from django.conf import settings

from awards.models import JUDGED, Nomination
from campaigns.models import Period
from phongtho_thidua.lib import clock
from reports.documents import snapshot
from reports.forms import EntryForm, FigureForm
from reports.models import AnnualReport, Entry, Figure
from reports.models.report import HANDED_IN
from reports.selectors.problems import problems_of
from units import audit
from units.models import AuditEvent, Membership, Notification, Person, Role, Unit, User

from .facts import facts, fingerprint

pytestmark = pytest.mark.django_db
WALK = {
    "tung.pv.quantri", "duc.hm.noivu", "huong.bt.noivu", "thanh.dv.noivu", "hanh.lt.namxe", "chu.ga.namxe",
    "sai.ta.namxe", "binh.nv.congty", "toan.tq.congty", "mai.lt.mttq", "chung.vv.mttq", "ha.nt.tckh", "son.lh.tckh",
}  # fmt: skip


def lines_of(path) -> dict[str, list[str]]:
    """{user name: the columns of its line}."""
    rows = [[part for part in line.split("  ") if part] for line in path.read_text(encoding="utf-8").splitlines()]
    return {row[2].strip(): [part.strip() for part in row] for row in rows if len(row) == 4}


def states(year: int, *kinds: str) -> dict[str, str]:
    rows = AnnualReport.objects.filter(period__year=year, unit__kind__in=kinds)
    return dict(rows.values_list("unit__key", "state"))


def test_second_run_changes_nothing_and_says_so(demo):
    before = facts(), AuditEvent.objects.count(), demo.path.read_text(), demo.path.stat().st_mtime_ns
    assert demo.again() == f"Dữ liệu mẫu đã có, không đổi gì. Tài khoản: {demo.path}\n"
    assert (facts(), AuditEvent.objects.count(), demo.path.read_text(), demo.path.stat().st_mtime_ns) == before


@pytest.mark.slow
def test_two_fresh_databases_get_the_same_facts(demo, tmp_path):
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command as call\n"
        "call('migrate', verbosity=0); call('load_plan'); call('load_demo')\n"
        "from tests.demo.facts import fingerprint\n"
        "print(fingerprint())"
    )
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    other = {"DATA_DIR": str(tmp_path), "SAMPLE_DATE": "2024-12-02", "PYTHONHASHSEED": "4711", "PRODUCTION": "0"}
    other["DJANGO_SETTINGS_MODULE"] = "phongtho_thidua.settings"
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=kept | other, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == fingerprint()


def test_accounts_file_is_private_and_tells_every_account_in_one_line(demo):
    told = lines_of(demo.path)
    held = Membership.objects.select_related("unit", "user")
    assert stat.S_IMODE(demo.path.stat().st_mode) == 0o600
    assert {name: row[:2] for name, row in told.items()} == {
        post.user.username: [post.get_role_display(), post.unit.name] for post in held
    }
    assert len({row[3] for row in told.values()}) == 1


def test_load_prints_the_accounts_of_the_walk(demo):
    printed = {name for name in lines_of(demo.path) if f" {name} " in demo.told}
    assert printed == WALK


def test_told_password_opens_every_kind_of_account(demo):
    told = lines_of(demo.path)
    for username in WALK:
        user = User.objects.get(username=username)
        assert (user.check_password(told[username][3]), user.must_change_password) == (True, False)
    assert not User.objects.filter(must_change_password=True).exists()


def test_every_reporting_unit_has_an_officer_and_a_head(demo):
    for role in (Role.OFFICER, Role.HEAD):
        held = set(Membership.objects.filter(role=role).values_list("unit", flat=True))
        assert held == set(Unit.objects.filter(reports=True).values_list("pk", flat=True))


def test_lost_accounts_file_is_made_again_with_another_password(demo):
    kept = demo.path.read_text()
    try:
        demo.path.unlink()
        assert "không đổi gì; tệp tài khoản không còn nên đặt mật khẩu mới" in demo.again()
        new = lines_of(demo.path)["hanh.lt.namxe"][3]
        assert new not in kept
        assert User.objects.get(username="hanh.lt.namxe").check_password(new)
        assert len({user.password for user in User.objects.all()}) == 1
    finally:
        demo.path.write_text(kept)


def test_everything_loaded_is_marked_as_a_sample(demo):
    assert [
        model.__name__
        for model in (User, AnnualReport, Nomination, Person)
        if model.objects.filter(is_sample=False).exists()
    ] == []
    own = Unit.objects.filter(is_sample=True)
    assert (own.count(), [unit.name for unit in own if not unit.name.endswith(" (mẫu)")]) == (5, [])


def test_every_unit_reported_for_2023_and_three_were_late(demo):
    period = Period.objects.get(year=2023)
    reports = AnnualReport.objects.for_period(period)
    expected = Unit.objects.expected_to_report(clock.local(period.due_at).date())
    assert set(reports.accepted().values_list("unit", flat=True)) == set(expected.values_list("pk", flat=True))
    late = reports.filter(first_submitted_at__gte=period.due_at).values_list("unit__key", flat=True)
    assert set(late) == {"xa-mu-sang", "mau-che-muong-so", "hoi-cuu-chien-binh"}
    assert reports.filter(edition=2).count() == 3


def test_communes_of_2024_stand_in_every_state_and_nam_xe_has_not_begun(demo):
    assert states(2024, "commune", "township") == {
        "thi-tran-phong-tho": "accepted", "xa-ban-lang": "accepted", "xa-hoang-then": "accepted",
        "xa-sin-suoi-ho": "accepted", "xa-khong-lao": "submitted", "xa-dao-san": "submitted",
        "xa-lan-nhi-thang": "submitted", "xa-ma-li-pho": "reviewing", "xa-pa-vay-su": "returned",
        "xa-muong-so": "draft", "xa-huoi-luong": "draft", "xa-si-lo-lau": "draft", "xa-tung-qua-lin": "draft",
    }  # fmt: skip


def test_other_units_of_2024_are_mixed_and_those_of_the_walk_have_not_begun(demo):
    others = states(2024, "office", "public_service", "union", "enterprise", "cooperative")
    assert Counter(others.values()) == {"accepted": 6, "submitted": 6, "draft": 6, "reviewing": 1, "returned": 1}
    assert {"mat-tran-to-quoc", "mau-xay-dung-phong-tho", "phong-tai-chinh-ke-hoach"} & others.keys() == set()


def test_draft_of_muong_so_is_half_answered_and_that_of_si_lo_lau_waits_for_its_head(demo):
    half, whole = (
        AnnualReport.objects.get(period__year=2024, unit__key=key) for key in ("xa-muong-so", "xa-si-lo-lau")
    )
    assert Entry.objects.filter(report=half).with_done().filter(done=True).count() == 8
    assert problems_of(whole) == []


def test_forest_cover_of_2024_has_no_data_yet_and_that_of_2023_stands_beside_it(demo):
    forest = Figure.objects.filter(indicator__code="TK8.dien_tich_rung", report__state__in=HANDED_IN)
    said = set(forest.filter(report__period__year=2024).values_list("answer", "expected_on"))
    assert said == {("no_data", date(2025, 2, 10))}
    assert set(forest.filter(report__period__year=2023).values_list("answer", flat=True)) == {"value"}


def test_each_of_the_three_answers_occurs_in_both_years_but_no_data_only_in_the_second(demo):
    for year, kinds in ((2023, {"value", "not_applicable"}), (2024, {"value", "not_applicable", "no_data"})):
        figures = Figure.objects.filter(report__period__year=year)
        assert set(figures.exclude(answer="").values_list("answer", flat=True)) == kinds
        assert figures.filter(answer="value", value=0).exists()


def test_every_answer_could_have_been_typed_in_the_form(demo):
    refused = []
    for entry in Entry.objects.exclude(saved_at=None).select_related("criterion"):
        typed = {f"{entry.key}-{name}": value for name, value in EntryForm.typed(entry).items()}
        form = EntryForm(typed, entry=entry)
        refused += [] if form.is_valid() and form.cleaned_data["narrative"] == entry.narrative else [str(entry)]
    for figure in Figure.objects.exclude(answer="").select_related("indicator"):
        typed = {f"{figure.key}-{name}": value for name, value in FigureForm.typed(figure).items()}
        form = FigureForm(typed, figure=figure)
        same = form.is_valid() and (form.cleaned_data["answer"], form.cleaned_data["value"])
        refused += [] if same == (figure.answer, figure.value) else [f"{figure.indicator.code} {figure.words}"]
    assert refused == []


def test_what_a_unit_says_has_no_gap_and_is_not_what_its_neighbour_says(demo):
    texts = Entry.objects.exclude(saved_at=None).values_list("narrative", flat=True)
    assert [text for text in texts if not text or "  " in text or "{" in text or text[-1] != "."] == []
    whole = Counter(
        " ".join(report.entries.order_by("criterion__order").values_list("narrative", flat=True))
        for report in AnnualReport.objects.filter(unit__kind="commune", period__year=2023)
    )
    assert set(whole.values()) == {1}


def test_figures_are_of_the_size_of_such_communes(demo):
    capital = {
        code: dict(
            Figure.objects.filter(indicator__code=code, report__unit__kind__in=("commune", "township"))
            .exclude(answer="").values_list("report", "value")
        )
        for code in ("HT6.von_ke_hoach", "HT6.von_giai_ngan", "TK3.tong_chi", "TK3.chi_thuong_xuyen")
    }  # fmt: skip
    planned, spent, total, recurrent = capital.values()
    assert all(2_000 <= value <= 15_000 for value in planned.values())
    assert all(70 <= 100 * spent[report] / planned[report] <= 100 for report in spent)
    assert all(78 <= 100 * recurrent[report] / total[report] <= 84 for report in recurrent)


def test_deeds_stand_in_the_log_in_the_order_of_time_and_none_is_still_to_come(demo):
    assert audit.first_break() is None
    for model in ("reports.annualreport", "awards.nomination"):
        events = AuditEvent.objects.filter(target_type=model).order_by("pk").values_list("at", flat=True)
        assert list(events) == sorted(events)
        assert max(events) < clock.at(date(2024, 12, 1))


def test_receipts_follow_the_order_of_arrival(demo):
    for year in (2023, 2024):
        reports = (
            AnnualReport.objects.filter(period__year=year).exclude(receipt="").order_by("first_submitted_at", "pk")
        )
        receipts = [report.receipt for report in reports]
        assert receipts == [f"BC-{year}-{number:04d}" for number in range(1, len(receipts) + 1)]


def test_nobody_judged_what_they_wrote_or_handed_in(demo):
    for row in (*AnnualReport.objects.exclude(reviewed_by=None), *Nomination.objects.exclude(reviewed_by=None)):
        assert row.reviewed_by_id not in (row.prepared_by_id, row.submitted_by_id)


def test_nominations_stand_in_every_state_for_every_kind_of_subject(demo):
    rows = Nomination.objects.values_list("round__period__year", "state")
    assert Counter(rows) == {
        (2023, "eligible"): 7, (2023, "not_eligible"): 1,
        (2024, "draft"): 2, (2024, "submitted"): 5, (2024, "returned"): 1, (2024, "eligible"): 3,
        (2024, "not_eligible"): 1,
    }  # fmt: skip
    assert set(Nomination.objects.values_list("subject_kind", flat=True)) == {"collective", "individual", "household"}
    assert not Nomination.objects.filter(state__in=JUDGED, review_note="").exists()
    assert not Nomination.objects.filter(round__period__year=2024, unit__key="xa-nam-xe").exists()


def test_old_news_is_read_and_the_latest_is_not(demo):
    unread = Notification.objects.unread().values_list("at", flat=True)
    assert unread
    assert min(unread) >= clock.at(date(2024, 11, 28))


def test_summary_of_each_year_stands_on_the_accepted_samples(demo):
    for year, accepted in ((2023, 44), (2024, 10)):
        sections = json.loads(snapshot.take(Period.objects.get(year=year).pk))["sections"]
        found = Counter(row["state"] for row in sections["completeness"]["units"])
        assert (found["accepted"], found.total()) == (accepted, 44)
