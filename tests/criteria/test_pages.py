import pytest
from django.urls import reverse

from criteria.models import CriteriaSet, Criterion, Indicator, Target

pytestmark = pytest.mark.django_db

PAGE = "/tieu-chi/"


def test_page_sends_a_stranger_to_sign_in(client):
    answer = client.get(PAGE)
    assert (answer.status_code, answer.url) == (302, f"{reverse('units:sign_in')}?next={PAGE}")


@pytest.mark.parametrize("who", ["officer", "head", "company_officer", "front_officer", "reviewer", "admin", "nobody"])
def test_page_shows_every_criterion_to_everybody_signed_in(client, cast, who):
    client.force_login(getattr(cast, who))
    page = client.get(PAGE)
    assert page.status_code == 200
    text = page.content.decode()
    missing = [code for code, wording in Criterion.objects.values_list("code", "wording") if wording not in text]
    assert missing == []


def test_page_names_targets_and_whose_figure_they_speak_of(client, cast):
    client.force_login(cast.officer)
    text = client.get(PAGE).content.decode()
    assert "Đích từng đơn vị: 100%" in text
    assert "Đích toàn huyện: ít nhất 47% đến năm 2025" in text


def test_page_of_a_set_without_criteria_says_what_will_stand_there(client, cast):
    CriteriaSet.objects.create(name="Bộ giai đoạn 2", version=2, first_year=2026, last_year=2030)
    client.force_login(cast.officer)
    text = client.get(PAGE).content.decode()
    assert ("Bộ giai đoạn 2" in text, "Chưa có tiêu chí" in text) == (True, True)


def test_page_costs_the_same_for_6_and_for_62_figures(client, cast, django_assert_max_num_queries):
    """The set (1), its criteria with sectors (1), indicators (1) and targets (1); the rest is the frame of the page."""
    client.force_login(cast.officer)
    with django_assert_max_num_queries(20) as long_page:
        client.get(PAGE)
    Target.objects.exclude(indicator__criterion__code="HT6").delete()
    Indicator.objects.exclude(criterion__code="HT6").update(
        whole=None, numerator=None, denominator=None, kind="number", aggregation="sum"
    )
    Indicator.objects.exclude(criterion__code="HT6").delete()
    with django_assert_max_num_queries(len(long_page)) as short_page:
        client.get(PAGE)
    assert len(short_page) == len(long_page)
