"""Our own numbers and addresses with their rates; what the page of operations counts is found by index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0012_findings'),
        ('debtors', '0005_telephones_of_agents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Sender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('sms', 'SMS'), ('whatsapp', 'WhatsApp'), ('email', 'e-mail'), ('voice', 'call'), ('letter', 'letter')], max_length=10, verbose_name='channel')),
                ('provider', models.CharField(max_length=20, verbose_name='provider')),
                ('address', models.CharField(blank=True, max_length=254, verbose_name='number or address')),
                ('per_minute', models.PositiveIntegerField(blank=True, help_text='Empty: as fast as it goes. Never more than the provider carries without a queue.', null=True, verbose_name='messages a minute, at most')),
                ('warm_up_hours', models.PositiveIntegerField(default=0, help_text='From its first message on the rate rises evenly, from a tenth to the whole.', verbose_name='hours of warming up')),
                ('is_on', models.BooleanField(default=True, help_text='Switched off, what it would send waits until it is too late.', verbose_name='may send')),
                ('first_used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='first message')),
                ('next_slot_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='next message not before')),
                ('troubles', models.PositiveIntegerField(default=0, editable=False, verbose_name='troubles in a row')),
                ('rests_until', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='rests until')),
                ('rests_because', models.CharField(blank=True, choices=[('unreachable', 'its provider cannot be reached'), ('unclear', 'its provider gives no clear answers'), ('refuses_us', 'its provider refuses us: credentials, account or balance')], editable=False, max_length=12, verbose_name='why it rests')),
            ],
            options={
                'verbose_name': 'sender',
                'verbose_name_plural': 'senders',
                'ordering': ['channel', 'provider', 'address'],
            },
        ),
        migrations.AddField(
            model_name='attempt',
            name='sender',
            field=models.CharField(blank=True, max_length=254, verbose_name='from'),
        ),
        migrations.AlterField(
            model_name='finding',
            name='kind',
            field=models.CharField(choices=[('no_policy', 'no contact policy is in force'), ('terms', 'the policy or a local rule cannot be read'), ('rule', 'a rule of the gate failed'), ('database', 'the database did not answer as it should'), ('contact', 'a contact could not be judged'), ('clock', 'the clocks of our machines and of the providers differ')], max_length=12, verbose_name='what'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['started_at'], name='attempt_started'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('state__in', ['planned', 'claimed', 'sending', 'unknown', 'parked', 'blocked'])), fields=['state', 'channel'], name='contact_unfinished'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('state__in', ['expired', 'failed'])), fields=['concluded_at'], name='contact_came_to_nothing'),
        ),
        migrations.AddConstraint(
            model_name='sender',
            constraint=models.UniqueConstraint(fields=('channel', 'provider', 'address'), name='a_sender_is_one_row'),
        ),
        migrations.AddConstraint(
            model_name='sender',
            constraint=models.CheckConstraint(condition=models.Q(('per_minute__isnull', True), ('per_minute__gte', 1), _connector='OR'), name='a_sender_sends_at_least_once_a_minute'),
        ),
    ]
