"""The plan is loaded once for all tests; the cast are the people of one commune, its reviewers, and strangers."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import hypothesis
import pytest
import time_machine
from django.db import connection
from pytest_django.plugin import blocking_manager_key

# How long an example takes says how busy the machine is, not whether the property holds.
hypothesis.settings.register_profile(
    "site",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
)
hypothesis.settings.load_profile("site")

START = date(2022, 1, 1)
DECEMBER = datetime(2024, 12, 2, 2, 0, tzinfo=UTC)  # 09:00 on 02/12/2024 in Vietnam, the period of 2024 is open


def load_everything():
    from awards.management.commands.load_plan import load_all

    if connection.vendor == "sqlite":  # a flush deletes row by row; the guard itself has its own test
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS units_auditevent_no_DELETE")
    load_all(by=None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_everything()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test on a committed database ends in a flush: put the plan back for the next one, if there is one."""
    result = yield
    marker = item.get_closest_marker("django_db")
    committed = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    if nextitem and (committed or (marker and marker.kwargs.get("transaction"))):
        with item.config.stash[blocking_manager_key].unblock():
            load_everything()
    return result


@pytest.fixture
def december():
    with time_machine.travel(DECEMBER, tick=True):
        yield


@pytest.fixture
def period_2024(db):
    from campaigns.models import Period

    return Period.objects.get(year=2024)


@pytest.fixture
def unit_of(db):
    """`unit_of("xa-nam-xe")`: a unit of the plan by its key."""
    from units.models import Unit

    return lambda key: Unit.objects.get(key=key)


@pytest.fixture
def account(db):
    """`account("an.lv", "officer", unit)`: an account with one role, without a password."""
    from units.models import Membership, User

    def make(username, role=None, unit=None, full_name=""):
        user = User(username=username, full_name=full_name or username.title())
        user.set_unusable_password()
        user.save()
        if role:
            Membership.objects.create(user=user, unit=unit, role=role, valid_from=START)
        return user

    return make


@pytest.fixture
def company(db):
    """An enterprise: the plan names none, so tests bring their own."""
    from units.models import UnitKind
    from units.services.registry import enter_unit

    return enter_unit(
        by=None,
        key="cong-ty-mau",
        kind=UnitKind.ENTERPRISE,
        name="Công ty TNHH Xây dựng Mẫu",
        short_name="Công ty Mẫu",
        founded=START,
    )


@pytest.fixture
def cast(account, unit_of, company):
    """One person for each role and relation; `cast.officer` and `cast.head` are of xã Nậm Xe."""
    home, other = unit_of("xa-nam-xe"), unit_of("xa-muong-so")
    standing, finance, front = (
        unit_of("phong-noi-vu"),
        unit_of("phong-tai-chinh-ke-hoach"),
        unit_of("mat-tran-to-quoc"),
    )
    return SimpleNamespace(
        home=home,
        other=other,
        company=company,
        officer=account("hanh.lt", "officer", home, "Lò Thị Hạnh"),
        head=account("sai.ta", "head", home, "Tẩn A Sài"),
        other_officer=account("pao.va", "officer", other, "Vàng A Páo"),
        other_head=account("chu.ga", "head", other, "Giàng A Chứ"),
        company_officer=account("binh.nv", "officer", company, "Nguyễn Văn Bình"),
        front_officer=account("mai.lt", "officer", front, "Lý Thị Mai"),
        reviewer=account("duc.hm", "officer", standing, "Hoàng Minh Đức"),
        chief=account("thanh.dv", "head", standing, "Đỗ Văn Thành"),
        lead=account("ha.nt", "officer", finance, "Nguyễn Thu Hà"),
        admin=account("tung.pv", "admin", standing, "Phạm Văn Tùng"),
        nobody=account("la.mat", full_name="Người Lạ"),
    )


@pytest.fixture
def client_of():
    """`client_of(user)`: a browser in which this person is signed in."""
    from django.test import Client

    def signed_in(user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
