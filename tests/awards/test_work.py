"""What awards put on the home page and in the rail."""

from datetime import date

import pytest

from awards.selectors import choices_for, findings_for, place_in_queue, work_count, work_items
from phongtho_thidua.lib import navigation

from .conftest import NOTE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]


def rows(user):
    return [(str(item.group), item.what, item.why, item.day) for item in work_items(user)]


def test_unit_is_reminded_of_the_open_round_until_it_closes(cast, award_round, time_machine):
    closes = date(2024, 12, 31)
    assert rows(cast.officer) == [("todo", "Đề nghị khen thưởng năm 2024", "Chưa có đề nghị nào đang soạn.", closes)]
    time_machine.move_to(award_round.closes_at)
    assert rows(cast.officer) == []


def test_unit_sees_what_came_back_what_lies_and_what_waits(cast, nominated, person_of):
    nominated("returned", person=person_of("Lò Văn Páo", kind="household"))
    nominated("draft", person=person_of("Giàng A Lử"))
    nominated("submitted")
    assert rows(cast.head) == [
        ("todo", "Bổ sung đề nghị Giấy khen của Chủ tịch UBND huyện, Hộ Lò Văn Páo", NOTE, date(2024, 12, 2)),
        ("todo", "Đề nghị khen thưởng năm 2024", "1 đề nghị đang soạn, chưa trình.", date(2024, 12, 31)),
        (
            "waiting",
            "1 đề nghị khen thưởng chờ Phòng Nội vụ xem xét",
            "Khen thưởng hằng năm 2024",
            date(2024, 12, 2),
        ),
    ]


def test_standing_office_sees_its_queue_and_not_the_units_affairs(cast, nominated, person_of):
    nominated("submitted")
    nominated("returned", person=person_of("Lò Văn Páo"))
    assert [what for _, what, _, _ in rows(cast.reviewer)] == [
        "Đề nghị khen thưởng năm 2024",
        "Xét 1 đề nghị khen thưởng",
    ]


def test_people_without_a_unit_have_no_work_here(cast, nominated):
    nominated("submitted")
    assert (rows(cast.nobody), rows(cast.admin)) == ([], [])


@pytest.mark.parametrize(
    ("who", "count"), [("officer", 1), ("head", 1), ("reviewer", 2), ("other_head", 0), ("nobody", 0)]
)
def test_number_in_the_rail_is_the_work_of_this_person(cast, nominated, person_of, who, count):
    nominated("returned")
    nominated("submitted", person=person_of("Lò Văn Páo"))
    nominated("submitted", person=person_of("Giàng A Lử"))
    nominated("draft", person=person_of("Vàng A Sử"))
    assert work_count(getattr(cast, who)) == count


@pytest.mark.parametrize(
    ("who", "labels"),
    [
        ("officer", ["Đề nghị khen thưởng"]),
        ("head", ["Đề nghị khen thưởng"]),
        ("reviewer", ["Khen thưởng"]),
        ("admin", []),
        ("nobody", []),
    ],
)
def test_rail_names_the_entry_after_the_reader(cast, who, labels):
    entries = navigation.entries_for(getattr(cast, who))
    assert [entry.label for entry in entries if entry.url_name == "awards:rounds"] == labels


def test_rules_ask_a_known_number_of_questions(nominated, person_of, cast, django_assert_num_queries):
    """Recipient, authority, clauses, duplicates, then the report of a unit or the namesakes of a person."""
    collective, individual = nominated("submitted"), nominated("submitted", person=person_of("Lò Văn Páo"))
    assert cast.head.unit_ids  # the roles are read once a request
    assert not cast.head.is_standing_office
    assert collective.round.period.year == 2024
    for row in (collective, individual):
        with django_assert_num_queries(5):
            findings_for(row, cast.head)


def test_place_in_the_queue_costs_two_questions(nominated, person_of, cast, django_assert_num_queries):
    assert cast.reviewer.is_standing_office
    for place in range(30):
        nominated("submitted", person=person_of(f"Người {place}"))
    with django_assert_num_queries(2):
        place_in_queue(cast.reviewer)


@pytest.mark.parametrize(
    ("state", "who", "shown"),
    [
        ("draft", "officer", [("submit", False)]),
        ("draft", "head", [("submit", True)]),
        ("submitted", "officer", [("withdraw", False)]),
        ("submitted", "head", [("withdraw", True)]),
        ("submitted", "reviewer", [("eligible", True), ("return", True), ("not_eligible", True)]),
        ("returned", "reviewer", []),
        ("eligible", "head", []),
        ("eligible", "chief", [("reopen", True)]),
    ],
)
def test_page_offers_the_steps_of_the_readers_own_side(nominated, cast, state, who, shown):
    found = choices_for(nominated(state), getattr(cast, who))
    assert [(one.step.name, one.allowed) for one in found] == shown


def test_reviewer_with_a_hand_in_it_sees_the_steps_they_may_not_take(nominated, cast):
    row = nominated("submitted")
    row.writers.add(cast.reviewer)
    assert [one.allowed for one in choices_for(row, cast.reviewer)] == [False, False, False]
