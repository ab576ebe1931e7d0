"""What happened about steps beyond asking is written once."""

from django.db import migrations

TABLES = ("debtors_escalationevent", "debtors_escalationfile")


def trigger_statements(vendor):
    """Return the statements that keep them ("postgresql", "sqlite")."""
    if vendor == "postgresql":
        return [
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            for table in TABLES
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in TABLES
        for verb in ("UPDATE", "DELETE")
    ]


def removal_statements(vendor):
    """Return the statements that take the triggers away again."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER {table}_append_only ON {table}" for table in TABLES]
    return [f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]


def _run(statements):
    def apply(apps, schema_editor):
        for statement in statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    """Triggers on both databases."""

    dependencies = [("debtors", "0017_steps_beyond_asking")]

    operations = [migrations.RunPython(_run(trigger_statements), _run(removal_statements))]
