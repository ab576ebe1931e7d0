"""What was issued for a debtor to pay with asks for the same for ever, and is never deleted."""

from django.db import migrations

TABLE = "debtors_paymentrequest"
TERMS = (
    "debtor_id", "creditor_id", "agreed_payment_id", "kind", "amount_cents", "due_on", "txid", "bank",
    "our_number", "asked_as", "issued_by_id", "issued_at",
)  # fmt: skip
#: Written once: from nothing to something, and never again.
ONCE = ("payload", "barcode", "line")


def trigger_statements(vendor):
    """Return the statements that keep it ("postgresql", "sqlite")."""
    if vendor == "postgresql":
        changed = [f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in TERMS]
        changed += [f"(OLD.{name} <> '' AND OLD.{name} <> NEW.{name})" for name in ONCE]
        changed += ["OLD.transit_id IS NOT NULL AND OLD.transit_id IS DISTINCT FROM NEW.transit_id"]
        return [
            f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            f"CREATE TRIGGER {TABLE}_no_other_terms BEFORE UPDATE ON {TABLE} "
            f"FOR EACH ROW WHEN ({' OR '.join(changed)}) EXECUTE FUNCTION refuse_change()",
        ]
    changed = [f"OLD.{name} IS NOT NEW.{name}" for name in TERMS]
    changed += [f"(OLD.{name} <> '' AND OLD.{name} <> NEW.{name})" for name in ONCE]
    changed += ["(OLD.transit_id IS NOT NULL AND OLD.transit_id IS NOT NEW.transit_id)"]
    return [
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END",
        f"CREATE TRIGGER {TABLE}_no_other_terms BEFORE UPDATE ON {TABLE} "
        f"WHEN {' OR '.join(changed)} BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END",
    ]


def removal_statements(vendor):
    """Return the statements that take the triggers away again."""
    behind = f" ON {TABLE}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER {TABLE}_{name}{behind}" for name in ("no_delete", "no_other_terms")]


def _run(statements):
    def apply(apps, schema_editor):
        for statement in statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    """Triggers on both databases."""

    dependencies = [("debtors", "0014_ways_to_pay")]

    operations = [migrations.RunPython(_run(trigger_statements), _run(removal_statements))]
