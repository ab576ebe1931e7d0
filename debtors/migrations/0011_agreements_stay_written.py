"""What an agreement consists of is written once: its debts, payments, decisions and discounts."""

from django.db import migrations

TABLES = (
    "debtors_agreeddebt",
    "debtors_agreedpayment",
    "debtors_agreementdecision",
    "debtors_agreementdiscount",
)
#: What may never change of an agreement itself.
TERMS = (
    "debtor_id", "creditor_id", "proposed_on", "proposed_at", "proposed_by_id", "owed_cents", "total_cents",
    "floor_cents", "days_late", "first_on", "needed", "grace_days", "when_broken",
)  # fmt: skip


def trigger_statements(vendor):
    """Return the statements that keep agreements as they were made ("postgresql", "sqlite")."""
    if vendor == "postgresql":
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in TERMS)
        return [
            *(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                for table in TABLES
            ),
            "CREATE TRIGGER debtors_agreement_no_delete BEFORE DELETE ON debtors_agreement "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            "CREATE TRIGGER debtors_agreement_no_other_terms BEFORE UPDATE ON debtors_agreement "
            f"FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION refuse_change()",
        ]
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in TERMS)
    return [
        *(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in TABLES
            for verb in ("UPDATE", "DELETE")
        ),
        "CREATE TRIGGER debtors_agreement_no_delete BEFORE DELETE ON debtors_agreement "
        "BEGIN SELECT RAISE(ABORT, 'debtors_agreement is append-only'); END",
        "CREATE TRIGGER debtors_agreement_no_other_terms BEFORE UPDATE ON debtors_agreement "
        f"WHEN {changed} BEGIN SELECT RAISE(ABORT, 'debtors_agreement is append-only'); END",
    ]


def removal_statements(vendor):
    """Return the statements that take the triggers away again."""
    own = ("debtors_agreement_no_delete", "debtors_agreement_no_other_terms")
    if vendor == "postgresql":
        return [f"DROP TRIGGER {table}_append_only ON {table}" for table in TABLES] + [
            f"DROP TRIGGER {name} ON debtors_agreement" for name in own
        ]
    return [f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")] + [
        f"DROP TRIGGER {name}" for name in own
    ]


def _run(statements):
    def apply(apps, schema_editor):
        for statement in statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    """Triggers on both databases."""

    dependencies = [("debtors", "0010_agreements")]

    operations = [migrations.RunPython(_run(trigger_statements), _run(removal_statements))]
