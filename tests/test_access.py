"""The permission document: every address × who asks → the answer. What is not listed here does not exist.

The objects behind the addresses belong to xã Nậm Xe: its own officer and head, the people of Mường So as strangers,
Phòng Nội vụ (reviewer), a sector lead, the administrator, and an account without any role.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from awards.models import AwardRound, Nomination
from phongtho_thidua.lib import clock
from reports.documents import snapshot, store
from reports.models import IssuedFile, Job, Snapshot, Summary
from tests.reports.filled import report_of
from units.checks import all_patterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

WHO = ("anonymous", "officer", "head", "other_officer", "other_head", "reviewer", "lead", "admin", "nobody")
ALL = "302 200 200 200 200 200 200 200 200"
OFFICE = "302 403 403 403 403 200 403 403 403"  # the standing office, and in words who it is for everybody else
ADMIN = "302 403 403 403 403 403 403 200 403"
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
    "units:accounts": ADMIN,
    "units:add_account": ADMIN,
    "units:account": ADMIN,
    "criteria:list": ALL,
    "campaigns:detail": ALL,
    "campaigns:periods": ALL,
    "campaigns:edit_period": OFFICE,
    "reports:reports": ALL,
    "reports:report": OWN_AND_OFFICE,
    "reports:report draft": "302 404 404 200 200 403 404 404 404",  # of Mường So, still being written
    "reports:printed": OWN_AND_OFFICE,
    "reports:queue": OFFICE,
    "reports:current_board": "302 403 403 403 403 302 403 403 403",
    "reports:board": OFFICE,
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
    "reports:start": "302 409 409 403 403 403 403 403 403",
    "reports:report": "302 423 423 404 404 403 404 404 404",
    "reports:step": "302 404 404 404 404 404 404 404 404",
    "reports:step submit": "302 403 409 404 404 403 404 404 404",
    "reports:step accept": "302 403 403 404 404 409 404 404 404",
    "reports:save_entry": "302 423 423 404 404 403 404 404 404",
    "reports:save_figure": "302 423 423 404 404 403 404 404 404",
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
    settings.ISSUED_DIR = tmp_path
    return units_there(cast) | reports_there(cast, period_2024) | awards_there(cast, period_2024)


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
    return {
        "campaigns:edit_period": (period.pk,),
        "reports:start": (period.year, cast.home.pk),
        **dict.fromkeys(("reports:report", "reports:printed", "reports:step"), (report.pk,)),
        "reports:report draft": (draft.pk,),
        "reports:save_entry": (report.pk, report.entries.first().pk),
        "reports:save_figure": (report.pk, report.figures.first().pk),
        **dict.fromkeys(("reports:board", "reports:order_summary"), (period.year,)),
        "reports:summary": (summary.pk,),
        "reports:issued_file": (_file_of(summary).pk,),
        **dict.fromkeys(("reports:job", "reports:job_state"), (job.pk,)),
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


def _file_of(summary):
    text = snapshot.take(summary.period_id)
    draft = Snapshot.objects.create(
        summary=summary, number=1, taken_at=clock.now(), data=text, digest=snapshot.digest_of(text)
    )
    return IssuedFile.objects.create(snapshot=draft, face="pdf", digest=store.keep(b"%PDF-1.7 of a draft"), size=19)


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
