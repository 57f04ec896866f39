"""Two people of a lead office or a lead and a reviewer, at the same moment: one judgement, nothing in between."""

import pytest
from django.db import connection

from phongtho_thidua.lib.workflow import StepRefused
from reports.models import Recognition, Verification
from reports.services import annual, verification
from tests.reports.conftest import SPENT, UNVERIFIED
from tests.reports.test_annual_races import together
from units.models import AuditEvent

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("december"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def test_two_people_of_the_lead_reach_one_judgement(cast, moved, account, unit_of):
    row = Verification.objects.get(figure__report=moved("submitted"), figure__indicator__code=SPENT)
    colleague = account("lead.two", "officer", unit_of("phong-tai-chinh-ke-hoach"))
    before = AuditEvent.objects.count()
    outcomes = together(
        lambda: verification.agree(verification=row, by=cast.lead, version=row.version),
        lambda: verification.differ(
            verification=row, value=1, source="Kho bạc, 118/KBNN", by=colleague, version=row.version
        ),
    )
    assert sum(isinstance(outcome, StepRefused) for outcome in outcomes) == 1
    assert AuditEvent.objects.count() - before == 1


def test_what_is_recognised_is_what_was_judged_by_then(cast, moved):
    report = moved("reviewing")
    rows = list(Verification.objects.filter(figure__report=report, sector="finance").select_related("figure"))
    outcomes = together(
        lambda: verification.agree_many(picks=[(row, row.version) for row in rows], by=cast.lead),
        lambda: annual.accept(report=report, by=cast.reviewer, note=UNVERIFIED),
    )
    agreed = {row.figure_id for row in outcomes[0].agreed}
    verified = Recognition.objects.filter(source__startswith="Theo thẩm tra").values_list("figure", flat=True)
    assert set(verified) == agreed
    assert len(agreed) in (0, len(rows))
