"""Debtors carry their names as the search reads them, with indices that find words and contracts at once.

PostgreSQL finds the beginning of any word by trigrams (pg_trgm, which comes with it and is trusted:
whoever owns the database may create it). SQLite reads the names one after another.
"""

from django.db import migrations

import debtors.models.party
from debtors.rules import searching

BATCH = 2_000
INDICES = (
    "CREATE INDEX debtor_folded_words ON debtors_debtor USING gin (folded_name gin_trgm_ops)",
    "CREATE INDEX debtor_folded_begins ON debtors_debtor (folded_name text_pattern_ops)",
    "CREATE INDEX debt_contract_begins ON debtors_debt (UPPER(contract) text_pattern_ops)",
)


def _fold(apps, schema_editor):
    """Write the folded names of those who are known already."""
    debtor, last = apps.get_model("debtors", "Debtor"), 0
    while rows := list(debtor.objects.filter(pk__gt=last).order_by("pk").only("name", "preferred_name")[:BATCH]):
        for row in rows:
            row.folded_name = searching.folded(row.name, row.preferred_name)
        debtor.objects.bulk_update(rows, ["folded_name"])
        last = rows[-1].pk


def _index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for statement in INDICES:
            schema_editor.execute(statement)


def _drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in INDICES:
            schema_editor.execute(f"DROP INDEX {statement.split()[2]}")


class Migration(migrations.Migration):
    dependencies = [("debtors", "0015_what_was_issued_stays")]

    operations = [
        migrations.AddField(
            model_name="debtor",
            name="folded_name",
            field=debtors.models.party.FoldedNameField(db_default="", default="", editable=False),
        ),
        migrations.RunPython(_fold, migrations.RunPython.noop),
        migrations.RunPython(_index, _drop),
    ]
