"""Texts get versions, authors and a colleague's approval; what was approved keeps its words for ever."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "contacts_template"
#: What of a version that was ever approved is never changed.
WORDS = ("key", "channel", "version", "title", "tone", "disclosure", "subject", "body")
WHY = "keeps its words once it was approved: write another version"

POSTGRES_FUNCTION = f"""
CREATE FUNCTION refuse_new_words() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '{TABLE} {WHY}' USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql
"""


def trigger_statements(vendor):
    """Return the statements that make approved words stay on a database ("postgresql", "sqlite")."""
    was_approved = "OLD.state IN ('approved', 'retired')"
    if vendor == "postgresql":
        old, new = (", ".join(f"{side}.{name}" for name in WORDS) for side in ("OLD", "NEW"))
        return [
            POSTGRES_FUNCTION,
            f"CREATE TRIGGER {TABLE}_words_stay BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            f"WHEN ({was_approved} AND (({old}) IS DISTINCT FROM ({new}) OR NEW.state NOT IN ('approved', 'retired'))) "
            "EXECUTE FUNCTION refuse_new_words()",
        ]
    differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in WORDS)
    return [
        f"CREATE TRIGGER {TABLE}_words_stay BEFORE UPDATE ON {TABLE} "
        f"WHEN {was_approved} AND ({differs} OR NEW.state NOT IN ('approved', 'retired')) "
        f"BEGIN SELECT RAISE(ABORT, '{TABLE} {WHY}'); END"
    ]


def removal_statements(vendor):
    """Return the statements that take the trigger away again."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER {TABLE}_words_stay ON {TABLE}", "DROP FUNCTION refuse_new_words()"]
    return [f"DROP TRIGGER {TABLE}_words_stay"]


def _run(statements):
    def apply(apps, schema_editor):
        for statement in statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return apply


def keep_in_use(apps, schema_editor):
    """What was active was in use; the house or its manager put it there."""
    template = apps.get_model("contacts", "Template")
    template.objects.filter(is_active=True).update(state="approved")
    template.objects.filter(is_active=False).update(state="retired")


def keep_active(apps, schema_editor):
    """Only one text of a key and channel is known to what comes before: the one in use."""
    template = apps.get_model("contacts", "Template")
    template.objects.exclude(state="approved").update(is_active=False)


class Migration(migrations.Migration):
    """The trigger is there on both databases. Whoever remakes the table on SQLite later makes it again."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contacts", "0008_calls_letters_and_approved_texts"),
    ]

    operations = [
        migrations.AddField(
            "template", "version", models.PositiveIntegerField(default=1, verbose_name="version")
        ),
        migrations.AddField(
            "template",
            "state",
            models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("waiting", "waiting for approval"),
                    ("approved", "in use"),
                    ("retired", "no longer used"),
                    ("discarded", "thrown away"),
                ],
                default="draft",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddField("template", "revision", models.PositiveIntegerField(default=1)),
        migrations.AddField(
            "template",
            "written_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="written by",
            ),
        ),
        migrations.AddField(
            "template", "written_at", models.DateTimeField(null=True, verbose_name="written at")
        ),
        migrations.AddField(
            "template",
            "writers",
            models.ManyToManyField(
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="everybody who wrote at it",
            ),
        ),
        migrations.AddField(
            "template",
            "decided_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            "template", "decided_at", models.DateTimeField(null=True, verbose_name="decided at")
        ),
        migrations.AddField(
            "template",
            "reason",
            models.CharField(blank=True, max_length=300, verbose_name="why it was not approved"),
        ),
        migrations.AlterField(
            "template",
            "key",
            models.SlugField(
                help_text="By this ladders know it, in every channel.", max_length=40, verbose_name="key"
            ),
        ),
        migrations.RunPython(keep_in_use, keep_active),
        migrations.RemoveField("template", "is_active"),
        migrations.AlterModelOptions(
            "template",
            options={
                "ordering": ["key", "channel", "-version"],
                "verbose_name": "template",
                "verbose_name_plural": "templates",
            },
        ),
        migrations.RemoveConstraint("template", "one_text_for_a_key_and_channel"),
        migrations.AddConstraint(
            "template",
            models.UniqueConstraint(
                fields=("key", "channel", "version"), name="one_text_for_a_key_channel_and_version"
            ),
        ),
        migrations.AddConstraint(
            "template",
            models.UniqueConstraint(
                condition=models.Q(("state", "approved")),
                fields=("key", "channel"),
                name="one_text_in_use_for_a_key_and_channel",
            ),
        ),
        migrations.AddConstraint(
            "template",
            models.UniqueConstraint(
                condition=models.Q(("state__in", ["draft", "waiting"])),
                fields=("key", "channel"),
                name="one_draft_for_a_key_and_channel",
            ),
        ),
        migrations.AddConstraint(
            "template",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    ("written_by__isnull", True),
                    models.Q(
                        ("decided_by__isnull", False),
                        models.Q(("decided_by", models.F("written_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_text_in_use_was_approved_by_a_colleague",
            ),
        ),
        migrations.RunPython(_run(trigger_statements), _run(removal_statements)),
    ]
