"""A published policy and the policy's history are never changed: the database itself refuses it."""

from django.db import migrations

#: Table, and which of its rows stay as they are.
KEPT = (("contacts_contactpolicy", "OLD.state = 'published'"), ("contacts_policyevent", "OLD.id IS NOT NULL"))
WHY = "is never changed: publish another version"

POSTGRES_FUNCTION = f"""
CREATE FUNCTION refuse_policy_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% {WHY}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql
"""


def trigger_statements(vendor):
    """Return the statements that make the rows stay on a database ("postgresql", "sqlite")."""
    if vendor == "postgresql":
        return [POSTGRES_FUNCTION] + [
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW WHEN ({which}) EXECUTE FUNCTION refuse_policy_change()"
            for table, which in KEPT
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} WHEN {which} "
        f"BEGIN SELECT RAISE(ABORT, '{table} {WHY}'); END"
        for table, which in KEPT
        for verb in ("UPDATE", "DELETE")
    ]


def removal_statements(vendor):
    """Return the statements that take the triggers away again."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER {table}_stays ON {table}" for table, _which in KEPT] + [
            "DROP FUNCTION refuse_policy_change()"
        ]
    return [f"DROP TRIGGER {table}_no_{verb}" for table, _which in KEPT for verb in ("update", "delete")]


def _run(statements):
    def apply(apps, schema_editor):
        for statement in statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    """Triggers on both databases. Whoever remakes a table on SQLite later makes its triggers again."""

    dependencies = [("contacts", "0004_policy_drafts")]

    operations = [migrations.RunPython(_run(trigger_statements), _run(removal_statements))]
