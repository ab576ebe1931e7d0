"""The settings choose who stands behind each kind of contact."""

import pytest

from contacts.channels import registry
from contacts.channels.mail import MailChannel
from contacts.channels.manual import ManualChannel
from contacts.channels.sandbox import SandboxChannel
from contacts.channels.twilio_sms import TwilioSmsChannel
from contacts.vocabulary import Channel


def test_every_kind_of_contact_has_a_channel_out_of_the_box(settings):
    built = {name: registry.channel_for(name) for name in Channel.values}

    assert {name: channel.name for name, channel in built.items()} == {name: name for name in built}
    assert built["sms"] == SandboxChannel(name="sms", path=settings.SANDBOX_FILE)
    assert built["voice"] == ManualChannel(name="voice")


def test_twilio_is_told_where_to_report(settings):
    settings.CHANNELS = {"sms": "twilio"}
    settings.PUBLIC_URL = "https://office.example/"
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "token"
    settings.TWILIO_SMS_FROM = "+551140040000"

    channel = registry.channel_for("sms")

    assert isinstance(channel, TwilioSmsChannel)
    assert channel.account.status_callback_url == "https://office.example/contacts/twilio/status"
    assert channel.account.sender == "+551140040000"


@pytest.mark.parametrize(
    ("configured", "address", "sender"),
    [
        ("ola@exemplo.example", "ola@exemplo.example", ""),
        ("Exemplo <ola@exemplo.example>", "ola@exemplo.example", "Exemplo"),
    ],
)
def test_mail_comes_from_the_house_s_address(settings, configured, address, sender):
    settings.CHANNELS = {"email": "mail"}
    settings.DEFAULT_FROM_EMAIL = configured

    channel = registry.channel_for("email")

    assert isinstance(channel, MailChannel)
    assert (channel.address, channel.sender, channel.provider) == (address, sender, "mail")


@pytest.mark.parametrize("channels", [{"sms": "pigeon"}, {"sms": "mail"}, {}])
def test_a_provider_that_does_not_exist_is_named(settings, channels):
    settings.CHANNELS = channels

    with pytest.raises(registry.NoSuchChannelError, match="sms"):
        registry.channel_for("sms")


def test_the_name_in_the_settings_is_the_provider_s_own():
    for name in Channel.values:
        assert registry.channel_for(name).provider == registry.provider_of(name)
        assert registry.provider_of(name) in registry.providers(name)
