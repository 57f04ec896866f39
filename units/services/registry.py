"""Deeds on the registry of units: enter, rename, dissolve, load."""

import csv
import json
from datetime import date
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from phongtho_thidua.lib.vietnamese import clean_text, fold, sort_key
from units import audit
from units.models import Mandate, Unit, UnitCode, UnitKind, UnitName

DATA = Path(__file__).resolve().parent.parent / "data"
USUAL = "Tổ chức thường có của một huyện; Phòng Nội vụ cần kiểm tra"


def _may_edit(by):
    if by is not None and not by.has_perm("units.edit_registry"):
        raise PermissionDenied("Chỉ Phòng Nội vụ sửa danh sách đơn vị.")


def _words(name, short_name, aliases=()):
    """The columns that follow from the names: order and search, both without a query at reading."""
    return {"sort_key": sort_key(short_name)[:600], "search_text": fold(" ".join((name, short_name, *aliases)))[:600]}


@transaction.atomic
def enter_unit(*, by, key, kind, name, short_name, founded, code="", aliases=(), **fields) -> Unit:
    """A new unit with its first name (and code). `by` None is the loader of the plan."""
    _may_edit(by)
    name, short_name = clean_text(name), clean_text(short_name)
    unit = Unit(
        key=key, kind=kind, name=name, short_name=short_name, founded=founded, **_words(name, short_name, aliases)
    )
    for field, value in fields.items():
        setattr(unit, field, value)
    unit.full_clean()
    unit.save()
    UnitName.objects.create(unit=unit, name=name, short_name=short_name, valid_from=founded)
    if code:
        bearer = UnitCode(unit=unit, code=code, valid_from=founded)
        bearer.full_clean()
        bearer.save()
    audit.record(actor=by, action="enter_unit", target=unit, label=f"thêm đơn vị {name}")
    return unit


@transaction.atomic
def rename_unit(*, unit, name, short_name, valid_from: date, document, by) -> Unit:
    """The unit bears a new name from `valid_from`; documents of earlier days keep the old one.

    Raises ValidationError when the new name would begin on or before the day the present one began.
    """
    _may_edit(by)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    name, short_name = clean_text(name), clean_text(short_name)
    current = unit.names.get(valid_to=None)
    if valid_from <= current.valid_from:
        raise ValidationError({"valid_from": f"Tên hiện nay có từ {current.valid_from:%d/%m/%Y}; ngày mới phải sau."})
    unit.names.filter(pk=current.pk).update(valid_to=valid_from)
    UnitName.objects.create(
        unit=unit, name=name, short_name=short_name, valid_from=valid_from, document=clean_text(document)
    )
    Unit.objects.filter(pk=unit.pk).update(
        name=name, short_name=short_name, **_words(name, short_name, (current.name, current.short_name))
    )
    audit.record(
        actor=by,
        action="rename_unit",
        target=unit,
        label="đổi tên đơn vị",
        note=document,
        changes={"tên": [current.name, name], "từ ngày": ["", f"{valid_from:%d/%m/%Y}"]},
    )
    unit.refresh_from_db()
    return unit


@transaction.atomic
def dissolve_unit(*, unit, dissolved: date, document, by) -> Unit:
    """The unit exists until the day before `dissolved`; its reports and awards stay."""
    _may_edit(by)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.dissolved:
        raise ValidationError({"dissolved": f"Đơn vị đã giải thể từ {unit.dissolved:%d/%m/%Y}."})
    unit.dissolved = dissolved
    unit.full_clean()
    unit.save(update_fields=["dissolved"])
    audit.record(
        actor=by,
        action="dissolve_unit",
        target=unit,
        label="ghi giải thể đơn vị",
        note=clean_text(document),
        changes={"giải thể từ": ["", f"{dissolved:%d/%m/%Y}"]},
    )
    return unit


@transaction.atomic
def load_units(*, by=None) -> dict[str, int]:
    """The units and mandates of the plan, entered once; what an official has changed since is left alone.

    Returns how many units and mandates were new.
    """
    data = json.loads((DATA / "units.json").read_text(encoding="utf-8"))
    since = date.fromisoformat(data["from"])
    known = set(Unit.objects.values_list("key", flat=True))
    missing = [row for row in [*_offices(data), *_communes()] if row["key"] not in known]
    for row in missing:
        enter_unit(by=by, founded=since, **row)
    return {"units": len(missing), "mandates": _load_mandates(data["mandates"], since)}


def _offices(data):
    for row in data["units"]:
        source = USUAL if row["source"] == "thường có" else row["source"]
        yield {
            "key": row["key"],
            "kind": row["kind"],
            "name": row["name"],
            "short_name": row["short"],
            "reports": row.get("reports", True),
            "source": source,
        }


def _communes():
    """The 16 communes and the township with the codes of their time (district 109 of province 12)."""
    with (DATA / "communes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            is_township = row["old_type"] == "thị trấn"
            name = row["old_name_nq1670"]
            yield {
                "key": f"{'thi-tran' if is_township else 'xa'}-{fold(name).replace(' ', '-')}",
                "kind": UnitKind.TOWNSHIP if is_township else UnitKind.COMMUNE,
                "name": f"UBND {row['old_type']} {name}",
                "short_name": f"TT {name}" if is_township else name,
                "code": row["old_gso_code"],
                "aliases": (row["old_name_gso_dataset"],),
                "source": "Kế hoạch, mục II.1.1; mã theo danh mục đơn vị hành chính trước 01/07/2025",
            }


def _load_mandates(rows, since) -> int:
    units = Unit.objects.in_bulk(field_name="key")
    held = set(Mandate.objects.values_list("duty", "sector"))
    missing = [row for row in rows if (row["duty"], row.get("sector", "")) not in held]
    for row in missing:
        Mandate.objects.create(
            duty=row["duty"],
            sector=row.get("sector", ""),
            unit=units[row["unit"]],
            valid_from=since,
            source=row["source"],
        )
    return len(missing)
