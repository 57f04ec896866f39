"""Every row of `rows`, asked of the site: nothing is unlisted, reading changes nothing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from tests.access.rows import READS, WHO, WRITES
from units.checks import all_patterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]


def address(there, row):
    """`row` is an address, and after a space which object or step is meant."""
    name, _, variant = row.partition(" ")
    return reverse(name, args=there.get(row, there.get(name, []))), variant


def browser_of(cast, who):
    client = Client(raise_request_exception=True)
    if who != "anonymous":
        client.force_login(getattr(cast, who), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("row", READS)
def test_who_may_read(cast, there, row):
    url, _ = address(there, row)
    answers = [str(browser_of(cast, who).get(url).status_code) for who in WHO]
    assert dict(zip(WHO, answers, strict=True)) == dict(zip(WHO, READS[row].split(), strict=True))


@pytest.mark.parametrize("row", WRITES)
def test_who_may_write(cast, there, row):
    url, step = address(there, row)
    answers = [str(browser_of(cast, who).post(url, {"step": step}).status_code) for who in WHO]
    assert dict(zip(WHO, answers, strict=True)) == dict(zip(WHO, WRITES[row].split(), strict=True))


def test_no_address_is_unlisted():
    listed = {row.partition(" ")[0] for row in (*READS, *WRITES)}
    assert listed == {name for name, _ in all_patterns(get_resolver())}


def test_a_stranger_cannot_tell_what_exists_from_what_does_not(cast, there):
    client = browser_of(cast, "other_officer")
    there_it_is, nothing = (client.get(f"/bao-cao/{pk}/") for pk in (there["reports:report"][0], 10**9))
    assert (there_it_is.status_code, there_it_is.content) == (nothing.status_code, nothing.content)


@pytest.mark.parametrize("row", [row for row in READS if row not in WRITES and " " not in row])
def test_reading_changes_nothing(cast, there, row):
    url, _ = address(there, row)
    client = browser_of(cast, "reviewer")
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    written = [q["sql"] for q in asked if q["sql"].split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE")]
    assert written == []
