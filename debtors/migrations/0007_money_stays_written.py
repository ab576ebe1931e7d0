"""Costs and payments taken back are written once; what was taken back before has its row.

SQLite made the ledger's table anew for its new columns, and its triggers went with the old one.
"""

from importlib import import_module

from django.db import migrations

TABLES = ("debtors_cost", "debtors_takenback")
FIRST = import_module("debtors.migrations.0002_append_only")


def trigger_statements(vendor):
    """Return the statements that make the tables append-only on a database ("postgresql", "sqlite")."""
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


def _write_down(apps, schema_editor):
    """Keep a row for each payment whose entries were all reversed: that is how one was taken back."""
    entry, taken_back = apps.get_model("debtors", "LedgerEntry"), apps.get_model("debtors", "TakenBack")
    undone = entry.objects.filter(kind="reversal", reverses__kind="payment", payment__isnull=False)
    seen = set()
    for each in undone.order_by("pk"):
        if each.payment_id not in seen:
            seen.add(each.payment_id)
            taken_back.objects.create(payment_id=each.payment_id, reason=each.note, on=each.effective_on)


def _protect(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    statements = trigger_statements(vendor)
    if vendor == "sqlite":
        gone = [f"DROP TRIGGER IF EXISTS debtors_ledgerentry_no_{verb}" for verb in ("update", "delete")]
        statements += gone + [each for each in FIRST.trigger_statements(vendor) if "_ledgerentry_" in each]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def _unprotect(apps, schema_editor):
    for statement in removal_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """A row for what was taken back, then triggers on both databases."""

    dependencies = [("debtors", "0006_what_delay_costs")]

    operations = [
        migrations.RunPython(_write_down, migrations.RunPython.noop),
        migrations.RunPython(_protect, _unprotect),
    ]
