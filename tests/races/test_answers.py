"""D3: two people write the same answer, or one writes while another hands in or takes back: nothing is overwritten."""

import json
from functools import partial

import pytest

from reports.models import AnnualReport, Figure
from reports.services import annual, answers, remarks
from reports.services.answers import Closed, Conflict
from tests.races.meeting import ROUNDS, History, met, on_postgres, refused, together, turned
from tests.reports.conftest import SPENT

pytestmark = on_postgres


def figure_of(report) -> Figure:
    return report.figures.select_related("report__period", "indicator__criterion").get(indicator__code=SPENT)


def saving(figure, value, by):
    data = {"answer": "value", "value": value, "explanation": "Giải ngân cả vốn chuyển nguồn năm trước."}
    return partial(answers.save_figure, figure=figure, data=data, version=figure.version, by=by)


def test_of_two_savers_one_is_told_about_the_other(cast, begun):
    seen = set()
    for number in range(ROUNDS):
        before = figure_of(begun)
        writers = [(cast.officer, 2 * number + 1), (cast.head, 2 * number + 2)]
        deeds = [saving(figure_of(begun), value, by) for by, value in turned(writers, number)]
        outcomes = together(*deeds)
        (conflict,) = refused(outcomes)
        (stored,) = [one for one in outcomes if isinstance(one, Figure)]
        after = figure_of(begun)
        assert isinstance(conflict, Conflict)
        assert (conflict.theirs.value, conflict.theirs.saved_by) == (stored.value, stored.saved_by)
        assert (after.value, after.version, after.saved_by) == (stored.value, before.version + 1, stored.saved_by)
        seen.add(after.saved_by)
    assert met(seen)


def test_the_same_words_sent_twice_are_stored_once(cast, begun):
    for number in range(ROUNDS):
        before = figure_of(begun)
        outcomes = together(*(saving(figure_of(begun), number, cast.officer) for _ in range(3)))
        assert refused(outcomes) == []
        assert figure_of(begun).version == before.version + 1


def test_two_savers_of_different_answers_both_succeed(cast, begun):
    for number in range(ROUNDS):
        two = list(begun.figures.select_related("report__period", "indicator__criterion").order_by("pk")[:2])
        assert refused(together(saving(two[0], number, cast.officer), saving(two[1], number, cast.head))) == []
        stored = begun.figures.order_by("pk").values_list("value", "version")[:2]
        assert [tuple(one) for one in stored] == [(number, one.version + 1) for one in two]


def test_what_is_handed_in_is_what_is_stored_whoever_writes_meanwhile(cast, ready):
    history, seen = History(), set()
    for number in range(ROUNDS):
        figure = figure_of(ready)
        deeds = [saving(figure, number + 1, cast.officer), partial(annual.submit, report=ready, by=cast.head)]
        late = refused(together(*turned(deeds, number)))
        assert all(isinstance(one, Closed) for one in late)
        frozen = json.loads(ready.versions.order_by("-edition").first().data)["figures"][SPENT]
        stored = figure_of(ready)
        assert stored.value == (figure.value if late else number + 1)
        assert float(frozen["value"]) == stored.value
        assert history.told() in (["submit"], ["edit", "submit"])
        annual.withdraw(report=ready, by=cast.head)
        history.told()
        seen.add(bool(late))
    assert met(seen)


@pytest.fixture
def again(cast, ask):
    """`again(report)`: in review once more with one figure asked back, whatever became of the last round."""

    def bring(report):
        state = AnnualReport.objects.get(pk=report.pk).state
        if state == "returned":
            annual.resubmit(report=report, by=cast.head)
        if state != "reviewing":
            annual.open_review(report=report, by=cast.reviewer)
        return ask(report, SPENT)[0]

    return bring


def test_a_remark_is_dropped_or_followed(cast, moved, again):
    """The reviewer asks no longer while the officer puts it right: never both, never neither."""
    report, seen = moved("reviewing"), set()
    history = History()
    for number in range(ROUNDS):
        remark, figure = again(report), figure_of(report)
        history.told()
        deeds = [
            saving(figure, number + 1, cast.officer),
            partial(remarks.drop, remark=remark, by=cast.reviewer),
        ]
        (refusal,) = refused(together(*turned(deeds, number)))
        report.refresh_from_db()
        stored = figure_of(report)
        if isinstance(refusal, Closed):
            assert (report.state, stored.value, stored.reopened) == ("submitted", figure.value, False)
            assert history.told() == ["drop", "resume"]
        else:
            assert "đã bắt đầu sửa" in str(refusal)
            assert (report.state, stored.value, stored.reopened) == ("returned", number + 1, True)
            assert history.told() == ["edit"]
        seen.add(type(refusal))
    assert met(seen)
