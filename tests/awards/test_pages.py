"""The pages of awards: who gets in, what is kept of refused input, what a list costs."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Nomination
from phongtho_thidua.lib import clock
from units import audit
from units.models import Person

from .conftest import DEED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

EVERYBODY = ("officer", "head", "other_head", "reviewer", "admin", "nobody")


@pytest.fixture
def new_url(award_round, cast):
    def url(kind, unit=cast.home):
        return f"{reverse('awards:open_nomination', args=[award_round.pk])}?loai={kind}&don-vi={unit.pk}"

    return url


def answer(browser, name, args=(), method="get", **data):
    return getattr(browser, method)(reverse(f"awards:{name}", args=args), data).status_code


# --- who gets in -----------------------------------------------------------------------------------------------------

OPEN_PAGES = {"rounds": (200,) * 6, "round": (200,) * 6}
GUARDED_PAGES = {
    "edit_round": (403, 403, 403, 200, 403, 403),
    "open_nomination": (200, 200, 200, 200, 403, 403),
    "queue": (403, 403, 403, 200, 403, 403),
}


@pytest.mark.parametrize(("name", "expected"), (OPEN_PAGES | GUARDED_PAGES).items())
def test_page_answers_everybody_as_declared(sign_in, award_round, name, expected):
    args = () if name in ("rounds", "queue") else (award_round.pk,)
    assert tuple(answer(sign_in(who), name, args) for who in EVERYBODY) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [("draft", (200, 200, 404, 404, 404, 404)), ("submitted", (200, 200, 404, 200, 404, 404))],
)
def test_nomination_is_not_there_for_strangers(sign_in, nominated, state, expected):
    row = nominated(state)
    assert tuple(answer(sign_in(who), "nomination", (row.pk,)) for who in EVERYBODY) == expected


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("take_step", {"step": "submit"}, (403, 302, 404, 404, 404, 404)),
        ("discard_nomination", {}, (302, 302, 404, 404, 404, 404)),
        ("nomination", {"form": "", "achievement": DEED, "version": 1}, (422, 422, 404, 404, 404, 404)),
    ],
)
@pytest.mark.parametrize("place", range(6))
def test_deeds_on_a_draft_answer_everybody_as_declared(sign_in, nominated, name, data, expected, place):
    row = nominated("draft")
    assert answer(sign_in(EVERYBODY[place]), name, (row.pk,), "post", **data) == expected[place]


@pytest.mark.parametrize("name", ["rounds", "queue"])
def test_nobody_gets_in_without_signing_in(client, name):
    response = client.get(reverse(f"awards:{name}"))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("units:sign_in"))


@pytest.mark.parametrize("name", ["take_step", "discard_nomination"])
def test_deeds_refuse_get(sign_in, nominated, name):
    assert answer(sign_in("head"), name, (nominated("draft").pk,)) == 405


def test_insider_without_the_right_is_told_who_has_it(sign_in, nominated):
    response = sign_in("officer").post(reverse("awards:take_step", args=[nominated("draft").pk]), {"step": "submit"})
    assert response.status_code == 403
    assert "Chỉ thủ trưởng đơn vị trình được." in response.content.decode()


def test_page_shows_a_step_of_another_with_who_may_take_it(sign_in, nominated):
    page = sign_in("officer").get(nominated("draft").get_absolute_url()).content.decode()
    assert "Chỉ thủ trưởng đơn vị trình được." in page
    assert 'value="submit"' not in page


def test_unknown_step_is_not_found(sign_in, nominated):
    assert answer(sign_in("head"), "take_step", (nominated("draft").pk,), "post", step="approve") == 404


# --- a new nomination ------------------------------------------------------------------------------------------------


def test_first_the_kind_of_subject_is_chosen(sign_in, award_round, cast):
    page = sign_in("officer").get(reverse("awards:open_nomination", args=[award_round.pk])).content.decode()
    links = [f"?loai={kind}&amp;don-vi={cast.home.pk}" for kind in ("collective", "individual", "household")]
    assert [link for link in links if link in page] == links


def test_person_is_entered_and_nominated_in_one_go(sign_in, new_url, certificate):
    typed = {"form": certificate.pk, "full_name": " Lò Văn Páo ", "birth_year": "1980", "residence": "Bản Po Chà"}
    response = sign_in("officer").post(new_url("individual"), typed | {"achievement": DEED})
    row = Nomination.objects.get()
    assert (response.status_code, response.url) == (302, row.get_absolute_url())
    assert (row.person.full_name, row.person.birth_year, row.achievement, row.state) == (
        "Lò Văn Páo",
        1980,
        DEED,
        "draft",
    )


def test_unit_is_nominated_without_questions_about_a_person(sign_in, new_url, certificate, cast):
    browser = sign_in("head")
    assert 'name="full_name"' not in browser.get(new_url("collective")).content.decode()
    browser.post(new_url("collective"), {"form": certificate.pk})
    assert Nomination.objects.get().subject == cast.home


BAD_YEAR = "Năm sinh viết bằng 4 chữ số, ví dụ 1980."
REFUSED = {
    "nobody chosen": ({}, "full_name", "Chọn người đã có ở trên, hoặc ghi họ tên."),
    "a year in words": ({"full_name": "A", "birth_year": "tám mươi"}, "birth_year", BAD_YEAR),
    "a year to come": ({"full_name": "A", "birth_year": "2025"}, "birth_year", "Năm sinh từ 1900 đến 2024."),
    "a year long past": ({"full_name": "A", "birth_year": "1899"}, "birth_year", "Năm sinh từ 1900 đến 2024."),
    "no form": ({"full_name": "A", "form": ""}, "form", "Chọn một hình thức."),
    "a form of nobody": ({"full_name": "A", "form": "999999"}, "form", "Đợt này không xét hình thức đó."),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_input_is_told_at_its_field_and_kept(sign_in, new_url, certificate, case):
    typed, field, told = REFUSED[case]
    response = sign_in("officer").post(new_url("individual"), {"form": certificate.pk, "achievement": DEED} | typed)
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [told]
    assert DEED in response.content.decode()
    assert not Nomination.objects.exists()
    assert not Person.objects.exists()


def test_person_chosen_and_typed_at_once_is_refused(sign_in, new_url, certificate, person_of):
    typed = {"form": certificate.pk, "person": person_of("Lò Văn Páo").pk, "full_name": "Giàng A Lử"}
    response = sign_in("officer").post(new_url("individual"), typed)
    assert response.context["form"].errors == {"full_name": ["Đã chọn người ở trên. Bỏ chọn, hoặc để trống họ tên."]}


def test_person_of_another_unit_cannot_be_chosen(sign_in, new_url, certificate, person_of, cast):
    strange = person_of("Giàng A Lử", unit=cast.other, by=cast.other_head)
    page = sign_in("officer").get(new_url("individual")).content.decode()
    assert "Giàng A Lử" not in page
    response = sign_in("officer").post(new_url("individual"), {"form": certificate.pk, "person": strange.pk})
    assert (response.status_code, Nomination.objects.count()) == (422, 0)


def test_another_units_nomination_cannot_be_opened_by_its_address(sign_in, new_url, cast):
    assert sign_in("officer").get(new_url("collective", unit=cast.other)).status_code == 403


def test_too_long_an_achievement_is_refused_whole_and_kept(sign_in, new_url, certificate):
    text = "đ" * 10_001
    response = sign_in("head").post(new_url("collective"), {"form": certificate.pk, "achievement": text})
    assert response.context["form"].errors == {
        "achievement": ["Thành tích dài 10001 ký tự, tối đa 10000. Rút gọn lại."]
    }
    assert text in response.content.decode()


def test_what_was_typed_is_kept_when_the_round_closes_meanwhile(
    sign_in, new_url, certificate, award_round, time_machine
):
    time_machine.move_to(award_round.closes_at, tick=False)
    response = sign_in("head").post(new_url("collective"), {"form": certificate.pk, "achievement": DEED})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Đợt đã đóng lúc 17:00 ngày 31/12/2024." in page
    assert DEED in page


def test_duplicate_is_told_at_the_form_of_award(sign_in, new_url, certificate, nominated):
    nominated("submitted")
    response = sign_in("head").post(new_url("collective"), {"form": certificate.pk, "achievement": DEED})
    assert response.context["form"].errors == {
        "form": ["Trong đợt này đã có một đề nghị Giấy khen của Chủ tịch UBND huyện cho cùng đối tượng."]
    }


def test_hostile_text_stands_escaped_on_every_page(sign_in, new_url, certificate, nominated, person_of):
    name = "<script>alert(1)</script> =1+1"
    row = nominated("submitted", person=person_of(name), achievement=f"{name} {DEED}")
    pages = [
        sign_in("reviewer").get(reverse("awards:queue")),
        sign_in("head").get(row.get_absolute_url()),
        sign_in("head").get(reverse("awards:rounds")),
        sign_in("officer").get(new_url("individual")),
    ]
    for page in pages:
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text.replace("\u00a0", " ")


# --- one nomination --------------------------------------------------------------------------------------------------


def test_saving_twice_from_one_page_shows_both_versions(sign_in, nominated, certificate, cast):
    """The second of two people is asked; what they typed is kept, and saving again is their decision."""
    row = nominated("draft")
    change = {"form": certificate.pk, "version": 1}
    sign_in("officer").post(row.get_absolute_url(), change | {"achievement": "Bản của Hạnh"})
    response = sign_in("head").post(row.get_absolute_url(), change | {"achievement": "Bản của Sài"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Lò Thị Hạnh đã lưu đề nghị này lúc 09:00, sau khi bạn mở" in page
    assert "Bản của Hạnh" in page
    assert response.context["form"]["achievement"].value() == "Bản của Sài"
    row.refresh_from_db()
    assert row.achievement == "Bản của Hạnh"
    again = {"achievement": "Bản của Sài", "version": response.context["form"]["version"].value()}
    assert sign_in("head").post(row.get_absolute_url(), change | again).status_code == 302
    row.refresh_from_db()
    assert row.achievement == "Bản của Sài"
    assert audit.history_of(row)[0].changes == {"thành tích": ["Bản của Hạnh", "Bản của Sài"]}


def test_saving_what_somebody_submitted_meanwhile_is_refused(sign_in, nominated, certificate):
    row = nominated("submitted")
    change = {"form": certificate.pk, "version": 1, "achievement": "Khác"}
    assert sign_in("officer").post(row.get_absolute_url(), change).status_code == 403
    row.refresh_from_db()
    assert row.achievement == DEED


def test_submitting_from_the_page_sends_what_was_typed_last(sign_in, nominated, certificate):
    row = nominated("draft", achievement="Bản cũ")
    typed = {"form": certificate.pk, "version": 1, "achievement": DEED, "step": "submit"}
    assert sign_in("head").post(row.get_absolute_url(), typed).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.achievement) == ("submitted", DEED)


def test_submitting_from_the_page_keeps_what_was_typed_when_a_rule_stops_it(sign_in, nominated, certificate):
    row = nominated("draft")
    typed = {"form": certificate.pk, "version": 1, "achievement": "Còn ngắn", "step": "submit"}
    response = sign_in("head").post(row.get_absolute_url(), typed)
    row.refresh_from_db()
    assert (response.status_code, row.state, row.achievement) == (422, "draft", "Còn ngắn")
    assert "Thành tích mới có 8 ký tự, cần ít nhất 50." in response.content.decode()


def test_submitting_too_short_an_achievement_leads_to_its_rule(sign_in, nominated):
    row = nominated("draft", achievement="Làm tốt")
    response = sign_in("head").post(reverse("awards:take_step", args=[row.pk]), {"step": "submit", "version": 1})
    assert response.status_code == 422
    assert '<a href="#dk-achievement">Thành tích mới có 7 ký tự, cần ít nhất 50.</a>' in response.content.decode()


def test_submitting_an_older_page_is_a_conflict(sign_in, nominated):
    row = nominated("draft", version=2)
    data = {"step": "submit", "version": 1}
    assert answer(sign_in("head"), "take_step", (row.pk,), "post", **data) == 409


def test_unchecked_law_is_shown_as_to_be_checked_and_not_as_law(sign_in, nominated, form_of):
    row = nominated("draft", form=form_of("bang-khen-thu-tuong"))
    page = sign_in("head").get(row.get_absolute_url()).content.decode()
    assert "Căn cứ cần kiểm tra." in page
    assert "Điều 73" not in page


# --- the times of a round --------------------------------------------------------------------------------------------


def test_round_dates_are_set_on_the_page(sign_in, award_round):
    data = {"opens_at": "00:00 15/11/2024", "closes_at": "17:00 10/01/2025"}
    assert answer(sign_in("chief"), "edit_round", (award_round.pk,), "post", **data) == 302
    award_round.refresh_from_db()
    assert award_round.closes_at == clock.at(date(2025, 1, 10), 17)


def test_round_dates_that_make_no_sense_are_told_at_the_field(sign_in, award_round):
    data = {"opens_at": "00:00 15/11/2024", "closes_at": "17:00 14/11/2024"}
    response = sign_in("chief").post(reverse("awards:edit_round", args=[award_round.pk]), data)
    assert response.status_code == 422
    assert response.context["form"].errors == {"closes_at": ["Lúc đóng phải sau lúc mở, 00:00 ngày 15/11/2024."]}


# --- what it costs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rounds", "round", "queue"])
def test_page_costs_the_same_for_one_row_and_for_thirty(sign_in, nominated, person_of, award_round, name):
    url = reverse(f"awards:{name}", args=[award_round.pk] if name == "round" else [])
    costs = []
    for count in (1, 29):
        for place in range(count):
            nominated("submitted", person=person_of(f"Người {count} {place}", birth_year=1980))
        browser = sign_in("reviewer")
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_nomination_costs_the_same_however_many_wrote_in_it(sign_in, nominated, cast):
    row = nominated("submitted")
    costs = []
    for writers in ((), (cast.officer, cast.head, cast.other_head, cast.chief)):
        row.writers.add(*writers)
        browser = sign_in("reviewer")
        with CaptureQueriesContext(connection) as queries:
            browser.get(row.get_absolute_url())
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_list_pages_after_fifty(sign_in, nominated, person_of):
    for place in range(51):
        nominated("submitted", person=person_of(f"Người {place}"))
    page = sign_in("reviewer").get(reverse("awards:rounds"))
    assert (len(page.context["page"]), page.context["page"].paginator.count) == (50, 51)


def test_list_is_filtered_by_state(sign_in, nominated, person_of):
    nominated("submitted")
    nominated("returned", person=person_of("Lò Văn Páo"))
    page = sign_in("head").get(f"{reverse('awards:rounds')}?trang-thai=returned")
    assert [row.state for row in page.context["page"]] == ["returned"]
