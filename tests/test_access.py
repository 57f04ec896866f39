"""The permission document: every address × who asks → the answer. What is not listed here does not exist.

The objects behind the addresses belong to xã Nậm Xe: its own officer and head, the people of Mường So as strangers,
Phòng Nội vụ (reviewer), a sector lead, the administrator, and an account without any role.
"""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from awards.models import AwardRound, Nomination
from campaigns.services import guidance
from campaigns.services.leeway import ask_extension, excuse
from criteria.models import Criterion
from phongtho_thidua.lib import clock
from reports.documents import snapshot, store
from reports.models import EvidenceUse, IssuedFile, Job, ReportVersion, Snapshot, Stage, Summary
from reports.selectors.evidence import mark_of
from reports.services import evidence, late
from reports.services.annual import canonical
from reports.services.cluster import start_cluster_report
from reports.services.reminders import prepare_reminder
from tests.campaigns.registering import registration_of
from tests.lib import hostile
from tests.reports.clustered import cluster_of, give, lines_of
from tests.reports.filled import report_of
from units.checks import all_patterns
from units.models import Attachment, StoredFile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

WHO = ("anonymous", "officer", "head", "other_officer", "other_head", "reviewer", "lead", "admin", "nobody")
ALL = "302 200 200 200 200 200 200 200 200"
OFFICE = "302 403 403 403 403 200 403 403 403"  # the standing office, and in words who it is for everybody else
ADMIN = "302 403 403 403 403 403 403 200 403"
LEADS = "302 403 403 403 403 200 200 403 403"  # who leads a sector, and Phòng Nội vụ
OWN_AND_OFFICE = "302 200 200 404 404 200 404 404 404"
HIDDEN = "302 404 404 404 404 200 404 404 404"  # others shall not learn that it is there

READS = {
    "units:front": "302 302 302 302 302 302 302 302 302",
    "units:my_work": ALL,
    "units:sign_in": "200 200 200 200 200 200 200 200 200",
    "units:change_password": ALL,
    "units:profile": ALL,
    "units:menu": ALL,
    "units:notifications": ALL,
    "units:units": ALL,
    "units:unit": ALL,
    "units:add_unit": OFFICE,
    "units:rename_unit": OFFICE,
    "units:dissolve_unit": OFFICE,
    "units:outbox": "302 403 403 403 403 200 200 403 403",
    "units:mailing": HIDDEN,
    "units:accounts": ADMIN,
    "units:add_account": ADMIN,
    "units:account": ADMIN,
    "criteria:list": ALL,
    "campaigns:detail": ALL,
    "campaigns:periods": ALL,
    "campaigns:edit_period": OFFICE,
    "campaigns:registrations": ALL,
    "campaigns:registration_roll": OFFICE,
    "campaigns:edit_registration_days": OFFICE,
    "campaigns:registration": OWN_AND_OFFICE,
    "campaigns:registration draft": "302 404 404 200 200 404 404 404 404",  # of Mường So, still being written
    "campaigns:registration_printed": OWN_AND_OFFICE,
    "campaigns:registration_part": "302 302 302 404 404 403 404 404 404",  # registered: back to its page
    "campaigns:registration_part draft": "302 404 404 200 200 404 404 404 404",
    "campaigns:guidance": "302 403 403 403 403 200 200 403 403",  # Phòng Nội vụ leads a sector, too
    "campaigns:add_hint": "302 403 403 403 403 403 200 403 403",  # of the finance sector
    "campaigns:edit_hint": "302 403 403 403 403 404 200 403 403",
    "campaigns:questions": ALL,
    "campaigns:ask": "302 200 200 200 200 200 200 403 403",
    "campaigns:question": "302 200 200 404 404 200 200 404 404",
    "campaigns:extensions": ALL,
    "campaigns:ask_extension": "302 200 200 200 200 200 200 403 403",  # everybody else acts for a unit that reports
    "campaigns:extension": OWN_AND_OFFICE,
    "campaigns:excuse": OFFICE,
    "campaigns:revoke_excusal": OFFICE,
    "reports:reports": ALL,
    "reports:report": OWN_AND_OFFICE,
    "reports:report draft": "302 404 404 200 200 403 404 404 404",  # of Mường So, still being written
    "reports:printed": OWN_AND_OFFICE,
    "reports:editions": OWN_AND_OFFICE,
    "reports:compare": OWN_AND_OFFICE,
    "reports:timeline": OWN_AND_OFFICE,
    "reports:timeline draft": "302 404 404 200 200 403 404 404 404",
    "reports:workbook": OWN_AND_OFFICE,
    "reports:workbook draft": "302 404 404 200 200 403 404 404 404",
    "reports:read_back": OWN_AND_OFFICE,
    "reports:enter_paper": OFFICE,
    "reports:submit_paper": HIDDEN,  # of the company, entered by Phòng Nội vụ
    "reports:blank_form": ALL,
    "reports:evidence": ALL,
    "reports:piece": OWN_AND_OFFICE,
    "reports:bare_figures": OWN_AND_OFFICE,
    "reports:beside": "302 200 200 404 404 403 404 404 404",
    "units:attachment": OWN_AND_OFFICE,
    "reports:queue": OFFICE,
    **dict.fromkeys(("reports:matrix", "reports:matrix_agree", "reports:matrix_export"), LEADS),
    "reports:current_board": "302 403 403 403 403 302 403 403 403",
    "reports:board": OFFICE,
    "reports:board_workbook": OFFICE,
    "reports:reminder_letter": "302 403 403 403 403 409 403 403 403",  # nobody is overdue yet
    "units:clusters": ALL,
    "units:cluster": ALL,
    "units:add_cluster": OFFICE,
    "units:change_cluster": OFFICE,
    "units:add_cluster_member": OFFICE,
    "units:change_cluster_role": OFFICE,
    "units:end_cluster_membership": OFFICE,
    "reports:cluster_reports": ALL,
    "reports:cluster_report": "302 200 200 404 404 404 404 404 404",  # still being written
    "reports:cluster_report_file": "302 200 200 404 404 404 404 404 404",
    "reports:score_sheets": ALL,
    "reports:score_sheet": OWN_AND_OFFICE,
    "reports:score_sheet_file": OWN_AND_OFFICE,
    "reports:unit_scores": OWN_AND_OFFICE,
    "reports:score_items": OWN_AND_OFFICE,  # Nậm Xe leads the cluster
    "reports:summaries": OFFICE,
    "reports:summary": HIDDEN,
    "reports:issued_file": HIDDEN,
    "reports:job": HIDDEN,
    "reports:job_state": HIDDEN,
    "awards:rounds": ALL,
    "awards:round": ALL,
    "awards:edit_round": OFFICE,
    "awards:open_nomination": "302 200 200 200 200 200 200 403 403",
    "awards:nomination": OWN_AND_OFFICE,
    "awards:nomination draft": "302 200 200 404 404 404 404 404 404",
    "awards:queue": OFFICE,
}

# Nothing is posted with it: 422 and 409 are answers to somebody who may, about what is missing or does not fit.
WRITES = {
    "units:sign_in": "422 422 422 422 422 422 422 422 422",
    "units:sign_out": "302 302 302 302 302 302 302 302 302",
    "units:change_password": "302 422 422 422 422 422 422 422 422",
    "units:theme": "302 302 302 302 302 302 302 302 302",
    "units:read_notifications": "302 302 302 302 302 302 302 302 302",
    "units:add_unit": "302 403 403 403 403 422 403 403 403",
    "units:rename_unit": "302 403 403 403 403 422 403 403 403",
    "units:dissolve_unit": "302 403 403 403 403 422 403 403 403",
    "units:add_account": "302 403 403 403 403 403 403 422 403",
    "units:give_role": "302 403 403 403 403 403 403 422 403",
    "units:end_role": "302 403 403 403 403 403 403 302 403",
    "units:issue_password": "302 403 403 403 403 403 403 200 403",
    "units:set_active": "302 403 403 403 403 403 403 302 403",
    "campaigns:edit_period": "302 403 403 403 403 422 403 403 403",
    "campaigns:edit_registration_days": "302 403 403 403 403 422 403 403 403",
    "campaigns:start_registration": "302 409 409 403 403 403 403 403 403",
    "campaigns:registration_part": "302 409 409 404 404 403 404 404 404",
    "campaigns:registration_step": "302 404 404 404 404 404 404 404 404",
    "campaigns:registration_step submit": "302 403 409 404 404 403 404 404 404",
    "campaigns:registration_step amend": "302 422 422 404 404 403 404 404 404",
    "campaigns:add_hint": "302 403 403 403 403 403 422 403 403",
    "campaigns:edit_hint": "302 403 403 403 403 404 422 403 403",
    "campaigns:end_hint": "302 403 403 403 403 404 302 403 403",
    "campaigns:ask": "302 422 422 422 422 422 422 403 403",
    "campaigns:question": "302 403 403 404 404 403 422 404 404",
    "campaigns:turn_into_guidance": "302 403 403 404 404 403 409 404 404",  # not answered yet
    "reports:late_draft": "302 404 404 404 404 404 404 404 404",  # the deed is named in what is posted
    "campaigns:ask_extension": "302 422 422 422 422 422 422 403 403",
    "campaigns:extension": "302 403 403 404 404 422 404 404 404",
    "campaigns:excuse": "302 403 403 403 403 422 403 403 403",
    "campaigns:revoke_excusal": "302 403 403 403 403 422 403 403 403",
    "units:settle_mailing": "302 404 404 404 404 404 404 404 404",
    "units:settle_mailing send": "302 404 404 404 404 302 404 404 404",
    "reports:prepare_reminder": "302 403 403 403 403 409 403 403 403",  # nobody is overdue yet
    "reports:start": "302 409 409 403 403 403 403 403 403",
    "reports:report": "302 423 423 404 404 403 404 404 404",
    "reports:step": "302 404 404 404 404 404 404 404 404",
    "reports:step submit": "302 403 409 404 404 403 404 404 404",
    "reports:step accept": "302 403 403 404 404 409 404 404 404",
    "reports:give_back": "302 403 403 404 404 422 404 404 404",
    "reports:remark": "302 404 404 404 404 404 404 404 404",
    "reports:remark reply": "302 409 409 404 404 403 404 404 404",  # it is settled
    "reports:remark settle": "302 403 403 404 404 409 404 404 404",
    "reports:remark drop": "302 403 403 404 404 409 404 404 404",
    "reports:ask_withdrawal": "302 404 404 404 404 404 404 404 404",
    "reports:ask_withdrawal ask": "302 403 422 404 404 403 404 404 404",
    "reports:answer_withdrawal": "302 404 404 404 404 404 404 404 404",
    "reports:answer_withdrawal allow": "302 403 403 404 404 409 404 404 404",  # it was refused
    "reports:answer_withdrawal refuse": "302 403 403 404 404 409 404 404 404",
    "reports:read_back": "302 409 409 404 404 403 404 404 404",
    "reports:read_back draft": "302 404 404 422 422 403 404 404 404",
    "reports:enter_paper": "302 403 403 403 403 422 403 403 403",
    "reports:submit_paper": "302 404 404 404 404 422 404 404 404",
    "reports:save_entry": "302 423 423 404 404 403 404 404 404",
    "reports:save_figure": "302 423 423 404 404 403 404 404 404",
    "reports:evidence": "302 422 422 422 422 422 422 403 403",
    "reports:piece": "302 422 422 404 404 403 404 404 404",
    "reports:remove_piece": "302 409 409 404 404 403 404 404 404",  # an edition names it
    "reports:beside": "302 409 409 404 404 403 404 404 404",  # the report was handed in
    "reports:take_away": "302 409 409 404 404 403 404 404 404",
    "units:add_cluster": "302 403 403 403 403 422 403 403 403",
    "units:change_cluster": "302 403 403 403 403 422 403 403 403",
    "units:add_cluster_member": "302 403 403 403 403 422 403 403 403",
    "units:change_cluster_role": "302 403 403 403 403 422 403 403 403",
    "units:end_cluster_membership": "302 403 403 403 403 422 403 403 403",
    "reports:start_cluster_report": "302 302 302 404 404 403 404 404 404",
    "reports:cluster_report": "302 422 422 404 404 404 404 404 404",
    "reports:cluster_report_step": "302 404 404 404 404 404 404 404 404",
    "reports:cluster_report_step submit": "302 403 422 404 404 404 404 404 404",
    "reports:cluster_report_step return": "302 403 403 404 404 404 404 404 404",
    "reports:unit_scores": "302 422 422 404 404 422 404 404 404",
    "reports:score_items": "302 422 422 404 404 422 404 404 404",
    "reports:drop_score_item": "302 409 409 404 404 409 404 404 404",  # somebody is scored already
    "reports:copy_score_items": "302 409 409 404 404 409 404 404 404",
    "reports:rank_cluster": "302 403 403 404 404 409 404 404 404",  # points are missing
    "reports:undo_ranking": "302 403 403 404 404 409 404 404 404",
    "reports:matrix_verify": "302 403 403 403 403 403 422 403 403",  # a figure of the finance sector
    "reports:matrix_verify agree": "302 403 403 403 403 403 302 403 403",
    "reports:matrix_recognise": "302 403 403 403 403 422 403 403 403",
    "reports:matrix_agree": "302 403 403 403 403 409 409 403 403",
    "reports:order_summary": "302 403 403 403 403 302 403 403 403",
    "awards:edit_round": "302 403 403 403 403 422 403 403 403",
    "awards:open_nomination": "302 200 200 200 200 200 200 403 403",  # asks first whom it is for
    "awards:nomination": "302 403 403 404 404 403 404 404 404",
    "awards:take_step": "302 404 404 404 404 404 404 404 404",
    "awards:take_step submit": "302 403 409 404 404 403 404 404 404",
    "awards:take_step eligible": "302 403 403 404 404 422 404 404 404",
    "awards:discard_nomination": "302 403 403 404 404 403 404 404 404",
}


@pytest.fixture
def there(cast, period_2024, settings, tmp_path):
    """What identifies one object behind each address; after a space, which of several."""
    settings.ISSUED_DIR = settings.FILES_DIR = tmp_path
    clusters = clusters_there(cast, period_2024)
    asked = guidance_there(cast) | clusters
    return units_there(cast) | asked | reports_there(cast, period_2024) | awards_there(cast, period_2024)


def guidance_there(cast):
    criterion = Criterion.objects.select_related("sector").get(code="HT6")
    hint = guidance.give(criterion=criterion, indicator=None, text="Lấy số Kho bạc xác nhận.", by=cast.lead)
    text = "Có tính vốn chuyển nguồn không?"
    question = guidance.ask(unit=cast.home, criterion=criterion, indicator=None, text=text, by=cast.officer)
    return {
        **dict.fromkeys(("campaigns:add_hint", "campaigns:ask"), (criterion.pk,)),
        **dict.fromkeys(("campaigns:edit_hint", "campaigns:end_hint"), (hint.pk,)),
        **dict.fromkeys(("campaigns:question", "campaigns:turn_into_guidance"), (question.pk,)),
    }


def units_there(cast):
    unit, account = (cast.home.pk,), (cast.officer.pk,)
    post = cast.company_officer.memberships.get()
    return {
        **dict.fromkeys(("units:unit", "units:rename_unit", "units:dissolve_unit"), unit),
        **dict.fromkeys(("units:account", "units:give_role"), account),
        **dict.fromkeys(("units:issue_password", "units:set_active"), (post.user_id,)),
        "units:end_role": (post.pk,),
    }


def reports_there(cast, period):
    report = report_of(cast.home, period, by=cast.head, state="submitted")
    draft = report_of(cast.other, period, by=cast.other_head, state="draft")
    summary = Summary.objects.create(period=period)
    job = Job.objects.create(kind="summary", key="2024", owner=cast.reviewer, params={"summary": summary.pk})
    return evidence_there(cast, report) | {
        **leeway_there(cast, period),
        **registrations_there(cast, period),
        **returned_there(cast, report),
        "reports:timeline draft": (draft.pk,),
        **dict.fromkeys(("reports:board_workbook", "reports:prepare_reminder"), (period.year,)),
        "reports:reminder_letter": (period.year, "docx"),
        "campaigns:edit_period": (period.pk,),
        "reports:start": (period.year, cast.home.pk),
        **dict.fromkeys(("reports:report", "reports:printed", "reports:step"), (report.pk,)),
        "reports:report draft": (draft.pk,),
        "reports:late_draft": (report.pk, _late_draft_of(report, cast).pk),
        **dict.fromkeys(("reports:workbook", "reports:read_back"), (report.pk,)),
        **dict.fromkeys(("reports:workbook draft", "reports:read_back draft"), (draft.pk,)),
        "reports:enter_paper": (period.year, cast.company.pk),
        "reports:submit_paper": (_from_paper(cast, period).pk,),
        "reports:blank_form": ("commune", period.year),
        "reports:save_entry": (report.pk, report.entries.first().pk),
        "reports:save_figure": (report.pk, report.figures.first().pk),
        **dict.fromkeys(("reports:matrix_verify", "reports:matrix_recognise"), (_of_finance(report).pk,)),
        **dict.fromkeys(("reports:board", "reports:order_summary"), (period.year,)),
        "reports:summary": (summary.pk,),
        "reports:issued_file": (_file_of(summary).pk,),
        **dict.fromkeys(("reports:job", "reports:job_state"), (job.pk,)),
    }


def _of_finance(report):
    return report.figures.filter(indicator__criterion__sector__code="finance").first()


def evidence_there(cast, report):
    """A file beside one of its entries, named by the edition that was handed in."""
    file = SimpleUploadedFile("Biên bản.pdf", hostile.pdf())
    piece = evidence.add_file(unit=cast.home, upload=file, by=cast.officer)
    entry = report.entries.first()
    use = EvidenceUse.objects.create(evidence=piece, report=report, entry=entry, added_by=cast.officer)
    edition = report.edition + 90
    told = {"data": mark_of(piece), "digest": "", "submitted_by": cast.head, "submitted_at": clock.now()}
    ReportVersion.objects.create(report=report, edition=edition, **told)
    return {
        **dict.fromkeys(("reports:piece", "reports:remove_piece"), (piece.pk,)),
        "reports:bare_figures": (report.pk,),
        "reports:beside": (report.pk, entry.key),
        "reports:take_away": (report.pk, use.pk),
        "units:attachment": (piece.attachment.key,),
    }


def returned_there(cast, report):
    """Two editions, a remark that is settled, and a wish to take the report back that was refused."""
    for edition in (1, 2):
        signed = {"submitted_by": cast.head, "submitted_at": clock.now()}
        report.versions.create(edition=edition, data=canonical(report), digest="a" * 64, **signed)
    asked = {"asked_by": cast.reviewer, "reason": "Đối chiếu lại với Kho bạc.", "due_at": clock.now()}
    settled = {"state": "settled", "settled_by": cast.reviewer, "settled_at": clock.now()}
    remark = report.remarks.create(entry=report.entries.first(), **asked, **settled)
    decided = {"state": "refused", "decided_by": cast.reviewer, "decided_at": clock.now()}
    wish = report.withdrawal_requests.create(reason="Còn thiếu một công trình.", asked_by=cast.head, **decided)
    pages = ("editions", "compare", "timeline", "give_back", "ask_withdrawal")
    return {
        **{f"reports:{page}": (report.pk,) for page in pages},
        "reports:remark": (report.pk, remark.pk),
        "reports:answer_withdrawal": (report.pk, wish.pk),
    }


def registrations_there(cast, period):
    with clock.held_at(clock.at(date(2024, 3, 11), 9)):
        people = {"officer": cast.officer, "head": cast.head}
        row = registration_of(cast.home, period, **people, state="submitted")
        draft = registration_of(cast.other, period, officer=cast.other_officer, head=cast.other_head)
    return {
        **dict.fromkeys(("campaigns:registration_roll", "campaigns:edit_registration_days"), (period.year,)),
        **dict.fromkeys(("campaigns:registration", "campaigns:registration_printed"), (row.pk,)),
        "campaigns:registration_step": (row.pk,),
        "campaigns:registration draft": (draft.pk,),
        "campaigns:registration_part": (row.pk, "noi-dung"),
        "campaigns:registration_part draft": (draft.pk, "cong-trinh"),
        "campaigns:start_registration": (period.year, cast.home.pk),
    }


def leeway_there(cast, period):
    reason = "Mưa lũ chia cắt đường, chưa tổng hợp được số liệu."
    until = clock.at(date(2024, 12, 20), 17)
    asked = ask_extension(unit=cast.home, period=period, reason=reason, wanted_until=until, by=cast.officer)
    excusal = excuse(unit=cast.company, period=period, reason=reason, document="Công văn 12/UBND-NV", by=cast.chief)
    mailing = prepare_reminder(period=period, units=[cast.other.pk], by=cast.reviewer)
    return {
        **dict.fromkeys(("campaigns:ask_extension", "campaigns:excuse"), (period.pk,)),
        "campaigns:extension": (asked.pk,),
        "campaigns:revoke_excusal": (excusal.pk,),
        **dict.fromkeys(("units:mailing", "units:settle_mailing"), (mailing.pk,)),
    }


def awards_there(cast, period):
    award_round = AwardRound.objects.get(period=period)
    first, second = award_round.forms.all()[:2]
    common = {"round": award_round, "unit": cast.home, "subject_kind": "collective", "subject_unit": cast.home}
    common |= {"prepared_by": cast.officer, "prepared_at": clock.now(), "achievement": "Thành tích " * 10}
    handed_in = {"state": "submitted", "submitted_by": cast.head, "submitted_at": clock.now()}
    submitted = Nomination.objects.create(form=first, **common, **handed_in)
    draft = Nomination.objects.create(form=second, **common)
    return {
        **dict.fromkeys(("awards:round", "awards:edit_round", "awards:open_nomination"), (award_round.pk,)),
        **dict.fromkeys(("awards:nomination", "awards:take_step", "awards:discard_nomination"), (submitted.pk,)),
        "awards:nomination draft": (draft.pk,),
    }


def _from_paper(cast, period):
    report = report_of(cast.company, period, by=cast.reviewer, state="draft")
    scan = StoredFile.objects.create(digest="a" * 64, kind="pdf", size=1)
    paper = Attachment.objects.create(file=scan, unit=cast.company, name="a.pdf", uploaded_by=cast.reviewer)
    report.entered_by, report.paper = cast.reviewer, paper
    report.save()
    return report


def clusters_there(cast, period):
    cluster = cluster_of(cast.home)
    member, of_year = cluster.members.get(), (cluster.pk, period.year)
    items = lines_of(cluster, period, cast.reviewer)
    give(cluster, period, cast.home, Stage.CLAIMED, (80, 0, 0), cast.officer)
    report = start_cluster_report(cluster=cluster, period=period, by=cast.officer)
    sheets = ("score_sheet", "score_sheet_file", "score_items", "copy_score_items", "rank_cluster", "undo_ranking")
    return {
        **dict.fromkeys(("units:cluster", "units:change_cluster", "units:add_cluster_member"), (cluster.pk,)),
        **dict.fromkeys(("units:change_cluster_role", "units:end_cluster_membership"), (member.pk,)),
        "reports:start_cluster_report": of_year,
        **dict.fromkeys(("reports:cluster_report", "reports:cluster_report_step"), (report.pk,)),
        "reports:cluster_report_file": (report.pk, "xlsx"),
        **{f"reports:{name}": of_year for name in sheets},
        "reports:unit_scores": (*of_year, cast.home.pk),
        "reports:drop_score_item": (*of_year, items[0].pk),
    }


def _file_of(summary):
    text = snapshot.take(summary.period_id)
    draft = Snapshot.objects.create(
        summary=summary, number=1, taken_at=clock.now(), data=text, digest=snapshot.digest_of(text)
    )
    return IssuedFile.objects.create(snapshot=draft, face="pdf", digest=store.keep(b"%PDF-1.7 of a draft"), size=19)


def _late_draft_of(report, cast):
    typed = {"narrative": "Nhân dân góp 120 ngày công."}
    return late.keep(answer=report.entries.first(), typed=typed, by=cast.officer)


def address(there, row):
    """`row` is an address, and after a space which object or step is meant."""
    name, _, variant = row.partition(" ")
    return reverse(name, args=there.get(row, there.get(name, []))), variant


def browser_of(cast, who):
    client = Client(raise_request_exception=True)
    if who != "anonymous":
        client.force_login(getattr(cast, who), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("row", READS)
def test_who_may_read(cast, there, row):
    url, _ = address(there, row)
    answers = [str(browser_of(cast, who).get(url).status_code) for who in WHO]
    assert dict(zip(WHO, answers, strict=True)) == dict(zip(WHO, READS[row].split(), strict=True))


@pytest.mark.parametrize("row", WRITES)
def test_who_may_write(cast, there, row):
    url, step = address(there, row)
    answers = [str(browser_of(cast, who).post(url, {"step": step}).status_code) for who in WHO]
    assert dict(zip(WHO, answers, strict=True)) == dict(zip(WHO, WRITES[row].split(), strict=True))


def test_no_address_is_unlisted():
    listed = {row.partition(" ")[0] for row in (*READS, *WRITES)}
    assert listed == {name for name, _ in all_patterns(get_resolver())}


def test_a_stranger_cannot_tell_what_exists_from_what_does_not(cast, there):
    client = browser_of(cast, "other_officer")
    there_it_is, nothing = (client.get(f"/bao-cao/{pk}/") for pk in (there["reports:report"][0], 10**9))
    assert (there_it_is.status_code, there_it_is.content) == (nothing.status_code, nothing.content)


@pytest.mark.parametrize("row", [row for row in READS if row not in WRITES and " " not in row])
def test_reading_changes_nothing(cast, there, row):
    url, _ = address(there, row)
    client = browser_of(cast, "reviewer")
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    written = [q["sql"] for q in asked if q["sql"].split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE")]
    assert written == []
