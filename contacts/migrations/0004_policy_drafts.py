"""Drafts of the contact policy, requests for a second manager, previews, and the policy's history."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def tell_what_was_published(apps, schema_editor):
    """Begin the history with the versions there are already; their authors put them in force themselves."""
    versions = apps.get_model("contacts", "ContactPolicy").objects.filter(state="published")
    versions.update(published_by=models.F("created_by"))
    event = apps.get_model("contacts", "PolicyEvent")
    event.objects.bulk_create(
        event(kind="published", at=version.published_at, by_id=version.created_by_id, policy=version, note=version.note)
        for version in versions.order_by("version")
    )


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0004_closed_days'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('published', 'published'), ('proposed', 'approval asked for'), ('approved', 'approved'), ('refused', 'not approved'), ('withdrawn', 'request withdrawn'), ('overtaken', 'overtaken by another version'), ('discarded', 'draft thrown away'), ('paused', 'everything paused'), ('resumed', 'contact resumed')], max_length=10, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='why')),
            ],
            options={
                'verbose_name': 'event of the policy',
                'verbose_name_plural': 'history of the policy',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PolicyPreview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'about to begin'), ('running', 'being worked out'), ('done', 'done'), ('cancelled', 'stopped'), ('outdated', 'no longer true of the draft'), ('failed', 'failed')], default='waiting', max_length=10, verbose_name='state')),
                ('asked_at', models.DateTimeField(verbose_name='as of')),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(null=True)),
                ('result', models.JSONField(null=True)),
                ('starts', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('began_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'preview',
                'verbose_name_plural': 'previews',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PolicyProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting for approval'), ('approved', 'approved'), ('refused', 'not approved'), ('withdrawn', 'withdrawn'), ('overtaken', 'overtaken by another version')], default='waiting', max_length=10, verbose_name='state')),
                ('proposed_at', models.DateTimeField(verbose_name='asked at')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'request for approval',
                'verbose_name_plural': 'requests for approval',
                'ordering': ['-proposed_at', '-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='contactpolicy',
            name='a_published_policy_says_since_when',
        ),
        migrations.AddField(
            model_name='contactpolicy',
            name='base',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.contactpolicy', verbose_name='written from'),
        ),
        migrations.AddField(
            model_name='contactpolicy',
            name='edited_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last edited at'),
        ),
        migrations.AddField(
            model_name='contactpolicy',
            name='edited_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last edited by'),
        ),
        migrations.AddField(
            model_name='contactpolicy',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='put in force by'),
        ),
        migrations.AddField(
            model_name='contactpolicy',
            name='revision',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='contactpolicy',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('discarded', 'thrown away')], default='draft', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='contactpolicy',
            name='version',
            field=models.PositiveIntegerField(blank=True, null=True, unique=True, verbose_name='version'),
        ),
        migrations.AddConstraint(
            model_name='contactpolicy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('state', 'published'), ('version__isnull', False)), models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', True), ('version__isnull', True)), _connector='OR'), name='a_published_policy_has_a_number_and_says_since_when'),
        ),
        migrations.AddField(
            model_name='policyevent',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AddField(
            model_name='policyevent',
            name='policy',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='contacts.contactpolicy', verbose_name='version or draft'),
        ),
        migrations.AddField(
            model_name='policypreview',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by'),
        ),
        migrations.AddField(
            model_name='policypreview',
            name='base',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.contactpolicy', verbose_name='compared with'),
        ),
        migrations.AddField(
            model_name='policypreview',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='previews', to='contacts.contactpolicy', verbose_name='draft'),
        ),
        migrations.AddField(
            model_name='policyproposal',
            name='base',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.contactpolicy', verbose_name='compared with'),
        ),
        migrations.AddField(
            model_name='policyproposal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='policyproposal',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='contacts.contactpolicy', verbose_name='draft'),
        ),
        migrations.AddField(
            model_name='policyproposal',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by'),
        ),
        migrations.AddIndex(
            model_name='policypreview',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['id'], name='preview_to_be_worked_out'),
        ),
        migrations.AddConstraint(
            model_name='policypreview',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('draft',), name='one_unfinished_preview_of_a_draft'),
        ),
        migrations.AddConstraint(
            model_name='policypreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('finished_at__isnull', False), ('result__isnull', False)), _connector='OR'), name='a_finished_preview_has_a_result'),
        ),
        migrations.AddConstraint(
            model_name='policyproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting'])), fields=('draft',), name='one_waiting_proposal_of_a_draft'),
        ),
        migrations.AddConstraint(
            model_name='policyproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state__in', ['waiting'])), models.Q(models.Q(('state__in', ['waiting']), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='decided_exactly_when_it_says_so'),
        ),
        migrations.AddConstraint(
            model_name='policyproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'refused']), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='approved_or_refused_by_a_colleague'),
        ),
        migrations.AddConstraint(
            model_name='policyproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_refusal_gives_its_reason'),
        ),
        migrations.RunPython(tell_what_was_published, migrations.RunPython.noop),
    ]
