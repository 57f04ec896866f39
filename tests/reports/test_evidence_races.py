"""D7: somebody lays a file beside a figure, somebody hands the report in, somebody removes the file: all at once.

EVIDENCE_RACES=200 runs the long form.
"""

import json
import os
from itertools import permutations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from phongtho_thidua.lib.files import blobs
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import AnnualReport, Evidence, EvidenceUse, ReportVersion
from reports.services import annual
from reports.services import evidence as deeds
from tests.lib import hostile
from tests.reports.test_annual_races import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("december"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]

ROUNDS = int(os.environ.get("EVIDENCE_RACES", "20"))
SPENT = "HT6.von_giai_ngan"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR, settings.FILES_KEPT_FREE = tmp_path / "files", 0
    return settings.FILES_DIR


def again(report):
    """The report as its unit writes it, and nothing of the round before."""
    EvidenceUse.objects.all().delete()
    ReportVersion.objects.all().delete()
    Evidence.objects.all().delete()
    signed = {"submitted_by": None, "submitted_at": None, "first_submitted_at": None, "edition": 0}
    AnnualReport.objects.filter(pk=report.pk).update(state="draft", **signed)


def test_no_report_that_was_handed_in_points_at_a_missing_file(cast, begun, complete, folder):
    complete(begun)
    orders = list(permutations(range(3)))
    seen = set()
    for number in range(ROUNDS):
        again(begun)
        upload = SimpleUploadedFile(f"{number}.pdf", hostile.pdf(b"<</N %d>>" % number))
        piece = deeds.add_file(unit=cast.home, upload=upload, by=cast.officer)
        figure = begun.figures.select_related("report__period", "indicator__criterion").get(indicator__code=SPENT)
        todo = [
            lambda piece=piece, figure=figure: deeds.attach(evidence=piece, answer=figure, by=cast.officer),
            lambda: annual.submit(report=begun, by=cast.head),
            lambda piece=piece: deeds.remove(evidence=piece, by=cast.officer),
        ]
        outcomes = together(*(todo[place] for place in orders[number % len(orders)]))
        unexpected = [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, StepRefused)]
        assert unexpected == []
        edition = json.loads(begun.versions.get().data)["evidence"]
        named = [one["file"] for its in edition.values() for one in its]
        kept = set(Evidence.objects.values_list("attachment__file__digest", flat=True))
        assert set(named) <= kept
        assert all(blobs.path_of(folder, digest).exists() for digest in named)
        assert sum(map(len, edition.values())) == begun.evidence_uses.count()
        seen.add((bool(named), bool(kept)))
    assert len(seen) > 1  # the moments did meet: not every round ended alike
