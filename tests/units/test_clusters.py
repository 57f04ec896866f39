"""Clusters are dated: one at a time for a unit, one lead at a time, and every day keeps the members of its day."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.reports.filled import communes
from units import audit
from units.models import Cluster, ClusterMember, ClusterRole
from units.services import clusters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

NEW_YEAR, JUNE, NEXT_YEAR = date(2023, 1, 1), date(2024, 6, 1), date(2025, 1, 1)
PAPER = "Quyết định số 12/QĐ-UBND"


@pytest.fixture
def cluster(cast):
    return clusters.make_cluster(name="Khối thi đua số 1", source=PAPER, by=cast.reviewer)


@pytest.fixture
def join(cast, cluster):
    def add(unit, role=ClusterRole.MEMBER, valid_from=NEW_YEAR, into=None):
        facts = {"role": role, "valid_from": valid_from, "document": PAPER}
        return clusters.add_member(cluster=into or cluster, unit=unit, by=cast.reviewer, **facts)

    return add


def members_on(cluster, day):
    return dict(cluster.members.on(day).values_list("unit__short_name", "role"))


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "head", "other_head", "lead", "admin", "nobody"])
def test_only_the_standing_office_changes_clusters(cast, cluster, join, who):
    member, by = join(cast.home), getattr(cast, who)
    before = list(ClusterMember.objects.values())
    deeds = [
        lambda: clusters.make_cluster(name="Khối khác", source="", by=by),
        lambda: clusters.change_cluster(cluster=cluster, name="Khác", source="", order=0, by=by),
        lambda: clusters.add_member(
            cluster=cluster, unit=cast.other, role="member", valid_from=JUNE, document="", by=by
        ),
        lambda: clusters.change_role(member=member, role="lead", valid_from=JUNE, document="", by=by),
        lambda: clusters.end_membership(member=member, valid_to=JUNE, document="", by=by),
    ]
    for deed in deeds:
        with pytest.raises(PermissionDenied, match="Chỉ Phòng Nội vụ"):
            deed()
    assert (list(ClusterMember.objects.values()), Cluster.objects.count()) == (before, 1)


def test_no_unit_is_in_two_clusters_on_one_day(cast, cluster, join):
    other = clusters.make_cluster(name="Khối thi đua số 2", source=PAPER, by=cast.reviewer)
    join(cast.home, valid_from=JUNE)
    for day in (NEW_YEAR, JUNE, NEXT_YEAR):  # before it, on its day, after it: rows that begin now never end
        with pytest.raises(ValidationError, match="không ở hai khối trong cùng một ngày"):
            join(cast.home, valid_from=day, into=other)
    assert other.members.count() == 0


def test_a_unit_moves_to_another_cluster_on_the_day_it_leaves_the_first(cast, cluster, join):
    other = clusters.make_cluster(name="Khối thi đua số 2", source=PAPER, by=cast.reviewer)
    member = join(cast.home)
    clusters.end_membership(member=member, valid_to=JUNE, document=PAPER, by=cast.reviewer)
    with pytest.raises(ValidationError, match="đến trước 01/06/2024"):
        join(cast.home, valid_from=date(2024, 5, 31), into=other)
    join(cast.home, valid_from=JUNE, into=other)
    assert members_on(cluster, date(2024, 5, 31)) == members_on(other, JUNE) == {"Nậm Xe": "member"}
    assert members_on(cluster, JUNE) == members_on(other, date(2024, 5, 31)) == {}


def test_a_second_lead_is_refused_and_told_how(cast, join):
    join(cast.home, ClusterRole.LEAD)
    with pytest.raises(ValidationError, match=r"đang là trưởng khối\. Thêm làm thành viên, rồi đổi vai trò"):
        join(cast.other, ClusterRole.LEAD)


def test_a_unit_that_does_not_exist_on_the_day_is_refused(cast, join):
    with pytest.raises(ValidationError, match="không có trong danh bạ ngày 01/01/2020"):
        join(cast.home, valid_from=date(2020, 1, 1))


def test_a_change_on_or_before_the_first_day_is_refused(cast, join):
    member = join(cast.home, valid_from=JUNE)
    for day in (NEW_YEAR, JUNE):
        with pytest.raises(ValidationError, match="ngày mới phải sau ngày ấy"):
            clusters.change_role(member=member, role="lead", valid_from=day, document=PAPER, by=cast.reviewer)
        with pytest.raises(ValidationError, match="ngày mới phải sau ngày ấy"):
            clusters.end_membership(member=member, valid_to=day, document=PAPER, by=cast.reviewer)


def test_what_is_over_does_not_change_again(cast, join):
    member = join(cast.home)
    clusters.end_membership(member=member, valid_to=JUNE, document=PAPER, by=cast.reviewer)
    with pytest.raises(ValidationError, match="đã thôi vai trò này từ 01/06/2024"):
        clusters.end_membership(member=member, valid_to=NEXT_YEAR, document=PAPER, by=cast.reviewer)


@pytest.mark.parametrize("name", ["Khối thi đua số 1", "khoi thi dua so 1"])
def test_a_name_that_is_taken_is_refused(cast, cluster, name):
    with pytest.raises(ValidationError, match="trùng tên"):
        clusters.make_cluster(name=name, source="", by=cast.reviewer)


# --- granted ----------------------------------------------------------------------------------------------------------


def test_another_lead_from_a_day_leaves_the_days_before_as_they_were(cast, cluster, join):
    join(cast.home, ClusterRole.LEAD)
    deputy = join(cast.other, ClusterRole.DEPUTY)
    clusters.change_role(member=deputy, role=ClusterRole.LEAD, valid_from=JUNE, document=PAPER, by=cast.reviewer)
    assert members_on(cluster, date(2024, 5, 31)) == {"Nậm Xe": "lead", "Mường So": "deputy"}
    assert members_on(cluster, JUNE) == {"Nậm Xe": "member", "Mường So": "lead"}
    event = audit.history_of(cluster)[0]
    assert (event.label, event.changes, event.note) == (
        "cử UBND xã Mường So làm trưởng khối",
        {"từ ngày": ["", "01/06/2024"]},
        PAPER,
    )


def test_posts_of_a_person_follow_the_lead(cast, cluster, join, account):
    member = join(cast.home)
    assert cast.officer.cluster_posts == {("member", cluster.pk, cast.home.pk)}
    assert cast.officer.led_cluster_ids == frozenset()
    clusters.change_role(member=member, role=ClusterRole.LEAD, valid_from=JUNE, document=PAPER, by=cast.reviewer)
    fresh = type(cast.officer).objects.get(pk=cast.officer.pk)
    assert (fresh.led_cluster_ids, fresh.cluster_ids) == ({cluster.pk}, {cluster.pk})


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_members_of_the_day_asked_for(cast, cluster, join, client_of):
    member = join(cast.home)
    join(cast.other, valid_from=NEXT_YEAR)
    clusters.end_membership(member=member, valid_to=JUNE, document=PAPER, by=cast.reviewer)
    client, url = client_of(cast.company_officer), cluster.get_absolute_url()
    page = client.get(url, {"ngay": "31/05/2024"})
    assert [one.unit for one in page.context["members"]] == [cast.home]
    assert [one.unit for one in client.get(url, {"ngay": "01/01/2025"}).context["members"]] == [cast.other]
    assert list(client.get(url).context["members"]) == []
    refused = client.get(url, {"ngay": "hôm nay"})
    assert refused.status_code == 422
    assert "Ngày viết theo dạng dd/mm/yyyy" in refused.content.decode()


def test_the_form_keeps_what_was_typed_and_puts_the_refusal_at_its_field(cast, cluster, join, client_of):
    join(cast.home)
    url = f"/khoi/{cluster.pk}/thanh-vien/"
    data = {"unit": cast.home.pk, "role": "member", "valid_from": "01/06/2024", "document": "QĐ 77"}
    page = client_of(cast.reviewer).post(url, data)
    assert page.status_code == 422
    assert "không ở hai khối" in str(page.context["form"].errors["unit"])
    assert 'value="QĐ 77"' in page.content.decode()
    data["unit"] = cast.other.pk
    assert client_of(cast.reviewer).post(url, data).status_code == 302
    assert cluster.members.count() == 2


def test_three_members_and_thirty_cost_the_same(cast, cluster, join, client_of):
    units, costs = communes(30), []
    for wanted in (3, 30):
        for unit in units[cluster.members.count() : wanted]:
            join(unit)
        for url in ("/khoi/", cluster.get_absolute_url()):
            client = client_of(cast.reviewer)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            costs.append(len(asked))
    assert costs[:2] == costs[2:]
    assert cluster.members.count() == 30
