"""Deeds on accounts: open, give a role, issue a first password, close."""

import secrets
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from units import audit
from units.models import Membership, User

# Without letters and digits that are mistaken for one another when read from paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def first_password() -> str:
    """Four groups of four, about 79 bits, to be typed from a slip of paper once."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def _may_manage(by):
    if by is not None and not by.has_perm("units.manage_accounts"):
        raise PermissionDenied("Chỉ quản trị viên cấp và khóa tài khoản.")


@transaction.atomic
def open_account(*, username, full_name, by, unit, role, email="", valid_from: date | None = None, is_sample=False):
    """A personal account with its first role. Returns (user, first password), which is shown once and never kept."""
    _may_manage(by)
    user = User(
        username=username.lower(),
        full_name=clean_text(full_name),
        email=email,
        must_change_password=True,
        is_sample=is_sample,
    )
    password = first_password()
    user.set_password(password)
    user.full_clean()
    user.save()
    audit.record(actor=by, action="open_account", target=user, label=f"mở tài khoản {user.username}")
    give_role(user=user, unit=unit, role=role, by=by, valid_from=valid_from)
    return user, password


@transaction.atomic
def give_role(*, user, unit, role, by, valid_from: date | None = None) -> Membership:
    _may_manage(by)
    post, is_new = Membership.objects.get_or_create(
        user=user, unit=unit, role=role, valid_to=None, defaults={"valid_from": valid_from or clock.today()}
    )
    if is_new:
        audit.record(
            actor=by, action="give_role", target=user, label=f"giao vai trò {post.get_role_display()} tại {unit.name}"
        )
    return post


@transaction.atomic
def end_role(*, post, by) -> None:
    """The role ends today. One that began today is taken back entirely, since no day of it has passed."""
    _may_manage(by)
    if post.valid_from >= clock.today():
        Membership.objects.filter(pk=post.pk).delete()
    else:
        Membership.objects.filter(pk=post.pk).update(valid_to=clock.today())
    audit.record(actor=by, action="end_role", target=post.user, label=f"thôi vai trò {post}")


@transaction.atomic
def issue_password(*, user, by) -> str:
    """A new first password; the old one and every open session end at once."""
    _may_manage(by)
    password = first_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    audit.record(actor=by, action="issue_password", target=user, label="cấp mật khẩu tạm")
    return password


@transaction.atomic
def spend_first_password(*, user) -> None:
    """A first password opens the door once: from here on only a new one does."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    audit.record(actor=user, action="spend_password", target=user, label="đăng nhập bằng mật khẩu tạm")


@transaction.atomic
def choose_password(*, user, password) -> None:
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record(actor=user, action="choose_password", target=user, label="đặt mật khẩu mới")


@transaction.atomic
def set_active(*, user, active: bool, by) -> None:
    """Close or reopen an account. A closed account loses its session at the next request."""
    _may_manage(by)
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(actor=by, action="set_active", target=user, label="mở lại tài khoản" if active else "khóa tài khoản")
