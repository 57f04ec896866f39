"""What people type stays text on the pages that are drawn in Python: the form, the reading page, the matrix."""

import pytest

from phongtho_thidua.lib import clock

pytestmark = pytest.mark.django_db

HOSTILE = """<script>alert(1)</script> "><img src=x onerror=alert(2)> ' {{ 7 }}"""
EXPLAINED = HOSTILE + " là số đúng theo hồ sơ."


@pytest.fixture
def hostile(cast, begun, complete):
    """A complete report whose every text field holds markup, and last year's beside it."""
    report = complete(begun)
    report.entries.update(narrative=HOSTILE)
    report.figures.update(explanation=EXPLAINED)
    first = report.figures.filter(indicator__kind="document").first() or report.figures.first()
    report.figures.filter(pk=first.pk).update(document=HOSTILE, value=None)
    signed = {"saved_by": cast.officer, "saved_at": clock.now()}
    other = report.figures.exclude(pk=first.pk).first()
    report.figures.filter(pk=other.pk).update(answer="not_applicable", reason=HOSTILE, **signed)
    cast.home.name = cast.home.short_name = f"Xã {HOSTILE}"
    cast.home.save()
    return report


def _shows_no_markup(page: str) -> None:
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(2)&gt;" in page


def test_on_the_form_of_the_unit(cast, hostile, client_of):
    _shows_no_markup(client_of(cast.officer).get(f"/bao-cao/{hostile.pk}/").content.decode())


def test_on_the_pages_of_who_reads_and_verifies(cast, hostile, client_of):
    type(hostile).objects.filter(pk=hostile.pk).update(
        state="submitted", submitted_by=cast.head, submitted_at=clock.now(), edition=1
    )
    hostile.refresh_from_db()
    for person, url in ((cast.reviewer, f"/bao-cao/{hostile.pk}/"), (cast.officer, f"/bao-cao/{hostile.pk}/ban-in/")):
        _shows_no_markup(client_of(person).get(url).content.decode())


def test_in_the_matrix_and_its_panel(cast, hostile, client_of):
    from reports.services import expected

    type(hostile).objects.filter(pk=hostile.pk).update(
        state="submitted", submitted_by=cast.head, submitted_at=clock.now(), edition=1
    )
    hostile.refresh_from_db()
    expected.expect(report=hostile, by=cast.head)
    figure = hostile.figures.filter(indicator__criterion__sector__code="finance", answer="value").first()
    _shows_no_markup(client_of(cast.lead).get(f"/tham-tra/?o={figure.pk}").content.decode())


def test_on_the_board(cast, hostile, client_of):
    _shows_no_markup(client_of(cast.reviewer).get(f"/tien-do/{hostile.period.year}/").content.decode())
