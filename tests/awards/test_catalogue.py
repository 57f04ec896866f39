"""What the plan and the law say of awards, as rows; the times of a round belong to Phòng Nội vụ."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from awards.models import AwardForm, AwardRound, FormAuthority, FormRecipient, RuleClause
from awards.services.catalogue import load_awards, set_round_dates
from phongtho_thidua.lib import clock
from units import audit

pytestmark = pytest.mark.django_db


def test_catalogue_has_the_four_forms_of_the_plan_and_no_title():
    assert list(AwardForm.objects.values_list("name", "level")) == [
        ("Giấy khen của Chủ tịch UBND huyện", "district"),
        ("Bằng khen của Chủ tịch UBND tỉnh", "province"),
        ("Bằng khen của Thủ tướng Chính phủ", "government"),
        ("Huân chương Lao động", "state"),
    ]


@pytest.mark.parametrize(
    ("day", "deciders"),
    [
        (date(2023, 12, 31), ["Chủ tịch UBND huyện"]),
        (date(2024, 1, 1), ["Chủ tịch UBND huyện"]),
        (date(2025, 6, 30), ["Chủ tịch UBND huyện"]),
        (date(2025, 7, 1), []),
    ],
)
def test_district_chair_decides_until_the_end_of_june_2025(certificate, day, deciders):
    assert list(certificate.authorities.on(day).values_list("name", flat=True)) == deciders


def test_what_nobody_has_checked_is_marked_so():
    """These rows are known only from secondary texts (fact sheet §§ 2, 3.3, 3.4): not one of them may look like law."""
    unchecked = FormRecipient.objects.filter(verified=False).values_list("form__key", "kind")
    assert set(unchecked) == {
        ("bang-khen-thu-tuong", "collective"),
        ("bang-khen-thu-tuong", "household"),
        ("huan-chuong-lao-dong", "collective"),
    }
    assert list(FormAuthority.objects.filter(verified=False).values_list("form__key")) == [("huan-chuong-lao-dong",)]
    assert list(RuleClause.objects.filter(verified=False).values_list("rule", "valid_to")) == [
        ("duplicate", date(2024, 1, 1))
    ]
    assert not FormRecipient.objects.filter(verified=False).exclude(standard="").exists()


def test_no_day_has_two_answers_to_one_question():
    for day in (date(2022, 6, 1), date(2024, 1, 1), date(2025, 7, 1), date(2026, 1, 1)):
        asked = list(FormRecipient.objects.on(day).values_list("form", "kind"))
        assert len(asked) == len(set(asked))
        rules = list(RuleClause.objects.on(day).values_list("rule", flat=True))
        assert len(rules) == len(set(rules))


def test_yearly_rounds_say_that_their_dates_are_settings():
    rows = AwardRound.objects.order_by("period__year").values_list("period__year", "opens_at", "closes_at", "source")
    source = "Kế hoạch, mục III.2.1; Kế hoạch không ấn định ngày, Phòng Nội vụ đặt"
    assert list(rows) == [
        (year, clock.at(date(year, 11, 15)), clock.at(date(year, 12, 31), 17), source) for year in (2023, 2024, 2025)
    ]


def test_yearly_round_offers_the_certificate_and_forwards_two_higher_forms(award_round):
    assert list(award_round.forms.values_list("key", flat=True)) == [
        "giay-khen-huyen",
        "bang-khen-tinh",
        "bang-khen-thu-tuong",
    ]


def test_loading_again_changes_nothing():
    counts = load_awards()
    assert counts == {"award_forms": 0, "award_clauses": 0, "award_rounds": 0, "changed": 0}


def test_loading_again_keeps_the_times_that_the_office_set(cast, award_round, december):
    closes = clock.at(date(2025, 1, 10), 17)
    set_round_dates(award_round=award_round, opens_at=award_round.opens_at, closes_at=closes, by=cast.reviewer)
    load_awards()
    award_round.refresh_from_db()
    assert award_round.closes_at == closes


def test_loading_refuses_a_stranger(cast):
    with pytest.raises(PermissionDenied):
        load_awards(by=cast.head)


@pytest.mark.parametrize("who", ["officer", "head", "lead", "admin", "nobody"])
def test_round_dates_refuse_everybody_but_the_standing_office(cast, award_round, december, who):
    times = {"opens_at": award_round.opens_at, "closes_at": award_round.closes_at + timedelta(days=1)}
    with pytest.raises(PermissionDenied, match="Chỉ Phòng Nội vụ"):
        set_round_dates(award_round=award_round, by=getattr(cast, who), **times)


@pytest.mark.parametrize(
    ("closes", "told"),
    [
        (datetime(2024, 11, 14, 17, tzinfo=clock.VIETNAM), "Lúc đóng phải sau lúc mở, 00:00 ngày 15/11/2024."),
        (datetime(2024, 12, 1, 17, tzinfo=clock.VIETNAM), "Lúc đóng mới đã qua. Bây giờ là 09:00 ngày 02/12/2024."),
    ],
)
def test_round_dates_refuse_an_end_out_of_order_or_in_the_past(cast, award_round, december, closes, told):
    with pytest.raises(ValidationError) as refusal:
        set_round_dates(award_round=award_round, opens_at=award_round.opens_at, closes_at=closes, by=cast.chief)
    assert refusal.value.message_dict == {"closes_at": [told]}


def test_round_dates_leave_one_readable_event(cast, award_round, december):
    closes = clock.at(date(2025, 1, 10), 17)
    set_round_dates(award_round=award_round, opens_at=award_round.opens_at, closes_at=closes, by=cast.chief)
    event = audit.history_of(award_round)[0]
    assert (event.label, event.changes) == (
        "đổi thời gian của đợt",
        {"nhận đến": ["17:00 ngày 31/12/2024", "17:00 ngày 10/01/2025"]},
    )


def test_round_dates_that_stay_leave_no_event(cast, award_round, december):
    before = len(audit.history_of(award_round))
    set_round_dates(
        award_round=award_round, opens_at=award_round.opens_at, closes_at=award_round.closes_at, by=cast.chief
    )
    assert len(audit.history_of(award_round)) == before


@pytest.mark.parametrize(
    ("seconds", "from_close", "state"),
    [(-1, False, "not_open"), (0, False, "open"), (-1, True, "open"), (0, True, "closed"), (1, True, "closed")],
)
def test_round_state_turns_at_the_very_second(award_round, time_machine, seconds, from_close, state):
    edge = award_round.closes_at if from_close else award_round.opens_at
    time_machine.move_to(edge + timedelta(seconds=seconds), tick=False)
    assert award_round.state == state
    assert (award_round in AwardRound.objects.open()) == (state == "open")


def test_database_refuses_a_second_yearly_round_of_a_period(award_round):
    award_round.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        award_round.save(force_insert=True)


def test_database_refuses_a_round_that_closes_before_it_opens(award_round):
    rows = AwardRound.objects.filter(pk=award_round.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(closes_at=award_round.opens_at)
