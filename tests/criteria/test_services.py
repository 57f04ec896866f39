import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from criteria.models import Asking, CriteriaSet, Criterion, Indicator, Target
from criteria.services import freeze, load_phase1
from phongtho_thidua.lib import clock
from units import audit

pytestmark = pytest.mark.django_db

NOTHING_NEW = {"sectors": 0, "sets": 0, "criteria": 0, "indicators": 0, "targets": 0, "changed": 0}
FROZEN = "Bộ tiêu chí giai đoạn 1 (2022 - 2025) đã khóa từ khi có báo cáo đầu tiên, không sửa được {}."


@pytest.fixture
def phase_1():
    return CriteriaSet.objects.get(version=1)


def test_load_of_what_is_there_changes_nothing_and_leaves_no_trace(phase_1):
    before = audit.history_of(phase_1)
    assert load_phase1() == NOTHING_NEW
    assert audit.history_of(phase_1) == before


def test_load_makes_everything_from_nothing():
    Target.objects.all().delete()
    Asking.objects.all().delete()
    Indicator.objects.update(whole=None)
    Indicator.objects.filter(kind="ratio").delete()
    Indicator.objects.all().delete()
    Criterion.objects.all().delete()
    assert load_phase1() == NOTHING_NEW | {"criteria": 24, "indicators": 62, "targets": 6}


def test_load_brings_changed_rows_back_to_the_file_in_place(phase_1):
    wording = Criterion.objects.get(code="TK8").wording
    Criterion.objects.filter(code="TK8").update(wording="Trồng rừng.")
    Indicator.objects.filter(code="HT6.von_giai_ngan").update(whole=None, guidance="")
    Target.objects.filter(indicator__code="TK8.che_phu_rung").update(value=48)
    Asking.objects.filter(indicator__code="HT6.dat_hien", unit_kind="commune").update(unit_kind="office")
    keys = set(Criterion.objects.values_list("pk", flat=True))

    assert load_phase1() == NOTHING_NEW | {"changed": 4}

    assert Criterion.objects.get(code="TK8").wording == wording
    assert Indicator.objects.get(code="HT6.von_giai_ngan").whole.code == "HT6.von_ke_hoach"
    assert Target.objects.get(indicator__code="TK8.che_phu_rung").value == 47
    asked = Asking.objects.filter(indicator__code="HT6.dat_hien").values_list("unit_kind", flat=True)
    assert set(asked) == {"commune", "township"}
    assert set(Criterion.objects.values_list("pk", flat=True)) == keys
    event = audit.history_of(phase_1)[0]
    assert (event.actor_name, event.action, event.note) == (
        "Hệ thống",
        "load_criteria",
        "mới 0 tiêu chí, 0 chỉ tiêu; sửa 4 dòng",
    )


def test_load_is_for_the_standing_office_only(cast):
    Criterion.objects.filter(code="TK8").update(title="Khác.")
    for stranger in (cast.officer, cast.head, cast.lead, cast.admin, cast.nobody):
        with pytest.raises(PermissionDenied):
            load_phase1(by=stranger)
    assert load_phase1(by=cast.reviewer)["changed"] == 1


@time_machine.travel("2024-12-02T03:00:00+00:00", tick=False)
def test_freezing_is_signed_and_told_once(phase_1, cast):
    freeze(criteria_set=phase_1, by=cast.officer)
    freeze(criteria_set=phase_1, by=cast.head)
    phase_1.refresh_from_db()
    assert (phase_1.frozen_at, phase_1.frozen_by) == (clock.now(), cast.officer)
    told = [event.actor_name for event in audit.history_of(phase_1) if event.action == "freeze_criteria"]
    assert told == ["Lò Thị Hạnh"]


def test_frozen_set_still_loads_when_the_files_say_the_same(phase_1, cast):
    freeze(criteria_set=phase_1, by=cast.officer)
    assert load_phase1() == NOTHING_NEW


@pytest.mark.parametrize(
    ("model", "lookup", "change", "what"),
    [
        (CriteriaSet, {}, {"name": "Bộ tiêu chí"}, "bộ tiêu chí"),
        (Criterion, {"code": "TK8"}, {"wording": "Trồng rừng."}, "TK8"),
        (Criterion, {"code": "TK8"}, {"title": "Trồng rừng."}, "TK8"),
        (Indicator, {"code": "HT6.von_giai_ngan"}, {"name": "Vốn"}, "HT6.von_giai_ngan"),
        (Target, {"indicator__code": "TK8.che_phu_rung"}, {"value": 48}, "TK8.che_phu_rung"),
        (Asking, {"indicator__code": "HT6.dat_hien", "unit_kind": "commune"}, {"unit_kind": "office"}, "HT6.dat_hien"),
    ],
    ids=lambda part: getattr(part, "__name__", "-"),
)
def test_frozen_set_refuses_to_load_anything_else(phase_1, cast, model, lookup, change, what):
    freeze(criteria_set=phase_1, by=cast.officer)
    model.objects.filter(**lookup).update(**change)
    with pytest.raises(ValidationError) as refusal:
        load_phase1()
    assert refusal.value.messages == [FROZEN.format(what)]


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (CriteriaSet, {"version": 1}),
        (Criterion, {"code": "HT6"}),
        (Indicator, {"code": "HT6.von_ke_hoach"}),
        (Target, {"indicator__code": "HT6.ty_le_giai_ngan"}),
    ],
)
def test_row_of_a_frozen_set_refuses_editing(phase_1, cast, model, lookup):
    model.objects.get(**lookup).full_clean()
    freeze(criteria_set=phase_1, by=cast.officer)
    with pytest.raises(ValidationError, match="đã khóa"):
        model.objects.get(**lookup).full_clean()
