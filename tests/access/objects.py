"""What stands behind each address of `rows`: one object of xã Nậm Xe, and others where a row names them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from awards.models import AwardRound, Nomination
from campaigns.services import guidance, inspections
from campaigns.services.leeway import ask_extension, excuse
from criteria.models import Criterion
from criteria.selectors import forms_for
from phongtho_thidua.lib import clock
from reports.documents import snapshot, store
from reports.models import EvidenceUse, IssuedFile, Job, ReportVersion, Snapshot, Stage, Summary
from reports.services import evidence, late
from reports.services.annual import canonical
from reports.services.cluster import start_cluster_report
from reports.services.reminders import prepare_reminder
from tests.campaigns.registering import registration_of
from tests.lib import hostile
from tests.reports.clustered import cluster_of, give, lines_of
from tests.reports.filled import report_of
from units.models import Attachment, StoredFile


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
        **inspections_there(cast, period),
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
    edition = 3  # after the two that `returned_there` makes
    told = {"data": canonical(report), "digest": "a" * 64, "submitted_by": cast.head, "submitted_at": clock.now()}
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


def inspections_there(cast, period):
    """Led by Phòng Tài chính - Kế hoạch, with one recommendation to follow; another is only planned."""
    finance = cast.lead.memberships.get().unit
    plan = {"document": "Kế hoạch 12", "subject": "Trụ sở", "planned_on": date(2024, 11, 20), "team": ""}
    who = {"unit": cast.home, "led_by": finance, "period": period, "by": cast.lead}
    row, planned = (inspections.plan_inspection(**who, **plan) for _ in range(2))
    asked = {"text": "Thiếu sổ.", "recommendation": "Lập sổ.", "due_on": date(2024, 12, 20)}
    criterion = forms_for(cast.home.kind, period.year)[0]
    finding = inspections.add_finding(inspection=row, criterion=criterion, by=cast.lead, **asked)
    inspections.carry_out(inspection=row, carried_out_on=date(2024, 11, 21), conclusion="Đạt.", by=cast.lead)
    pages = ("inspection", "add_finding", "close_inspection")
    return {
        **{f"campaigns:{page}": (row.pk,) for page in pages},
        **{f"campaigns:{page}": (planned.pk,) for page in ("change_inspection", "carry_out", "inspection planned")},
        "campaigns:follow": (finding.pk,),
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
