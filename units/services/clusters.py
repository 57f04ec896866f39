"""Deeds on emulation clusters (plan VI.5): found them, give them members, change who leads. Days stay on every row."""

import re
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from phongtho_thidua.lib.vietnamese import clean_text, fold, format_day
from units import audit
from units.models import Cluster, ClusterMember, ClusterRole, Unit, User

ONLY_STANDING_OFFICE = "Chỉ Phòng Nội vụ lập và sửa khối thi đua."


def _may_edit(by) -> None:
    if not by.has_perm("units.edit_clusters"):
        raise PermissionDenied(ONLY_STANDING_OFFICE)


@transaction.atomic
def make_cluster(*, name: str, source: str, by: User, order: int = 0) -> Cluster:
    """A cluster without members. Raises ValidationError when its name is taken."""
    _may_edit(by)
    name = clean_text(name)
    key = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60]
    _refuse_taken(name, Cluster.objects.filter(Q(key=key) | Q(name=name)))
    fields = {"source": clean_text(source), "order": order, "is_sample": by.is_sample}
    cluster = Cluster.objects.create(key=key, name=name, **fields)
    audit.record(actor=by, action="make_cluster", target=cluster, label=f"lập {name}", note=source)
    return cluster


def _refuse_taken(name: str, others) -> None:
    if others.exists():
        raise ValidationError({"name": f"“{name}” trùng tên một khối đã có. Đặt tên khác."})


@transaction.atomic
def change_cluster(*, cluster: Cluster, name: str, source: str, order: int, by: User) -> Cluster:
    """Another name, founding document or place in lists; members and years stay."""
    _may_edit(by)
    cluster = Cluster.objects.select_for_update().get(pk=cluster.pk)
    new = {"name": clean_text(name), "source": clean_text(source), "order": order}
    _refuse_taken(new["name"], Cluster.objects.exclude(pk=cluster.pk).filter(name=new["name"]))
    labels = {"name": "tên", "source": "căn cứ", "order": "thứ tự"}
    changes = {
        labels[field]: [str(getattr(cluster, field)), str(value)]
        for field, value in new.items()
        if value != getattr(cluster, field)
    }
    for field, value in new.items():
        setattr(cluster, field, value)
    cluster.save(update_fields=list(new))
    if changes:
        audit.record(actor=by, action="change_cluster", target=cluster, label="sửa khối thi đua", changes=changes)
    return cluster


@transaction.atomic
def add_member(
    *, cluster: Cluster, unit: Unit, role: ClusterRole, valid_from: date, document: str, by: User
) -> ClusterMember:
    """`unit` competes in `cluster` from `valid_from`.

    Raises ValidationError while it belongs to any cluster on that day or later, when it does not exist on that day, or
    when the cluster has another lead (or deputy) then.
    """
    _may_edit(by)
    cluster, unit = _locked(cluster), Unit.objects.select_for_update().get(pk=unit.pk)
    _refuse_absent(unit, valid_from)
    _refuse_second_cluster(unit, valid_from)
    _refuse_second_holder(cluster, role, valid_from)
    member = _enter(cluster, unit, role, valid_from, document)
    _record(by, "add_cluster_member", member, f"thêm {unit.name} làm {_words(role)}", member.valid_from)
    return member


def _refuse_absent(unit: Unit, day: date) -> None:
    if not Unit.objects.existing_on(day).filter(pk=unit.pk).exists():
        raise ValidationError({"valid_from": f"{unit.name} không có trong danh bạ ngày {format_day(day)}."})


def _refuse_second_cluster(unit: Unit, day: date) -> None:
    other = unit.cluster_memberships.overlapping(day).select_related("cluster").first()
    if other:
        until = f" đến trước {format_day(other.valid_to)}" if other.valid_to else ""
        raise ValidationError({
            "unit": f"{unit.name} thuộc {other.cluster} từ {format_day(other.valid_from)}{until}. "
            "Một đơn vị không ở hai khối trong cùng một ngày."
        })  # fmt: skip


def _refuse_second_holder(cluster: Cluster, role: ClusterRole, day: date) -> None:
    if role == ClusterRole.MEMBER:
        return
    holder = cluster.members.overlapping(day).filter(role=role).select_related("unit").first()
    if holder:
        raise ValidationError({"role": f"{holder.unit} đang là {_words(role)}. Thêm làm thành viên, rồi đổi vai trò."})


@transaction.atomic
def change_role(
    *, member: ClusterMember, role: ClusterRole, valid_from: date, document: str, by: User
) -> ClusterMember:
    """From `valid_from` the unit is lead, deputy or plain member; whoever held that office is a member from that day.

    Earlier days keep who led then. Raises ValidationError for a membership that is over or began on that day or later.
    """
    _may_edit(by)
    cluster = _locked(member.cluster)
    member = _present(member, valid_from)
    if member.role == role:
        raise ValidationError({"role": f"{member.unit} đang là {_words(role)}."})
    if role != ClusterRole.MEMBER and (holder := cluster.members.filter(role=role, valid_to=None).first()):
        _take_over(_present(holder, valid_from), ClusterRole.MEMBER, valid_from, document)
    new = _take_over(member, role, valid_from, document)
    _record(by, "change_cluster_role", new, f"cử {member.unit.name} làm {_words(role)}", valid_from)
    return new


@transaction.atomic
def end_membership(*, member: ClusterMember, valid_to: date, document: str, by: User) -> ClusterMember:
    """The unit belongs to the cluster until the day before `valid_to`; what it did there stays."""
    _may_edit(by)
    _locked(member.cluster)
    member = _present(member, valid_to, field="valid_to")
    member.valid_to = valid_to
    member.save(update_fields=["valid_to"])
    label = f"ghi {member.unit.name} thôi là {_words(member.role)}"
    _record(by, "end_cluster_membership", member, label, valid_to, note=clean_text(document))
    return member


def _locked(cluster: Cluster) -> Cluster:
    return Cluster.objects.select_for_update().get(pk=cluster.pk)


def _present(member: ClusterMember, day: date, field: str = "valid_from") -> ClusterMember:
    """The row as it is now, when it can change on `day`."""
    member = ClusterMember.objects.select_related("unit", "cluster").get(pk=member.pk)
    if member.valid_to:
        raise ValidationError(f"{member.unit} đã thôi vai trò này từ {format_day(member.valid_to)}.")
    if day <= member.valid_from:
        start = format_day(member.valid_from)
        raise ValidationError({field: f"{member.unit} giữ vai trò này từ {start}; ngày mới phải sau ngày ấy."})
    return member


def _take_over(member: ClusterMember, role: ClusterRole, day: date, document: str) -> ClusterMember:
    ClusterMember.objects.filter(pk=member.pk).update(valid_to=day)
    return _enter(member.cluster, member.unit, role, day, document)


def _enter(cluster: Cluster, unit: Unit, role: ClusterRole, day: date, document: str) -> ClusterMember:
    fields = {"role": role, "valid_from": day, "document": clean_text(document)}
    return ClusterMember.objects.create(cluster=cluster, unit=unit, **fields)


def _words(role) -> str:
    return ClusterRole(role).label.lower()


def _record(by: User, action: str, member: ClusterMember, label: str, day: date, note: str = "") -> None:
    changes = {"từ ngày": ["", format_day(day)]}
    note = note or member.document
    audit.record(actor=by, action=action, target=member.cluster, label=label, note=note, changes=changes)
