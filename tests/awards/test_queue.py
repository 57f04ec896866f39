"""The reviewer's desk: save and next, the filter kept, a refused verdict losing nothing."""

import pytest
from django.urls import reverse

from .conftest import NOTE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]


@pytest.fixture
def three(nominated, person_of):
    days = ("2024-12-01", "2024-12-02", "2024-12-03")
    return [
        nominated("submitted", person=person_of(f"Người {place}"), submitted_at=f"{day}T00:00Z")
        for place, day in enumerate(days, start=1)
    ]


def judge(browser, page, step, note):
    return browser.post(page.context["action"], {"step": step, "note": note, "version": 1})


def test_queue_saves_and_goes_on_to_the_next(sign_in, three):
    browser = sign_in("reviewer")
    first = browser.get(reverse("awards:queue"))
    assert "Đề nghị 1 trên 3 trong hàng đợi" in first.content.decode()
    response = judge(browser, first, "eligible", NOTE)
    assert response.url == f"{reverse('awards:queue')}?de-nghi={three[1].pk}"
    second = browser.get(response.url)
    assert second.context["nomination"] == three[1]
    assert "Đề nghị 1 trên 2 trong hàng đợi" in second.content.decode()


def test_queue_goes_on_from_the_middle_without_returning_to_what_was_put_off(sign_in, three):
    browser = sign_in("reviewer")
    page = browser.get(f"{reverse('awards:queue')}?de-nghi={three[1].pk}")
    assert browser.get(judge(browser, page, "return", NOTE).url).context["nomination"] == three[2]


def test_queue_keeps_its_filter(sign_in, three, award_round):
    browser = sign_in("reviewer")
    page = browser.get(f"{reverse('awards:queue')}?dot={award_round.pk}")
    assert judge(browser, page, "eligible", NOTE).url == (
        f"{reverse('awards:queue')}?dot={award_round.pk}&de-nghi={three[1].pk}"
    )


def test_queue_of_another_round_is_empty(sign_in, three):
    from awards.models import AwardRound

    other = AwardRound.objects.get(period__year=2023)
    page = sign_in("reviewer").get(f"{reverse('awards:queue')}?dot={other.pk}")
    assert page.context["place"].nomination is None


@pytest.mark.parametrize("junk", ["de-nghi=x", "de-nghi=999999", "dot=x", "de-nghi=²", "trang=x"])
def test_queue_and_list_bear_junk_in_the_address(sign_in, three, junk):
    assert sign_in("reviewer").get(f"{reverse('awards:queue')}?{junk}").status_code == 200
    assert sign_in("reviewer").get(f"{reverse('awards:rounds')}?{junk}").status_code == 200


def test_verdict_without_a_reason_stays_at_the_desk_with_what_was_typed(sign_in, three):
    browser = sign_in("reviewer")
    page = browser.get(f"{reverse('awards:queue')}?de-nghi={three[1].pk}")
    response = judge(browser, page, "not_eligible", "Thiếu giấy")
    text = response.content.decode()
    assert response.status_code == 422
    assert response.context["nomination"] == three[1]
    assert "Chưa ghi lý do. Cần ít nhất 20 ký tự để người nhận hiểu." in text
    assert ">Thiếu giấy</textarea>" in text


def test_last_verdict_ends_in_an_empty_queue(sign_in, nominated):
    nominated("submitted")
    browser = sign_in("reviewer")
    response = judge(browser, browser.get(reverse("awards:queue")), "eligible", NOTE)
    assert response.url == reverse("awards:queue")
    assert "Không còn đề nghị nào chờ bạn xem xét" in browser.get(response.url).content.decode()
