"""What changed and when: words marked one by one, two editions side by side, the story in sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.selectors.changes import MOST_WORDS, Mark, changes_between, word_marks
from reports.selectors.timeline import timeline_of
from reports.services import annual, withdrawals
from tests.reports.conftest import NOTE, UNVERIFIED

WISH = "Còn thiếu công trình nước sạch bản Mấn."
WORDS = st.text(alphabet="ab \n", max_size=40)


def joined(pieces, left_out):
    return "".join(piece.text for piece in pieces if piece.mark != left_out)


@given(WORDS, WORDS)
def test_the_marked_text_holds_both_texts_whole(before, now):
    pieces = word_marks(before, now)
    assert joined(pieces, Mark.NEW).split() == before.split()
    assert joined(pieces, Mark.GONE).split() == now.split()


def test_only_the_word_that_changed_is_marked():
    pieces = word_marks("Đường dài 2,4 km đã xong", "Đường dài 2,6 km đã xong")
    assert [(piece.mark, piece.text) for piece in pieces] == [
        ("same", "Đường dài "),
        ("gone", "2,4 "),
        ("new", "2,6 "),
        ("same", "km đã xong "),
    ]


def test_a_text_too_long_to_compare_is_shown_before_and_now():
    marks = [piece.mark for piece in word_marks("a " * (MOST_WORDS + 1), "b")]
    assert marks == ["gone", "new"]


@pytest.mark.django_db
def test_two_editions_differ_where_the_unit_corrected_and_nowhere_else(moved):
    report = moved("sent again")
    new, old = report.versions.all()
    [change] = changes_between(report, old, new)
    assert (change.name, change.before) == ("HT6, vốn đã giải ngân", "0 triệu đồng")
    assert change.now.startswith("7.962 triệu đồng")
    assert changes_between(report, new, new) == []


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["?tu=1&den=9", "?tu=x", "?den=-1", "?tu=²"])
def test_an_edition_that_is_not_there_is_not_found(cast, moved, client_of, query):
    report = moved("sent again")
    assert client_of(cast.officer).get(f"/bao-cao/{report.pk}/so-sanh/{query}").status_code == 404


@pytest.mark.django_db
def test_the_story_is_told_newest_first_with_the_way_to_compare(cast, moved):
    report = moved("seen again")
    annual.accept(report=report, by=cast.chief, note=UNVERIFIED)
    told = timeline_of(report)
    assert [moment.label for moment in told] == [
        "xem lại, đã được: HT6, vốn đã giải ngân",
        "chấp nhận báo cáo",
        "mở xem xét",
        "gửi lại báo cáo đã sửa",
        "trả lại HT6, vốn đã giải ngân. Sửa và gửi lại trước 17:00 ngày 09/12/2024",
        "mở xem xét",
        "nộp báo cáo",
        "lập báo cáo năm 2024",
    ]
    assert [bool(moment.compare_url) for moment in told] == [label == 3 for label in range(8)]
    assert told[4].note == NOTE


@pytest.mark.django_db
def test_a_lead_and_a_stranger_read_no_story(cast, moved, client_of):
    url = f"/bao-cao/{moved('sent again').pk}/dien-bien/"
    found = [client_of(getattr(cast, who)).get(url).status_code for who in ("head", "chief", "lead", "other_head")]
    assert found == [200, 200, 404, 404]


# --- the wish to take a report back -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_still_free_to_take_is_not_asked_for(cast, moved):
    with pytest.raises(StepRefused, match="rút về được ngay"):
        withdrawals.ask(report=moved("submitted"), reason=WISH, by=cast.head)


@pytest.mark.django_db
def test_one_wish_waits_at_a_time_and_says_why(cast, moved):
    report = moved("reviewing")
    with pytest.raises(NoteMissing):
        withdrawals.ask(report=report, reason="Thiếu.", by=cast.head)
    withdrawals.ask(report=report, reason=WISH, by=cast.head)
    with pytest.raises(StepRefused, match="Đã xin rút"):
        withdrawals.ask(report=report, reason=WISH, by=cast.head)


@pytest.mark.django_db
def test_a_report_that_is_wanted_back_is_not_accepted_before_the_answer(cast, moved):
    report = moved("reviewing")
    wish = withdrawals.ask(report=report, reason=WISH, by=cast.head)
    with pytest.raises(StepRefused, match="đang xin rút"):
        annual.accept(report=report, by=cast.reviewer, note=UNVERIFIED)
    with pytest.raises(NoteMissing):
        withdrawals.refuse(request=wish, note="Không.", by=cast.reviewer)
    assert withdrawals.refuse(request=wish, note=NOTE, by=cast.reviewer).answer == NOTE
    assert annual.accept(report=report, by=cast.reviewer, note=UNVERIFIED).state == "accepted"


@pytest.mark.django_db
def test_allowing_opens_the_whole_report_and_lets_the_remarks_lapse(cast, moved):
    report = moved("returned")
    withdrawals.allow(request=withdrawals.ask(report=report, reason=WISH, by=cast.head), by=cast.chief)
    report.refresh_from_db()
    assert (report.state, report.remarks.get().state) == ("draft", "dropped")
    assert not report.figures.filter(reopened=True).exists()
