"""The dated registry: names and codes of the day, mandates that decide who acts, one keeper."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from units.models import Duty, Mandate, SectorCode, Unit, UnitCode, UnitKind
from units.services import registry

pytestmark = pytest.mark.django_db


def test_the_plan_brings_seventeen_communes_with_their_old_codes():
    communes = Unit.objects.filter(kind__in=[UnitKind.COMMUNE, UnitKind.TOWNSHIP])
    assert communes.count() == 17
    assert UnitCode.objects.get(code="03562").unit.short_name == "Vàng Ma Chải"
    assert UnitCode.objects.get(code="03550").unit.short_name == "Sì Lở Lầu"


def test_the_seven_sectors_of_the_plan_have_leads_and_phong_noi_vu_stands():
    held = {(m.duty, m.sector): m.unit.key for m in Mandate.objects.select_related("unit")}
    assert len([key for key in held if key[0] == Duty.SECTOR_LEAD]) == len(SectorCode.values) == 7
    assert held[Duty.STANDING_OFFICE, ""] == "phong-noi-vu"
    assert held[Duty.SECTOR_LEAD, SectorCode.FINANCE] == "phong-tai-chinh-ke-hoach"


def test_loading_again_changes_nothing_and_keeps_what_was_corrected(cast):
    registry.rename_unit(
        unit=cast.home,
        name="UBND xã Nậm Xe Mới",
        short_name="Nậm Xe Mới",
        valid_from=date(2024, 1, 1),
        document="NQ 1",
        by=cast.chief,
    )
    assert registry.load_units() == {"units": 0, "mandates": 0}
    assert Unit.objects.get(pk=cast.home.pk).name == "UBND xã Nậm Xe Mới"


@pytest.mark.parametrize("who", ["officer", "head", "lead", "admin", "nobody"])
def test_only_the_standing_office_keeps_the_registry(cast, who):
    by = getattr(cast, who)
    deeds = (
        lambda: registry.rename_unit(
            unit=cast.home, name="X", short_name="X", valid_from=date(2024, 1, 1), document="d", by=by
        ),
        lambda: registry.dissolve_unit(unit=cast.home, dissolved=date(2025, 7, 1), document="d", by=by),
        lambda: registry.enter_unit(
            by=by, key="x", kind=UnitKind.OFFICE, name="X", short_name="X", founded=date(2024, 1, 1)
        ),
    )
    for deed in deeds:
        with pytest.raises(PermissionDenied):
            deed()


def test_a_document_keeps_the_name_of_its_day(cast):
    day = date(2024, 7, 1)
    unit = registry.rename_unit(
        unit=cast.home, name="UBND xã Khác", short_name="Khác", valid_from=day, document="NQ 9", by=cast.chief
    )
    before, after = unit.name_on(day - timedelta(days=1)), unit.name_on(day)
    assert (before, after, unit.name) == ("UBND xã Nậm Xe", "UBND xã Khác", "UBND xã Khác")


def test_a_name_cannot_begin_before_the_one_it_follows(cast):
    with pytest.raises(ValidationError, match="Tên hiện nay có từ 01/01/2022"):
        registry.rename_unit(
            unit=cast.home, name="X", short_name="X", valid_from=date(2022, 1, 1), document="d", by=cast.chief
        )


def test_a_dissolved_unit_is_expected_until_the_day_before(cast):
    registry.dissolve_unit(unit=cast.home, dissolved=date(2025, 7, 1), document="NQ 1670", by=cast.chief)
    there = [Unit.objects.expected_to_report(day).filter(pk=cast.home.pk).exists() for day in _around(2025, 7, 1)]
    assert there == [True, False]


def _around(*day):
    return date(*day) - timedelta(days=1), date(*day)


def test_bodies_that_only_hold_an_office_are_not_expected_to_report():
    expected = set(Unit.objects.expected_to_report(date(2024, 12, 13)).values_list("key", flat=True))
    assert {"ubnd-huyen", "hoi-dong-tdkt"} & expected == set()
    assert "phong-noi-vu" in expected


def test_a_reused_code_waits_until_its_bearer_gives_it_up(cast):
    with pytest.raises(ValidationError, match="Mã này đang thuộc một đơn vị khác"):
        registry.enter_unit(
            by=cast.chief,
            key="moi",
            kind=UnitKind.COMMUNE,
            name="UBND xã Mới",
            short_name="Mới",
            founded=date(2025, 7, 1),
            code="03562",
        )
    UnitCode.objects.filter(code="03562").update(valid_to=date(2025, 7, 1))
    new = registry.enter_unit(
        by=cast.chief,
        key="moi",
        kind=UnitKind.COMMUNE,
        name="UBND xã Mới",
        short_name="Mới",
        founded=date(2025, 7, 1),
        code="03562",
    )
    bearers = [UnitCode.objects.on(day).get(code="03562").unit.short_name for day in _around(2025, 7, 1)]
    assert (bearers, str(new)) == (["Vàng Ma Chải", "Mới"], "UBND xã Mới")


@pytest.mark.parametrize(
    "fields",
    [
        {"duty": Duty.STANDING_OFFICE, "sector": ""},  # held already
        {"duty": Duty.CHAIR, "sector": SectorCode.FINANCE},  # a sector belongs to leads only
        {"duty": Duty.SECTOR_LEAD, "sector": ""},  # a lead without a sector
        {"duty": "king", "sector": ""},
    ],
)
def test_the_database_refuses_a_mandate_that_cannot_be(unit_of, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(unit=unit_of("xa-nam-xe"), valid_from=date(2022, 1, 1), **fields)


def test_a_mandate_that_moves_takes_its_rights_along_at_once(cast, unit_of):
    assert cast.reviewer.is_standing_office
    Mandate.objects.filter(duty=Duty.STANDING_OFFICE).update(valid_to=date(2023, 1, 1))
    Mandate.objects.create(duty=Duty.STANDING_OFFICE, unit=cast.other, valid_from=date(2023, 1, 1))
    users = [type(user).objects.get(pk=user.pk) for user in (cast.reviewer, cast.other_officer)]
    assert [user.is_standing_office for user in users] == [False, True]


def test_old_spellings_and_bare_letters_find_a_commune():
    from phongtho_thidua.lib.vietnamese import fold

    for typed in ("Lả Nhì Thàng", "lan nhi thang", "LẢN NHÌ THÀNG"):
        assert Unit.objects.get(search_text__contains=fold(typed)).key == "xa-lan-nhi-thang"
