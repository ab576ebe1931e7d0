"""A preview is divided into parts that workers judge side by side; one that is unfinished begins anew."""

import django.db.models.deletion
from django.db import migrations, models


def begin_anew(apps, schema_editor):
    """Let what is not finished begin anew, in the other way of working it out."""
    previews = apps.get_model("contacts", "PolicyPreview").objects.filter(state__in=["waiting", "running"])
    previews.update(state="waiting", done=0, total=None, result=None, began_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0020_refused_at_a_number'),
    ]

    operations = [
        migrations.RunPython(begin_anew, begin_anew),
        migrations.RemoveField(
            model_name='policypreview',
            name='lease_until',
        ),
        migrations.RemoveField(
            model_name='policypreview',
            name='starts',
        ),
        migrations.CreateModel(
            name='PreviewPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('debtors', models.JSONField()),
                ('starts', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('result', models.JSONField(null=True)),
                ('preview', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='contacts.policypreview', verbose_name='preview')),
            ],
            options={
                'verbose_name': 'part of a preview',
                'verbose_name_plural': 'parts of previews',
                'ordering': ['preview', 'number'],
                'constraints': [models.UniqueConstraint(fields=('preview', 'number'), name='a_part_of_a_preview_is_there_once')],
            },
        ),
    ]
