"""The database itself refuses to change or remove an audit event, whoever asks."""

from django.db import migrations

MESSAGE = "audit events are append-only"

POSTGRES = f"""
CREATE FUNCTION units_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$;
CREATE TRIGGER units_auditevent_append_only BEFORE UPDATE OR DELETE ON units_auditevent
FOR EACH ROW EXECUTE FUNCTION units_refuse_audit_change();
"""
POSTGRES_UNDO = """
DROP TRIGGER units_auditevent_append_only ON units_auditevent;
DROP FUNCTION units_refuse_audit_change();
"""
SQLITE = [
    f"CREATE TRIGGER units_auditevent_no_{verb} BEFORE {verb} ON units_auditevent "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for verb in ("UPDATE", "DELETE")
]
SQLITE_UNDO = [f"DROP TRIGGER units_auditevent_no_{verb}" for verb in ("UPDATE", "DELETE")]


def guard(apps, schema_editor):
    _run(schema_editor, POSTGRES, SQLITE)


def unguard(apps, schema_editor):
    _run(schema_editor, POSTGRES_UNDO, SQLITE_UNDO)


def _run(schema_editor, postgres, sqlite):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(postgres)
    else:
        for statement in sqlite:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
