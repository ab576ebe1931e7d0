"""Payments and ledger entries are written once: the database itself refuses update and delete."""

from django.db import migrations

TABLES = ("debtors_payment", "debtors_ledgerentry")

POSTGRES_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: post a reversal', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql
"""


def trigger_statements(vendor):
    """Return the statements that make the tables append-only on a database ("postgresql", "sqlite")."""
    if vendor == "postgresql":
        return [POSTGRES_FUNCTION] + [
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            for table in TABLES
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: post a reversal'); END"
        for table in TABLES
        for verb in ("UPDATE", "DELETE")
    ]


def removal_statements(vendor):
    """Return the statements that take the triggers away again."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER {table}_append_only ON {table}" for table in TABLES] + [
            "DROP FUNCTION refuse_change()"
        ]
    return [f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]


def _run(statements):
    def apply(apps, schema_editor):
        for statement in statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    """Triggers on both databases."""

    dependencies = [("debtors", "0001_initial")]

    operations = [migrations.RunPython(_run(trigger_statements), _run(removal_statements))]
