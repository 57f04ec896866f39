"""The outbox: nothing goes by itself, nothing goes twice, and whom it concerns no longer is left out."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from phongtho_thidua.lib.workflow import StepRefused
from units.models import AuditEvent, Mailing, MailingState, Membership, Notification
from units.services import outbox
from units.services.outbox import Draft, drop_mailing, prepare_mailing, send_mailing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

PEOPLE = ["officer", "head", "other_head", "company_officer", "lead", "reviewer", "chief", "admin", "nobody"]
DEEDS = {"send": send_mailing, "drop": drop_mailing}
TARGETS = {"send": MailingState.SENT, "drop": MailingState.DROPPED}


@pytest.fixture
def office(cast):
    return cast.reviewer.posts[0].unit


@pytest.fixture
def prepared(cast, office):
    """`prepared()`: two letters of Phòng Nội vụ, to xã Nậm Xe and to Mường So."""

    def make(by=None, **changes):
        drafts = [
            Draft(cast.officer, cast.home, "Nậm Xe chưa nộp.", "/bao-cao/"),
            Draft(cast.other_officer, cast.other, "Mường So chưa nộp."),
        ]
        said = {"kind": "test", "title": "Nhắc lần 1", "office": office, "drafts": drafts, "left_out": []}
        return prepare_mailing(**(said | {"by": by or cast.reviewer} | changes))

    return make


def told():
    return sorted(Notification.objects.filter(kind="test").values_list("user__username", "text", "url"))


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"lead", "reviewer", "chief"}))
def test_only_offices_prepare_letters(cast, prepared, who):
    with pytest.raises(PermissionDenied, match="hộp chờ gửi"):
        prepared(by=getattr(cast, who))
    assert not Mailing.objects.exists()


def test_nothing_to_send_is_no_mailing_and_says_why(prepared):
    with pytest.raises(StepRefused, match="UBND xã Nậm Xe: đã nộp báo cáo"):
        prepared(drafts=[], left_out=[["UBND xã Nậm Xe", "đã nộp báo cáo"]])
    assert not Mailing.objects.exists()


def test_preparing_tells_nobody(prepared):
    assert (prepared().state, told()) == (MailingState.WAITING, [])


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("step", DEEDS)
@pytest.mark.parametrize("state", MailingState.values)
def test_only_its_office_settles_a_mailing_and_only_once(cast, prepared, state, step, who):
    mailing = prepared()
    if state != MailingState.WAITING:
        DEEDS["send" if state == MailingState.SENT else "drop"](mailing=mailing, by=cast.reviewer)
    before, letters = AuditEvent.objects.count(), told()
    if state == MailingState.WAITING and who in ("reviewer", "chief"):
        DEEDS[step](mailing=mailing, by=getattr(cast, who))
        expected, left = TARGETS[step], 1
        assert len(told()) == (2 if step == "send" else 0)
    else:
        with pytest.raises((PermissionDenied, StepRefused)):
            DEEDS[step](mailing=mailing, by=getattr(cast, who))
        expected, left = state, 0
        assert told() == letters
    mailing.refresh_from_db()
    assert (mailing.state, AuditEvent.objects.count() - before) == (expected, left)


def test_sent_twice_is_sent_once(cast, prepared, client_of):
    mailing, client = prepared(), client_of(cast.reviewer)
    answers = [
        client.post(f"/hop-cho-gui/{mailing.pk}/buoc/", {"step": "send", "version": 1}).status_code for _ in range(2)
    ]
    assert answers == [302, 409]
    assert told() == [("hanh.lt", "Nậm Xe chưa nộp.", "/bao-cao/"), ("pao.va", "Mường So chưa nộp.", "")]


def test_a_stale_page_sends_nothing(cast, prepared):
    with pytest.raises(StepRefused):
        send_mailing(mailing=prepared(), by=cast.reviewer, version=7)
    assert told() == []


def test_who_left_the_unit_meanwhile_is_left_out_and_named(cast, prepared):
    mailing = prepared()
    Membership.objects.filter(user=cast.officer).update(valid_to=date(2024, 12, 1))
    mailing = send_mailing(mailing=mailing, by=cast.reviewer)
    assert [name for name, *_ in told()] == ["pao.va"]
    assert mailing.left_out == [["Lò Thị Hạnh, UBND xã Nậm Xe", "không còn là người của đơn vị"]]
    assert mailing.letters.count() == 1


def test_the_app_that_prepared_it_says_who_needs_it_no_longer(cast, prepared, monkeypatch):
    monkeypatch.setitem(outbox._checks, "test", lambda mailing: {cast.home.pk: "đã nộp"})
    mailing = send_mailing(mailing=prepared(), by=cast.reviewer)
    assert [name for name, *_ in told()] == ["pao.va"]
    assert mailing.left_out == [["Lò Thị Hạnh, UBND xã Nậm Xe", "đã nộp"]]


def test_when_nobody_is_left_nothing_is_sent_and_the_mailing_waits_to_be_dropped(cast, prepared, monkeypatch):
    mailing = prepared()
    monkeypatch.setitem(outbox._checks, "test", lambda mailing: {cast.home.pk: "đã nộp", cast.other.pk: "đã nộp"})
    with pytest.raises(StepRefused, match="Bỏ đợt thư"):
        send_mailing(mailing=mailing, by=cast.reviewer)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.letters.count(), mailing.left_out) == (MailingState.WAITING, 2, [])


def test_a_sector_lead_sees_and_settles_its_own_mailings_only(cast, prepared, client_of):
    theirs, own = prepared(), prepared(by=cast.lead, office=cast.lead.posts[0].unit)
    client = client_of(cast.lead)
    assert [client.get(one.get_absolute_url()).status_code for one in (theirs, own)] == [404, 200]
    assert send_mailing(mailing=own, by=cast.lead).state == MailingState.SENT


def test_the_page_says_how_many_letters_go_to_whom(cast, prepared, client_of):
    page = client_of(cast.reviewer).get(prepared(left_out=[["Công ty Mẫu", "chưa có tài khoản"]]).get_absolute_url())
    text = page.content.decode()
    assert "Gửi 2 thư đến 2 đơn vị?" in text
    assert "Thư đã gửi không thu hồi được." in text
    assert all(words in text for words in ("Lò\u00a0Thị\u00a0Hạnh", "Công ty Mẫu", "chưa có tài khoản", "Để sau"))


def test_the_rail_counts_what_waits(cast, prepared, client_of):
    prepared()
    page = client_of(cast.reviewer).get("/hop-cho-gui/")
    assert [row.letters_count for row in page.context["waiting"]] == [2]
    assert next(item.count for item in page.context["rail"]() if item.label == "Hộp chờ gửi") == 1


@pytest.mark.parametrize("nonsense", [{"state": "perhaps"}, {"state": "sent"}, {"key": "a"}], ids=str)
def test_the_database_refuses_half_a_mailing(prepared, nonsense):
    prepared(key="a")
    mailing = prepared()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.filter(pk=mailing.pk).update(**nonsense)
