"""Awards in the yearly summary: counted by form and recipient, drafts left out, names in an annex."""

import json

import pytest

from awards import sections
from phongtho_thidua.lib.documents.model import Annex, Paragraph, Table, joined
from phongtho_thidua.lib.sections import sections_of

from .conftest import DEED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]


@pytest.fixture
def told(nominated, person_of, cast):
    """Two eligible, one each of the others, a draft that nobody may count, and one of another year."""
    nominated("eligible")
    nominated("not_eligible", unit=cast.other)
    nominated("eligible", person=person_of("Lò Văn Páo", position="Trưởng bản", residence="Bản Po Chà"))
    nominated("submitted", person=person_of("Giàng A Lử"))
    nominated("returned", person=person_of("Vàng A Sử", kind="household"))
    nominated("draft", person=person_of("Tẩn Thị Mẩy"))


def words(blocks):
    return [joined(block.runs) for block in blocks if isinstance(block, Paragraph)]


def test_two_sections_are_registered_between_results_and_assessment_and_behind_the_annexes():
    places = {one.name: one.order for one in sections_of("yearly") if one in sections.SECTIONS}
    assert places == {"awards": 60, "eligible": 95}


def test_gathered_data_counts_by_form_and_recipient_without_drafts(told, period_2024):
    form = "Giấy khen của Chủ tịch UBND huyện"
    names = ("form", "kind", "nominated", "eligible", "not_eligible", "waiting", "returned")
    rows = [tuple(row[name] for name in names) for row in sections.gather(period_2024)["rows"]]
    assert rows == [
        (form, "Tập thể", 2, 1, 1, 0, 0),
        (form, "Cá nhân", 2, 1, 0, 1, 0),
        (form, "Hộ gia đình", 1, 0, 0, 0, 1),
    ]


@pytest.mark.parametrize(("gather", "lay_out"), [(one.gather, one.lay_out) for one in sections.SECTIONS])
def test_section_lays_out_the_same_from_stored_data(told, period_2024, gather, lay_out):
    data = gather(period_2024)
    assert lay_out(json.loads(json.dumps(data))) == lay_out(data)


def test_section_says_its_figures_and_that_nothing_is_decided(told, period_2024):
    blocks = sections.lay_out(sections.gather(period_2024))
    assert words(blocks) == [
        "Các đơn vị trình 5 đề nghị khen thưởng: 2 đủ điều kiện, 1 không đủ điều kiện, 1 chờ xem xét, "
        "1 trả lại bổ sung.",
        sections.NOT_DECIDED,
    ]
    table = next(block for block in blocks if isinstance(block, Table))
    assert [str(cell) for cell in table.total] == ["Tổng số", "None", "5", "2", "1", "1", "1"]


def test_section_does_not_mention_what_there_is_none_of(nominated, period_2024):
    nominated("eligible")
    blocks = sections.lay_out(sections.gather(period_2024))
    assert words(blocks)[0] == "Các đơn vị trình 1 đề nghị khen thưởng: 1 đủ điều kiện."


def test_annex_orders_units_by_the_full_name_it_prints(nominated, unit_of, period_2024):
    for key in ("xa-dao-san", "thi-tran-phong-tho", "phong-tu-phap"):
        nominated("eligible", unit=unit_of(key))
    (annex,) = sections.lay_out_eligible(sections.gather_eligible(period_2024))
    assert [row[1] for row in annex.blocks[0].rows] == ["Phòng Tư pháp", "UBND thị trấn Phong Thổ", "UBND xã Dào San"]


def test_annex_lists_the_eligible_and_nobody_else(told, period_2024):
    (annex,) = sections.lay_out_eligible(sections.gather_eligible(period_2024))
    assert isinstance(annex, Annex)
    form = "Giấy khen của Chủ tịch UBND huyện"
    assert [tuple(map(str, row)) for row in annex.blocks[0].rows] == [
        ("1", "UBND xã Nậm Xe", "", "UBND xã Nậm Xe", form),
        ("2", "Lò Văn Páo", "Trưởng bản; Bản Po Chà", "UBND xã Nậm Xe", form),
    ]


def test_empty_year_says_so(period_2024):
    from campaigns.models import Period

    assert words(sections.lay_out(sections.gather(period_2024))) == [sections.NOTHING]
    assert words(sections.lay_out(sections.gather(Period.objects.get(year=2022)))) == [sections.NO_ROUND]
    assert sections.lay_out_eligible(sections.gather_eligible(period_2024)) == []


def test_hostile_names_go_through_as_plain_words(nominated, person_of, period_2024):
    name = "<script>alert(1)</script> =1+1"
    nominated("eligible", person=person_of(name), achievement=DEED)
    (annex,) = sections.lay_out_eligible(sections.gather_eligible(period_2024))
    assert annex.blocks[0].rows[0][1] == name


@pytest.mark.parametrize(("gather", "cost"), [(sections.gather, 3), (sections.gather_eligible, 1)])
@pytest.mark.parametrize("count", [1, 30])
def test_gathering_costs_the_same_for_one_and_for_thirty(
    nominated, person_of, period_2024, django_assert_num_queries, gather, cost, count
):
    for place in range(count):
        nominated("eligible", person=person_of(f"Người {place}"))
    with django_assert_num_queries(cost):
        gather(period_2024)
