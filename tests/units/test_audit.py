"""The log is written with the deed or not at all, cannot be changed, and shows when it was."""

import importlib

import pytest
from django.db import DatabaseError, connection, transaction

from units import audit
from units.models import AuditEvent, AuditHead
from units.services import registry

pytestmark = pytest.mark.django_db
guards = importlib.import_module("units.migrations.0002_audit_is_append_only")


def record(unit, actor=None, label="thử"):
    return audit.record(actor=actor, action="try", target=unit, label=label)


def test_the_plan_as_loaded_is_an_unbroken_chain():
    assert AuditEvent.objects.count() > 0
    assert audit.first_break() is None


def test_an_event_is_lost_with_the_deed_that_fails(unit_of):
    before = AuditEvent.objects.count(), AuditHead.objects.get().digest

    def failing_deed():
        with transaction.atomic():
            record(unit_of("xa-nam-xe"))
            raise ValueError("deed failed")

    with pytest.raises(ValueError, match="deed failed"):
        failing_deed()
    assert (AuditEvent.objects.count(), AuditHead.objects.get().digest) == before


def test_history_reads_as_sentences_newest_first(cast):
    record(cast.home, cast.head, "nộp báo cáo")
    record(cast.home, cast.reviewer, "trả lại báo cáo")
    told = [(event.actor_name, event.label) for event in audit.history_of(cast.home)[:2]]
    assert told == [("Hoàng Minh Đức", "trả lại báo cáo"), ("Tẩn A Sài", "nộp báo cáo")]


@pytest.mark.parametrize("verb", ["UPDATE units_auditevent SET label = 'x'", "DELETE FROM units_auditevent"])
def test_the_database_refuses_to_change_or_remove_an_event(verb, unit_of):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in guards.SQLITE:
                cursor.execute(statement.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS"))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)


@pytest.mark.parametrize("field", ["label", "actor_name", "note", "old", "new", "target_id", "previous"])
def test_a_changed_event_breaks_the_chain_at_itself(field, unit_of, without_guard):
    event = record(unit_of("xa-nam-xe"))
    record(unit_of("xa-nam-xe"))
    AuditEvent.objects.filter(pk=event.pk).update(**{field: "khác"})
    assert audit.first_break() == event.pk


def test_a_removed_event_breaks_the_chain_at_the_next(unit_of, without_guard):
    gone, following = record(unit_of("xa-nam-xe")), record(unit_of("xa-nam-xe"))
    AuditEvent.objects.filter(pk=gone.pk).delete()
    assert audit.first_break() == following.pk


def test_a_cut_tail_shows_against_the_head(unit_of, without_guard):
    last = record(unit_of("xa-nam-xe"))
    AuditEvent.objects.filter(pk=last.pk).delete()
    assert audit.first_break() == 0


@pytest.fixture
def without_guard(db):
    """As a database administrator with bad intentions would begin."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE units_auditevent DISABLE TRIGGER USER")
        else:
            for name in ("UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS units_auditevent_no_{name}")


def test_the_actor_is_kept_as_he_was_then(cast):
    event = record(cast.home, cast.officer)
    registry.rename_unit(
        unit=cast.home,
        name="UBND xã Mới",
        short_name="Mới",
        valid_from=cast.home.founded.replace(year=2024),
        document="NQ 1",
        by=cast.chief,
    )
    event.refresh_from_db()
    assert (event.actor_name, event.actor_post) == ("Lò Thị Hạnh", "Cán bộ đầu mối, UBND xã Nậm Xe")
