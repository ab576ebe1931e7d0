"""What a debtor accepts himself has nobody who recorded it; wrong tries of his digits are counted."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

STAYS = import_module("debtors.migrations.0011_agreements_stay_written")


def write_triggers_anew(apps, schema_editor):
    """Give SQLite its triggers of agreements back: a new constraint makes it write the table anew."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in STAYS.trigger_statements("sqlite"):
            if " ON debtors_agreement BEGIN" in statement or " ON debtors_agreement WHEN" in statement:
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("debtors", "0022_terms_of_steps_beyond_asking")]

    operations = [
        migrations.CreateModel(
            name="WrongDigits",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tried_at", models.DateTimeField(verbose_name="at")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wrong_digits",
                        to="debtors.agreement",
                        verbose_name="agreement",
                    ),
                ),
            ],
            options={
                "verbose_name": "wrong try of a proposal's digits",
                "verbose_name_plural": "wrong tries of a proposal's digits",
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, write_triggers_anew),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("activated_at", None),
                    ("accepted_by__isnull", False),
                    ("evidence", "online"),
                    _connector="OR",
                ),
                name="only_what_was_accepted_online_has_no_recorder",
            ),
        ),
        migrations.RunPython(write_triggers_anew, migrations.RunPython.noop),
    ]
