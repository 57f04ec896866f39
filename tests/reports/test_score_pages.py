"""The pages of a score sheet: what is typed stays, refusals stand at their place, buttons say who can."""

import io

import pytest
from openpyxl import load_workbook

from reports.models import Ranking, Score, Stage
from reports.services import scores
from tests.reports.clustered import PAPER, all_stages, cluster_of, give, lines_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]


@pytest.fixture
def cluster(cast, period_2024):
    cluster = cluster_of(cast.home, cast.other)
    lines_of(cluster, period_2024, cast.reviewer)
    return cluster


@pytest.fixture
def ready(cluster, cast, period_2024):
    """Both units with recognised points."""
    done = {"cluster": cluster, "period": period_2024, "recognises": cast.chief}
    all_stages(unit=cast.home, points=(82, 0, 0), claims=cast.officer, verifies=cast.other_officer, **done)
    all_stages(unit=cast.other, points=(80, 3, 1), claims=cast.other_officer, verifies=cast.officer, **done)
    return cluster


def url_of(cluster, *rest):
    return "/".join(["/bang-diem", str(cluster.pk), "2024", *map(str, rest), ""])


def typed(cluster, *rows, stage="claimed", version=0):
    """A filled form: (value, document) of every line."""
    data = {"stage": stage}
    for item, (value, document) in zip(cluster.score_items.all(), rows, strict=True):
        data |= {f"{item.pk}-value": value, f"{item.pk}-document": document, f"{item.pk}-note": ""}
        data[f"{item.pk}-version"] = version
    return data


def text_of(page):
    return " ".join(page.content.decode().split())


def test_points_typed_the_vietnamese_way_are_saved(cluster, cast, client_of):
    client, url = client_of(cast.officer), url_of(cluster, "don-vi", cast.home.pk)
    assert client.post(url, typed(cluster, ("82,5", ""), ("3", PAPER), ("0", ""))).status_code == 302
    assert [str(one.claimed) for one in Score.objects.order_by("item__order")] == ["82.50", "3.00", "0.00"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ((("tám", ""), ("0", ""), ("0", "")), "“tám” không phải là số"),
        ((("91", ""), ("0", ""), ("0", "")), "Điểm từ 0 đến 90."),
        ((("9" * 15, ""), ("0", ""), ("0", "")), "điểm có nhiều nhất 4 chữ số trước dấu phẩy"),
        ((("1,005", ""), ("0", ""), ("0", "")), "nhiều nhất 2 chữ số sau dấu phẩy"),
        ((("80", ""), ("0", ""), ("2", "")), "Điểm thưởng, điểm trừ cần ghi văn bản làm căn cứ."),
    ],
)
def test_a_wrong_line_is_told_at_its_field_and_everything_typed_stays(cluster, cast, client_of, row, sentence):
    page = client_of(cast.officer).post(url_of(cluster, "don-vi", cast.home.pk), typed(cluster, *row))
    assert (page.status_code, Score.objects.count()) == (422, 0)
    assert sentence in text_of(page)
    assert f'value="{row[0][0]}"' in text_of(page)


def test_a_page_left_open_gets_409_and_keeps_what_was_typed(cluster, cast, period_2024, client_of):
    give(cluster, period_2024, cast.home, Stage.CLAIMED, (80, 0, 0), cast.head)
    url = url_of(cluster, "don-vi", cast.home.pk)
    page = client_of(cast.officer).post(url, typed(cluster, ("70", PAPER), ("0", PAPER), ("0", PAPER)))
    assert page.status_code == 409
    assert "Người khác đã lưu sau khi bạn mở: Hạ tầng" in text_of(page)
    assert 'value="70"' in text_of(page)
    again = typed(cluster, ("70", PAPER), ("0", PAPER), ("0", PAPER), version=1)
    assert client_of(cast.officer).post(url, again).status_code == 302


def test_nonsense_is_no_server_error(cluster, cast, client_of):
    url, client = url_of(cluster, "don-vi", cast.home.pk), client_of(cast.officer)
    assert client.post(url, {"stage": "claimed"}).status_code == 422
    assert client.post(url, typed(cluster, *[("1", "")] * 3, version="x")).status_code == 422
    assert client.post(url, typed(cluster, *[("1", "")] * 3, stage="recognised")).status_code == 403
    assert client.get(url_of(cluster, "don-vi", 10**9)).status_code == 404
    assert client.get(f"/bang-diem/{cluster.pk}/2031/").status_code == 404


def test_the_next_stage_starts_from_the_points_before(cluster, cast, period_2024, client_of):
    give(cluster, period_2024, cast.other, Stage.CLAIMED, (81, None, None), cast.other_officer)
    page = client_of(cast.officer).get(url_of(cluster, "don-vi", cast.other.pk))
    assert (page.context["stage"], [line.typed["value"] for line in page.context["lines"]]) == (
        Stage.VERIFIED,
        ["81", "0", "0"],
    )


def test_who_may_not_give_points_reads_who_can(cluster, cast, client_of):
    page = client_of(cast.other_officer).get(url_of(cluster, "don-vi", cast.other.pk))
    assert "Chỉ đơn vị trưởng khối thẩm định được" in text_of(page)
    assert "Chỉ Phòng Nội vụ công nhận điểm được." in text_of(page)


def test_the_sheet_says_what_the_ranking_waits_for(cluster, cast, client_of):
    page = text_of(client_of(cast.reviewer).get(url_of(cluster)))
    assert "Chưa xếp hạng được, còn thiếu điểm được công nhận" in page
    assert "Mường So: 3 nội dung" in page
    assert "cần Hội đồng Thi đua, khen thưởng thông qua" in page
    refused = client_of(cast.reviewer).post(url_of(cluster, "xep-hang"))
    assert refused.status_code == 409
    assert "Mường So (3 nội dung)" in text_of(refused)


def test_ranking_shows_every_place_with_its_path_and_is_undone_with_a_reason(ready, cast, client_of):
    client = client_of(cast.reviewer)
    assert client.post(url_of(ready, "xep-hang")).status_code == 302
    assert client.post(url_of(ready, "xep-hang")).status_code == 409  # a double click
    page = text_of(client_of(cast.other_officer).get(url_of(ready)))
    assert "Hạ tầng" in page
    assert "Điểm các tiêu chí hạ tầng và tiết kiệm, không kể điểm thưởng" in page
    refused = client.post(url_of(ready, "bo-xep-hang"), {"note": "nhầm"})
    assert (refused.status_code, ">nhầm</textarea>" in text_of(refused)) == (422, True)
    assert Ranking.objects.count() == 2
    assert (
        client.post(url_of(ready, "bo-xep-hang"), {"note": "Chấm lại điểm thưởng của xã Mường So."}).status_code == 302
    )
    assert Ranking.objects.count() == 0


def test_lines_are_added_and_dropped_on_their_page(cluster, cast, client_of):
    client, url = client_of(cast.officer), url_of(cluster, "noi-dung")
    line = {"kind": "criterion", "criterion": "", "name": "Chế độ báo cáo", "most": "7,5", "order": "4"}
    assert client.post(url, line | {"most": "0"}).status_code == 422
    assert client.post(url, line | {"most": "nhiều"}).status_code == 422
    assert client.post(url, line).status_code == 302
    assert client.post(url, line).status_code == 422  # a double click
    item = cluster.score_items.get(name="Chế độ báo cáo")
    assert client.post(url_of(cluster, "noi-dung", item.pk, "bo")).status_code == 302
    assert client.post(url_of(cluster, "noi-dung", item.pk, "bo")).status_code == 404


def test_a_line_of_another_cluster_is_not_dropped_from_here(cluster, cast, period_2024, client_of):
    elsewhere = cluster_of(cast.company, name="Khối thi đua số 2")
    item = lines_of(elsewhere, period_2024, cast.reviewer)[0]
    assert client_of(cast.officer).post(url_of(cluster, "noi-dung", item.pk, "bo")).status_code == 404
    assert client_of(cast.officer).post(url_of(elsewhere, "noi-dung", item.pk, "bo")).status_code == 404


def test_the_excel_file_holds_the_points_of_the_page(ready, cast, period_2024, client_of):
    scores.rank_cluster(cluster=ready, period=period_2024, by=cast.reviewer)
    answer = client_of(cast.other_officer).get(url_of(ready) + "bang.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = [[cell.value for cell in cells] for sheet in book for cells in sheet.iter_rows()]
    assert ["Mường So", 80, 3, 1, 82] in [[value for value in row if value is not None] for row in rows]
    assert sum("Công nhận" in str(value) or "công nhận" in str(value) for row in rows for value in row) > 0
