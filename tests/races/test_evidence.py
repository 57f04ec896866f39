"""D7: somebody lays a file beside a figure, somebody hands the report in, somebody removes the file: all at once."""

import json
from functools import partial
from itertools import permutations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from phongtho_thidua.lib.files import blobs
from reports.models import AnnualReport, Evidence, EvidenceUse, ReportVersion
from reports.services import annual
from reports.services import evidence as deeds
from tests.lib import hostile
from tests.races.meeting import ROUNDS, History, met, on_postgres, refused, together
from tests.reports.conftest import SPENT
from units.models import Attachment

pytestmark = on_postgres


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


def uploaded(number):
    return SimpleUploadedFile(f"{number}.pdf", hostile.pdf(b"<</N %d>>" % number))


def test_no_report_that_was_handed_in_points_at_a_missing_file(cast, ready, folder):
    orders, seen = list(permutations(range(3))), set()
    history = History()
    for number in range(ROUNDS):
        again(ready)
        piece = deeds.add_file(unit=cast.home, upload=uploaded(number), by=cast.officer)
        figure = ready.figures.select_related("report__period", "indicator__criterion").get(indicator__code=SPENT)
        todo = [
            partial(deeds.attach, evidence=piece, answer=figure, by=cast.officer),
            partial(annual.submit, report=ready, by=cast.head),
            partial(deeds.remove, evidence=piece, by=cast.officer),
        ]
        refused(together(*(todo[place] for place in orders[number % len(orders)])))
        edition = json.loads(ready.versions.get().data)["evidence"]
        named = [one["file"] for its in edition.values() for one in its]
        kept = set(Evidence.objects.values_list("attachment__file__digest", flat=True))
        assert set(named) <= kept
        assert all(blobs.path_of(folder, digest).exists() for digest in named)
        assert sum(map(len, edition.values())) == ready.evidence_uses.count()
        history.told()
        seen.add((bool(named), bool(kept)))
    assert met(seen)


def test_the_same_file_uploaded_at_once_is_kept_once(cast, period_2024, folder):
    history = History()
    for number in range(ROUNDS):
        uploads = [uploaded(number) for _ in range(4)]
        people = [cast.officer, cast.head, cast.other_officer, cast.other_head]
        homes = [cast.home, cast.home, cast.other, cast.other]
        todo = [
            partial(deeds.add_file, unit=home, upload=upload, by=by)
            for home, upload, by in zip(homes, uploads, people, strict=True)
        ]
        pieces = together(*todo)
        assert refused(pieces) == []
        digests = {piece.attachment.file.digest for piece in pieces}
        assert len(digests) == 1
        assert blobs.path_of(folder, *digests).exists()
        assert Attachment.objects.filter(file__digest__in=digests).count() == 4
        assert sorted(history.told()) == ["add"] * 4 + ["attach"] * 4
    assert len(list(folder.glob("??/*"))) == ROUNDS  # one blob a round, at its hash
