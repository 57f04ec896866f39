"""A unit begins its report: who may, when, once only, and with the questions of its own kind."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from criteria.models import CriteriaSet
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import AnnualReport
from reports.services import annual
from units.models import AuditEvent, Unit
from units.services.registry import dissolve_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]


def start(unit, period, by):
    return annual.start_report(unit=unit, period=period, by=by)


@pytest.mark.parametrize("who", ["other_officer", "other_head", "reviewer", "chief", "lead", "admin", "nobody"])
def test_nobody_outside_the_unit_begins_its_report(cast, period_2024, who):
    with pytest.raises(PermissionDenied):
        start(cast.home, period_2024, getattr(cast, who))
    assert AnnualReport.objects.count() == 0


def test_a_second_report_is_refused_and_names_the_first(cast, period_2024):
    first = start(cast.home, period_2024, cast.officer)
    with pytest.raises(annual.AlreadyStarted, match="UBND xã Nậm Xe đã có báo cáo năm 2024") as refusal:
        start(cast.home, period_2024, cast.head)
    assert (refusal.value.report, AnnualReport.objects.count()) == (first, 1)


def test_the_table_itself_refuses_a_second_report(cast, period_2024):
    first = start(cast.home, period_2024, cast.officer)
    with pytest.raises(IntegrityError):
        AnnualReport.objects.create(unit=cast.home, period=period_2024, criteria_set=first.criteria_set)


def test_a_unit_that_need_not_report_is_refused(cast, period_2024):
    Unit.objects.filter(pk=cast.home.pk).update(reports=False)
    with pytest.raises(StepRefused, match="không thuộc diện phải báo cáo năm 2024"):
        start(cast.home, period_2024, cast.officer)


@pytest.mark.parametrize(("day", "is_refused"), [(date(2024, 12, 13), True), (date(2024, 12, 14), False)])
def test_a_unit_must_exist_on_the_due_day(cast, period_2024, day, is_refused):
    dissolve_unit(unit=cast.home, dissolved=day, document="Nghị quyết", by=cast.chief)
    if is_refused:
        with pytest.raises(StepRefused, match="không thuộc diện"):
            start(cast.home, period_2024, cast.officer)
    else:
        assert start(cast.home, period_2024, cast.officer).state == "draft"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (clock.at(date(2024, 11, 14), 23, 59), "Kỳ báo cáo năm 2024 mở từ 00:00 ngày 15/11/2024."),
        (clock.at(date(2025, 1, 31), 17), "đã khóa từ 17:00 ngày 31/01/2025. Chỉ Phòng Nội vụ đổi được thời hạn."),
    ],
)
def test_a_report_begins_only_between_opening_and_lock(cast, period_2024, moment, words):
    with time_machine.travel(moment, tick=False), pytest.raises(StepRefused, match=words):
        start(cast.home, period_2024, cast.officer)


@pytest.mark.parametrize("moment", [clock.at(date(2024, 11, 15)), clock.at(date(2025, 1, 31), 16, 59)])
def test_a_report_begins_at_opening_and_until_the_lock(cast, period_2024, moment):
    with time_machine.travel(moment, tick=False):
        assert start(cast.home, period_2024, cast.officer).state == "draft"


@pytest.mark.parametrize(
    ("who", "unit", "codes"),
    [
        ("officer", "home", ["HT1", "HT2", "HT3", "HT4", "HT5", "HT6", *(f"TK{n}" for n in range(1, 10))]),
        ("company_officer", "company", ["TC1", "TC2", "TC3"]),
    ],
)
def test_a_report_asks_what_concerns_the_kind_of_unit(cast, period_2024, who, unit, codes):
    report = start(getattr(cast, unit), period_2024, getattr(cast, who))
    assert [entry.criterion.code for entry in report.entries.order_by("criterion__order")] == codes


def test_the_front_gets_its_own_criteria(cast, period_2024):
    unit = cast.front_officer.posts[0].unit
    report = start(unit, period_2024, cast.front_officer)
    assert [entry.criterion.code for entry in report.entries.all()] == ["MT1", "MT2", "MT3"]


def test_ratios_are_not_figures_to_be_typed(cast, period_2024):
    report = start(cast.home, period_2024, cast.officer)
    codes = set(report.figures.filter(indicator__criterion__code="HT6").values_list("indicator__code", flat=True))
    assert codes == {"HT6.von_ke_hoach", "HT6.von_giai_ngan", "HT6.von_huy_dong", "HT6.dat_hien", "HT6.ngay_cong"}


def test_the_first_report_freezes_the_criteria_and_leaves_one_trace_of_itself(cast, period_2024):
    report = start(cast.home, period_2024, cast.officer)
    frozen = CriteriaSet.objects.get(pk=report.criteria_set_id)
    events = AuditEvent.objects.filter(target_type="reports.annualreport").values_list("action", "new", "actor_name")
    assert (frozen.frozen_by, list(events)) == (cast.officer, [("start", "draft", "Lò Thị Hạnh")])
    assert (report.prepared_by, report.is_sample) == (cast.officer, False)


def test_a_sample_account_makes_a_sample_report(cast, period_2024):
    cast.officer.is_sample = True
    assert start(cast.home, period_2024, cast.officer).is_sample is True
