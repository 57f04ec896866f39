"""The queue of Phòng Nội vụ: order of arrival, where one stands, save and next."""

from datetime import timedelta

import pytest

from phongtho_thidua.lib import clock
from reports.models import AnnualReport
from reports.selectors.queue import Place, place_in, queue_for
from tests.reports.conftest import NOTE, UNVERIFIED
from tests.reports.filled import communes, report_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]


@pytest.fixture
def three(cast, period_2024):
    """Three reports in the queue: of a commune, a company and a commune, in this order of arrival."""
    first, third = communes(2)
    rows = [report_of(unit, period_2024, by=cast.head, state="submitted") for unit in (first, cast.company, third)]
    for place, row in enumerate(rows):
        AnnualReport.objects.filter(pk=row.pk).update(submitted_at=clock.now() - timedelta(hours=9 - place))
    return rows


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("reviewer", 200),
        ("chief", 200),
        ("officer", 403),
        ("head", 403),
        ("lead", 403),
        ("admin", 403),
        ("nobody", 403),
    ],
)
@pytest.mark.parametrize("address", ["/xem-xet/", "/tien-do/2024/"])
def test_queue_and_board_are_the_standing_offices(cast, client_of, who, status, address):
    assert client_of(getattr(cast, who)).get(address).status_code == status


def test_the_queue_is_in_the_order_of_arrival_and_holds_only_what_waits(cast, three, client_of):
    AnnualReport.objects.filter(pk=three[1].pk).update(
        state="accepted", reviewed_by=cast.reviewer, reviewed_at=clock.now()
    )
    page = client_of(cast.reviewer).get("/xem-xet/")
    assert list(page.context["page"]) == [three[0], three[2]]


def test_the_number_in_the_rail_is_the_length_of_the_list(cast, three, client_of):
    page = client_of(cast.reviewer).get("/xem-xet/")
    [entry] = [entry for entry in page.context["rail"]() if entry.url == "/xem-xet/"]
    assert entry.count == len(page.context["page"]) == 3


@pytest.mark.parametrize(("query", "entry"), [("?hang-doi=1", "/xem-xet/"), ("", "/bao-cao/")])
def test_the_rail_marks_where_a_report_was_opened_from(cast, three, client_of, query, entry):
    page = client_of(cast.reviewer).get(three[0].get_absolute_url() + query)
    assert [shown.url for shown in page.context["rail"]() if shown.current] == [entry]


@pytest.mark.parametrize(("at", "place"), [(0, (1, 3, None, 1)), (1, (2, 3, 0, 2)), (2, (3, 3, 1, None))])
def test_a_report_knows_its_place(cast, three, at, place):
    position, total, previous, following = place
    ids = [row.pk for row in three]
    found = place_in(queue_for(cast.reviewer), ids[at])
    named = (None if one is None else ids[one] for one in (previous, following))
    assert found == Place(position, total, *named)


def test_a_filter_narrows_the_queue_and_stays_in_the_addresses(cast, three, client_of):
    client = client_of(cast.reviewer)
    assert list(client.get("/xem-xet/?loai=commune").context["page"]) == [three[0], three[2]]
    page = client.get(f"{three[0].get_absolute_url()}?hang-doi=1&loai=commune")
    assert page.context["following_url"] == f"{three[2].get_absolute_url()}?hang-doi=1&loai=commune"
    assert "Báo cáo 1 trên 2 trong hàng đợi" in page.content.decode()


def test_a_filter_that_names_no_kind_leaves_the_queue_whole(cast, three, client_of):
    assert len(client_of(cast.reviewer).get("/xem-xet/?loai=<script>").context["page"]) == 3


def take(client, report, step, query="", **more):
    data = {"step": step, "version": AnnualReport.objects.get(pk=report.pk).version, **more}
    return client.post(f"/bao-cao/{report.pk}/buoc/{query}", data)


def give_back(client, report, query="", **more):
    first = report.entries.first()
    data = {"cho": first.key, "reason": NOTE, "due_on": "09/12/2024", **more}
    return client.post(f"/bao-cao/{report.pk}/tra-lai/{query}", data)


def test_save_and_next_leads_through_the_queue_and_back_to_it(cast, three, client_of):
    client, query = client_of(cast.reviewer), "?next=1&hang-doi=1&loai=commune"
    take(client, three[0], "open_review")
    assert (
        take(client, three[0], "accept", query, note=UNVERIFIED).url
        == f"{three[2].get_absolute_url()}?hang-doi=1&loai=commune"
    )
    take(client, three[2], "open_review")
    assert give_back(client, three[2], query).url == "/xem-xet/?loai=commune"


def test_returning_more_places_stays_at_the_report(cast, three, client_of):
    client, query = client_of(cast.reviewer), "?next=1&hang-doi=1&loai=commune"
    assert give_back(client, three[0], query, them="1").url == f"{three[0].get_absolute_url()}?hang-doi=1&loai=commune"


def test_opening_a_review_stays_at_the_report_within_the_queue(cast, three, client_of):
    answer = take(client_of(cast.reviewer), three[0], "open_review", "?next=1&hang-doi=1&loai=")
    assert answer.url == f"{three[0].get_absolute_url()}?hang-doi=1"


def test_in_the_queue_the_button_says_that_it_leads_on(cast, three, client_of):
    client = client_of(cast.reviewer)
    take(client, three[0], "open_review")
    page = client.get(f"{three[0].get_absolute_url()}?hang-doi=1").content.decode()
    assert "Chấp nhận, xem tiếp" in page
    assert "xem tiếp" not in client.get(three[0].get_absolute_url()).content.decode()


def test_accepted_without_the_queue_stays_at_the_report(cast, three, client_of):
    client = client_of(cast.reviewer)
    take(client, three[0], "open_review")
    assert take(client, three[0], "accept", note=UNVERIFIED).url == three[0].get_absolute_url()


def test_the_queue_costs_the_same_for_one_and_for_thirty(cast, period_2024, client_of, queries):
    units, client, costs = communes(31), client_of(cast.reviewer), []
    for some in (units[:1], units[1:]):
        for unit in some:
            report_of(unit, period_2024, by=cast.head, state="submitted")
        with queries() as asked:
            client.get("/xem-xet/")
        costs.append(asked.count)
    assert costs[0] == costs[1]


def test_reading_a_report_in_the_queue_costs_the_same_for_one_and_for_thirty(cast, period_2024, client_of, queries):
    units, client, costs = communes(31), client_of(cast.reviewer), []
    for some in (units[:1], units[1:]):
        for unit in some:
            row = report_of(unit, period_2024, by=cast.head, state="submitted")
        with queries() as asked:
            client.get(f"{row.get_absolute_url()}?hang-doi=1")
        costs.append(asked.count)
    assert costs[0] == costs[1] <= 15
