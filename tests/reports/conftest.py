"""A commune's report of 2024, begun and complete; December 2024 unless a test says otherwise."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from phongtho_thidua.lib import clock
from reports.services import annual, remarks

NARRATIVE = "Đường bản Po Chà dài 2,4 km hoàn thành trước kế hoạch 34 ngày."
SPENT = "HT6.von_giai_ngan"
NOTE = "Số vốn đã giải ngân cao hơn số Kho bạc xác nhận, đối chiếu lại."

UNVERIFIED = "Các phòng chưa thẩm tra xong, chấp nhận trước để kịp tổng hợp."


@pytest.fixture
def begun(cast, december, period_2024):
    """The report of xã Nậm Xe as its officer has just begun it: nothing is answered."""
    return annual.start_report(unit=cast.home, period=period_2024, by=cast.officer)


@pytest.fixture
def complete(cast):
    """`complete(report)`: everything answered by the officer; zero is an answer."""

    def fill(report):
        signed = {"saved_by": cast.officer, "saved_at": clock.now()}
        report.entries.update(grade="good", narrative=NARRATIVE, **signed)
        report.figures.update(answer="value", value=0, **signed)
        return report

    return fill


@pytest.fixture
def ready(begun, complete):
    return complete(begun)


@pytest.fixture
def ask(cast):
    """`ask(report, "HT6.von_giai_ngan", "HT1")`: the standing office returns these figures and entries."""

    def back(report, *codes, by=None, reason=NOTE, due_at=None, **more):
        figures = report.figures.select_related("indicator__criterion").filter(indicator__code__in=codes)
        entries = report.entries.select_related("criterion").filter(criterion__code__in=codes)
        answers = [*figures, *entries]
        due_at = due_at or remarks.usual_due()
        return remarks.ask_back(
            report=report, answers=answers, reason=reason, due_at=due_at, by=by or cast.reviewer, **more
        )

    return back


@pytest.fixture
def moved(cast, ready, ask):
    """`moved("accepted")`: the complete report brought to a state by the deeds that lead there."""
    paths = {
        "draft": (),
        "submitted": ("submit",),
        "reviewing": ("submit", "open_review"),
        "returned": ("submit", "open_review", "return"),
        "sent again": ("submit", "open_review", "return", "resubmit"),
        "seen again": ("submit", "open_review", "return", "resubmit", "open_review"),
        "accepted": ("submit", "open_review", "accept"),
    }
    deeds = {
        "submit": lambda: annual.submit(report=ready, by=cast.head),
        "open_review": lambda: annual.open_review(report=ready, by=cast.reviewer),
        "return": lambda: ask(ready, SPENT),
        "resubmit": lambda: corrected(ready),
        "accept": lambda: annual.accept(report=ready, by=cast.reviewer, note=UNVERIFIED),
    }

    def corrected(report):
        said = {"value": 7962, "explanation": "Giải ngân cả vốn chuyển nguồn năm trước."}
        report.figures.filter(indicator__code=SPENT).update(**said, saved_at=clock.now(), saved_by=cast.officer)
        return annual.resubmit(report=report, by=cast.head)

    def bring(state):
        for name in paths[state]:
            deeds[name]()
        ready.refresh_from_db()
        return ready

    return bring


@pytest.fixture
def figure_of(begun):
    """`figure_of("HT6.von_giai_ngan")`: that figure of the report, fresh from the table."""
    return lambda code: begun.figures.select_related("indicator__criterion", "report__period").get(indicator__code=code)


@pytest.fixture
def entry_of(begun):
    return lambda code: begun.entries.select_related("criterion", "report__period").get(criterion__code=code)


@pytest.fixture
def queries():
    """`with queries() as asked`: what was read and written; savepoints are the test's own."""

    class Asked(CaptureQueriesContext):
        @property
        def count(self):
            return len([q for q in self.captured_queries if "SAVEPOINT" not in q["sql"]])

    return lambda: Asked(connection)
