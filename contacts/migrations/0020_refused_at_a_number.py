from django.db import migrations, models


def remember_what_was_written(apps, schema_editor):
    """Let wishes that came as a text, and still run, bind whoever gets the number from now on."""
    Contact = apps.get_model("contacts", "Contact")
    OptOut = apps.get_model("contacts", "OptOut")
    Refusal = apps.get_model("contacts", "Refusal")
    running = OptOut.objects.filter(scope="channel", active_until=None)
    for wish in running.filter(channel__in=["sms", "whatsapp"]).iterator():
        channel, _, text_id = wish.source.partition(" ")
        written = Contact.objects.filter(wanted_by=f"inbound:{text_id}:{wish.debtor_id}", channel=channel)
        value = written.values_list("point__value", flat=True).first()
        if value and channel == wish.channel:
            Refusal.objects.get_or_create(
                value=value,
                channel=channel,
                defaults={"active_from": wish.active_from, "source": wish.source},
            )


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0019_alarms_told_and_delays_of_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(max_length=254, verbose_name='number or e-mail')),
                ('channel', models.CharField(blank=True, choices=[('sms', 'SMS'), ('whatsapp', 'WhatsApp'), ('email', 'e-mail'), ('voice', 'call'), ('letter', 'letter')], help_text='None: nothing at all.', max_length=10, verbose_name='channel')),
                ('active_from', models.DateTimeField(verbose_name='from')),
                ('source', models.CharField(max_length=200, verbose_name='how we know')),
            ],
            options={
                'verbose_name': 'refusal at a number',
                'verbose_name_plural': 'refusals at numbers',
                'ordering': ['-active_from'],
                'constraints': [models.UniqueConstraint(fields=('value', 'channel'), name='a_number_refuses_a_channel_once')],
            },
        ),
        migrations.RunPython(remember_what_was_written, migrations.RunPython.noop),
    ]
