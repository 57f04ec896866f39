"""The annex of differences, the recognised value in totals, and where a printed figure comes from."""

import pytest

from criteria.models import Indicator
from phongtho_thidua.lib.documents.model import Table
from reports.documents import snapshot
from reports.models import Recognition, Verification
from reports.sections.provenance import provenance_of
from reports.selectors.summary import outcomes
from reports.services import verification
from reports.services.recognition import recognise, recognise_otherwise
from tests.reports.conftest import NOTE
from tests.reports.filled import report_of
from tests.reports.test_sections import laid_out, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

LAND = "HT6.dat_hien"
SOURCE = "Biên bản kiểm đếm 12/BB"


@pytest.fixture
def judged(cast, unit_of, period_2024):
    """Two accepted reports: the sector found 900 where Nậm Xe had 1.250,5; of Mường So it agreed with 40."""
    reports = {}
    for unit, value in ((cast.home, "1250.5"), (cast.other, 40)):
        report = report_of(unit, period_2024, by=cast.head, state="submitted", figures={LAND: value})
        row = Verification.objects.get(figure__report=report, figure__indicator__code=LAND)
        if unit == cast.home:
            verification.differ(verification=row, value=900, source=SOURCE, note="Trừ đất thu hồi.", by=cast.lead)
        else:
            verification.agree(verification=row, by=cast.lead)
        report.refresh_from_db()
        reports[unit.pk] = report
    return reports


def accept(report, by, note=NOTE):
    recognise(report=report, by=by, note=note)
    report.state, report.reviewed_by, report.reviewed_at = "accepted", by, report.submitted_at
    report.save()


def test_totals_are_made_of_recognised_values(cast, judged, period_2024):
    for report in judged.values():
        accept(report, cast.reviewer)
    assert int(outcomes(period_2024)[Indicator.objects.get(code=LAND).pk].total.value) == 940


def test_the_annex_lists_every_difference_with_who_and_from_where(cast, judged, period_2024):
    for report in judged.values():
        accept(report, cast.reviewer)
    (annex,) = laid_out("differences", period_2024)
    (table,) = [block for block in annex.blocks if isinstance(block, Table)]
    assert words(table.rows) == [
        (
            "Nậm\u00a0Xe", "HT6. Đất Nhân dân hiến làm công trình, m²", "1.250,5", "900", "900",
            "Nguyễn Thu Hà; Hoàng Minh Đức", f"Theo thẩm tra của Phòng Tài chính - Kế hoạch: {SOURCE}",
        )
    ]  # fmt: skip


def test_a_third_value_of_phong_noi_vu_is_listed_too(cast, judged, period_2024):
    report = judged[cast.other.pk]
    type(report).objects.filter(pk=report.pk).update(state="reviewing")
    figure = report.figures.get(indicator__code=LAND)
    recognise_otherwise(figure=figure, value=35, source="Biên bản họp", note=NOTE, by=cast.reviewer)
    accept(report, cast.reviewer)
    (annex,) = laid_out("differences", period_2024)
    (row,) = words(annex.blocks[-1].rows)
    assert row[2:5] == ("40", "40", "35")


def test_without_a_difference_there_is_no_annex(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief)
    assert laid_out("differences", period_2024) == []


def test_provenance_shows_all_three_values(cast, judged, period_2024):
    import json

    for report in judged.values():
        accept(report, cast.reviewer)
    chain = provenance_of(json.loads(snapshot.take(period_2024.pk)), LAND)
    told = {one.unit: [str(part) for part in (one.answer, one.reported, one.verified)] for one in chain.sources}
    assert told == {"Mường So": ["40", "40", "khớp"], "Nậm Xe": ["900", "1.250,5", "900"]}


def test_recognised_rows_are_whole(cast, judged):
    report = judged[cast.home.pk]
    accept(report, cast.reviewer)
    assert Recognition.objects.filter(figure__report=report).count() == report.figures.count()
    assert set(Recognition.objects.filter(figure__report=report).values_list("by", flat=True)) == {cast.reviewer.pk}
