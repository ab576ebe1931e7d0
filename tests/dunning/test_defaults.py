"""The ladder and the texts as shipped: courteous, discreet, sendable."""

import re
from datetime import date
from itertools import product

import pytest

from contacts.models import Contact, Template
from contacts.rules.disclosure import indiscretions
from contacts.rules.readiness import Text, findings
from contacts.rules.sms_size import sms_size
from contacts.rules.wording import REVEALING, fill, placeholders_in, without_placeholders
from contacts.services import rendering, templates
from contacts.vocabulary import Channel, Disclosure, TemplateState, Tone
from dunning.models import Step, Strategy
from dunning.rules.default_ladder import STEPS
from dunning.rules.default_texts import KEYS, TEXTS
from dunning.services import defaults
from dunning.vocabulary import Actor
from tests.factories import house_creditor, make_debt, make_debtor, make_manager, make_strategy
from tests.factories.agreements import make_agreement, make_offer_rules, make_proposal
from tests.factories.paying import make_account, make_request

FIRST_WORDS = {"first_notice", "second_notice", "before_call"}
SMS = [text for text in TEXTS if text.channel == Channel.SMS]
WRITTEN = [channel for channel in Channel if channel != Channel.VOICE]
TYPICAL = {
    "name": "Maria Aparecida",
    "brand": "Lojas Exemplo do Brasil",
    "phone": "(11) 3000-0000",
    "due_date": "01/11/2026",
    "agreed_day": "01/11/2026",
    "pay_link": "https://crm.example.com/p/7KQ2XW4H8M3T5P/",
    "proposal_link": "https://crm.example.com/a/7KQ2XW4H8M3T5P/",
    "proposal_until": "28/11/2026",
}


def named(texts):
    return pytest.mark.parametrize("text", texts, ids=lambda text: f"{text.key}-{text.channel}")


@named(TEXTS)
def test_there_is_nothing_to_say_against_a_text_of_the_house(text):
    asked = Text(
        channel=text.channel,
        tone=text.tone,
        disclosure=text.disclosure,
        subject=text.subject,
        body=text.body,
    )

    assert findings(asked) == ()


def test_every_step_has_a_text_for_every_channel_and_later_steps_in_softer_tones_as_well():
    assert {(text.key, text.channel) for text in TEXTS} == set(product(KEYS, WRITTEN))
    assert len(TEXTS) == len(KEYS) * len(WRITTEN)
    tones = {
        name: {KEYS[key][1] for key in KEYS if key.startswith(name)} for name in ("statement", "last_letter")
    }
    assert tones == {
        "statement": {Tone.FRIENDLY, Tone.DIRECT},
        "last_letter": {Tone.FRIENDLY, Tone.DIRECT, Tone.FORMAL},
    }


def test_no_text_speaks_harder_than_the_step_that_uses_it():
    assert [
        step.title for step in STEPS if step.template_key and KEYS[step.template_key][1] != step.tone
    ] == []


@named([text for text in TEXTS if text.key in FIRST_WORDS])
def test_first_words_tell_a_stranger_nothing(text):
    assert text.disclosure == Disclosure.NEUTRAL
    assert indiscretions(text.subject + "\n" + text.body) == ()


@named(SMS)
def test_an_sms_fits_one_plain_segment_and_says_how_to_stop(text):
    size = sms_size(fill(text.body, values=TYPICAL))

    assert (size.encoding, size.segments) == ("GSM-7", 1)
    assert text.body.endswith("Para nao receber: SAIR")


@named([text for text in TEXTS if text.key == "proposal" and text.channel in (Channel.SMS, Channel.WHATSAPP)])
def test_a_telephone_shows_of_a_proposal_only_where_it_is_and_until_when(text):
    assert indiscretions(without_placeholders(text.body)) == ()
    assert placeholders_in(text.body) & REVEALING == {"proposal_link", "proposal_until"}


@named([text for text in TEXTS if text.channel == Channel.EMAIL])
def test_an_e_mail_says_who_writes_where_to_call_and_how_to_stop(text):
    assert {"brand", "phone"} <= placeholders_in(text.subject + text.body)
    assert "SAIR" in text.body


@named([text for text in TEXTS if text.disclosure == Disclosure.FULL])
def test_what_names_amounts_names_every_part_and_the_creditor_whole(text):
    wanted = {
        "amount",
        "principal",
        "interest",
        "late_fee",
        "creditor",
        "creditor_tax_id",
        "creditor_address",
    }
    assert wanted <= placeholders_in(text.body)


def test_every_message_of_the_ladder_has_a_text_for_its_channels():
    texts = {(text.key, text.channel) for text in TEXTS}
    wanted = {
        (step.template_key, channel)
        for step in STEPS
        if step.actor == Actor.SYSTEM
        for channel in (step.channel, step.fallback_channel)
        if channel
    }

    assert wanted - texts == set()


def test_the_ladder_begins_with_a_reminder_and_writes_before_it_calls():
    after_due = [step for step in STEPS if step.offset_days > 0]

    assert (STEPS[0].offset_days, STEPS[0].tone) == (-3, Tone.REMINDER)
    assert [step.actor for step in after_due[:4]] == [Actor.SYSTEM] * 3 + [Actor.AGENT]
    assert after_due[0].offset_days == 5


def test_the_first_words_after_the_due_date_are_neutral_in_every_channel():
    first = next(step for step in STEPS if step.offset_days > 0)

    assert {text.disclosure for text in TEXTS if text.key == first.template_key} == {Disclosure.NEUTRAL}


@pytest.mark.django_db
def test_shipping_again_changes_nothing_and_respects_what_a_manager_wrote():
    ladder = defaults.ship()
    ours = Template.objects.get(key="first_notice", channel=Channel.SMS)
    templates.retire(ours.pk, revision=1, by=make_manager())
    Step.objects.filter(strategy=ladder, offset_days=5).update(offset_days=7)

    assert defaults.ship() == ladder

    assert not Template.objects.filter(
        key="first_notice", channel=Channel.SMS, state=TemplateState.APPROVED
    ).exists()
    assert (Strategy.objects.count(), Step.objects.count()) == (1, len(STEPS))
    assert Template.objects.count() == len(TEXTS)
    assert ladder.steps.filter(offset_days=7).exists()


@pytest.mark.django_db
def test_the_texts_of_the_house_arrive_approved_and_without_an_author():
    defaults.ship()

    assert set(Template.objects.values_list("state", "written_by", "version")) == {("approved", None, 1)}


@pytest.mark.django_db
def test_a_house_with_its_own_ladder_keeps_it():
    own = make_strategy()

    assert defaults.ship() == own
    assert Strategy.objects.count() == 1


@pytest.mark.django_db
def test_every_text_can_be_filled_for_a_debtor_of_whom_little_is_known(monday_10am):
    defaults.ship()
    debt, offered = (
        make_debt(debtor=make_debtor(name="João"), product="", installments=[(date(2026, 10, 1), 10_000)])
        for _ in range(2)
    )
    make_account(creditor=debt.creditor)
    make_request(debt, now=monday_10am)
    make_offer_rules(creditor=debt.creditor)
    make_agreement(debt, total_cents=10_000, by=make_manager(), now=monday_10am)
    make_proposal(offered, total_cents=10_000, by=make_manager(), now=monday_10am)
    filled = {}
    for template in Template.objects.all():
        debtor = offered.debtor if template.key == "proposal" else debt.debtor
        contact = Contact(
            pk=1, debtor=debtor, creditor=house_creditor(), channel=template.channel, template=template
        )
        subject, body = rendering.render(contact, zones=("America/Sao_Paulo",), now=monday_10am)
        filled[template.key, template.channel] = subject + body

    assert filled.keys() == {(text.key, text.channel) for text in TEXTS}
    assert [name for name, words in filled.items() if "{{" in words] == []
    assert [name for name, words in filled.items() if not re.search("Jo[aã]o", words)] == []
