"""Whether a text may be approved: by what it tells, how it speaks, what it must hold, and how big it is."""

from dataclasses import replace

import pytest

from contacts.rules import disclosure, example, wording
from contacts.rules.disclosure import Stage
from contacts.rules.keywords import Meaning, meanings_of
from contacts.rules.readiness import STOP_WORDS_TOLD, Finding, Text, findings, refusals
from contacts.vocabulary import Channel, Disclosure, Tone

NEUTRAL_SMS = Text(
    channel=Channel.SMS,
    tone=Tone.FRIENDLY,
    disclosure=Disclosure.NEUTRAL,
    body="Ola, {{ name }}. Aqui e a {{ brand }}. Ligue {{ phone }}. {{ opt_out }}",
)
STATEMENT = Text(
    channel=Channel.EMAIL,
    tone=Tone.DIRECT,
    disclosure=Disclosure.FULL,
    subject="Um resumo da {{ brand }}",
    body="{{ greeting }}, {{ name }}. Original {{ principal }}, multa {{ late_fee }}, juros {{ interest }}, "
    "total {{ amount }}. Se já pagou, desconsidere. Credor: {{ creditor }}, {{ creditor_tax_id }}, "
    "{{ creditor_address }}. Ligue {{ phone }}. {{ opt_out }}",
)
IDENTIFIED_SMS = replace(
    NEUTRAL_SMS,
    tone=Tone.REMINDER,
    disclosure=Disclosure.IDENTIFIED,
    body="Ola, {{ name }}. {{ brand }}: vencimento em {{ due_date }}. Ligue {{ phone }}. {{ opt_out }}",
)


@pytest.mark.parametrize("text", [NEUTRAL_SMS, STATEMENT, IDENTIFIED_SMS])
def test_a_courteous_text_is_ready_without_a_word(text):
    assert findings(text) == ()


def without(text: Text, words: str) -> Text:
    assert words in text.body
    return replace(text, body=text.body.replace(words, ""))


def adding(text: Text, words: str) -> Text:
    return replace(text, body=f"{text.body} {words}")


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (adding(NEUTRAL_SMS, "{{ nome }}"), Finding(kind="no_placeholder", found="nome")),
        (replace(STATEMENT, subject="{x}"), Finding(kind="no_placeholder", found="{x}", field="subject")),
        (replace(NEUTRAL_SMS, body=" \n"), Finding(kind="empty")),
        (replace(STATEMENT, subject=" "), Finding(kind="no_subject", field="subject")),
        (without(NEUTRAL_SMS, "{{ opt_out }}"), Finding(kind="no_opt_out")),
        (without(NEUTRAL_SMS, "{{ brand }}"), Finding(kind="no_sender")),
        (without(STATEMENT, "{{ creditor_tax_id }}"), Finding(kind="no_creditor", found="creditor_tax_id")),
        (without(STATEMENT, "{{ creditor_address }}"), Finding(kind="no_creditor", found="creditor_address")),
        (without(STATEMENT, "{{ creditor }}"), Finding(kind="no_creditor", found="creditor")),
        (without(STATEMENT, "{{ late_fee }}"), Finding(kind="no_item", found="late_fee")),
        (without(STATEMENT, "{{ amount }}"), Finding(kind="no_item", found="amount")),
        (adding(STATEMENT, "Faltam R$ 10,00."), Finding(kind="typed_amount")),
        (adding(STATEMENT, "Faltam 1.234,56."), Finding(kind="typed_amount")),
        (
            replace(STATEMENT, channel=Channel.SMS),
            Finding(kind="too_open_for_channel", found="identified", field="disclosure"),
        ),
        (
            replace(STATEMENT, channel=Channel.WHATSAPP),
            Finding(kind="too_open_for_channel", found="identified", field="disclosure"),
        ),
        (
            replace(STATEMENT, disclosure=Disclosure.IDENTIFIED),
            Finding(kind="tells_more_than_it_says", found="full", field="disclosure"),
        ),
        (adding(NEUTRAL_SMS, "Sua divida."), Finding(kind="indiscreet_word", found="divida")),
        (adding(NEUTRAL_SMS, "R$ 10"), Finding(kind="indiscreet_amount", found="r$")),
        (adding(NEUTRAL_SMS, "{{ due_date }}"), Finding(kind="indiscreet_placeholder", found="due_date")),
        (adding(IDENTIFIED_SMS, "Esta vencido."), Finding(kind="indiscreet_word", found="vencido")),
        (
            replace(STATEMENT, subject="Seu débito"),
            Finding(kind="indiscreet_word", found="debito", field="subject"),
        ),
        (
            replace(STATEMENT, subject="São {{ amount }}"),
            Finding(kind="indiscreet_placeholder", found="amount", field="subject"),
        ),
        (adding(STATEMENT, "Chamaremos a polícia."), Finding(kind="threat", found="policia")),
        (adding(STATEMENT, "Seu nome vai ao SPC."), Finding(kind="consequence", found="spc")),
        (adding(NEUTRAL_SMS, "LIGUE HOJE MESMO"), Finding(kind="capitals", found="LIGUE HOJE MESMO")),
        (replace(STATEMENT, subject="Responda!!"), Finding(kind="storm", found="!!", field="subject")),
        (adding(NEUTRAL_SMS, "x" * 1600), Finding(kind="too_long", found="1600")),
        (
            replace(NEUTRAL_SMS, channel=Channel.WHATSAPP, body=NEUTRAL_SMS.body + "x" * 1024),
            Finding(kind="too_long", found="1024"),
        ),
    ],
)
def test_what_keeps_a_text_from_being_approved(text, finding):
    assert finding in refusals(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (adding(STATEMENT, "A dívida é esta."), "hard_word"),
        (adding(NEUTRAL_SMS, "Oi! Oi! Oi!"), "exclamations"),
        (replace(NEUTRAL_SMS, body=NEUTRAL_SMS.body.replace("Ola, ", "")), "no_greeting"),
        (without(NEUTRAL_SMS, "{{ phone }}"), "no_way_to_answer"),
        (without(STATEMENT, "Se já pagou, desconsidere."), "no_if_paid"),
        (adding(NEUTRAL_SMS, "a" * 250), "many_segments"),
        (adding(NEUTRAL_SMS, "😀"), "stubborn_letter"),
    ],
)
def test_what_could_be_better_is_said_and_keeps_nobody(text, kind):
    assert refusals(text) == ()
    assert kind in {each.kind for each in findings(text)}


def test_a_formal_text_in_full_may_announce_a_consequence_and_is_reminded_of_it():
    text = replace(adding(STATEMENT, "O credor pode enviar o título a protesto."), tone=Tone.FORMAL)

    assert refusals(text) == ()
    assert Finding(kind="consequence", found="protesto", is_refusal=False) in findings(text)


def test_nothing_justifies_a_threat():
    text = replace(adding(STATEMENT, "Haverá penhora."), tone=Tone.FORMAL)

    assert Finding(kind="threat", found="penhora") in refusals(text)


def test_a_reminder_before_the_due_date_may_name_one_amount():
    reminder = replace(STATEMENT, tone=Tone.REMINDER)

    for item in ("{{ principal }}", "{{ late_fee }}", "{{ interest }}"):
        reminder = without(reminder, item)
    assert refusals(reminder) == ()


def test_one_word_is_refused_for_one_reason():
    found = [each for each in refusals(adding(NEUTRAL_SMS, "Va ao SPC.")) if each.found == "spc"]

    assert found == [Finding(kind="consequence", found="spc")]


@pytest.mark.parametrize("word", sorted(STOP_WORDS_TOLD))
def test_every_word_by_which_a_reader_is_told_to_stop_does_stop_us(word):
    assert meanings_of(word) == {Meaning.OPT_OUT}
    assert refusals(replace(NEUTRAL_SMS, body=NEUTRAL_SMS.body.replace("{{ opt_out }}", word))) == ()


@pytest.mark.parametrize("words", ["para nao receber, ligue", "nao quer receber? sair", "Descadastro"])
def test_a_message_that_cannot_be_stopped_by_an_answer_is_refused(words):
    text = replace(NEUTRAL_SMS, body=NEUTRAL_SMS.body.replace("{{ opt_out }}", words))

    assert Finding(kind="no_opt_out") in refusals(text)


@pytest.mark.parametrize(
    ("words", "is_ready"),
    [
        ("Se não quiser mais receber cartas, ligue para {{ phone }}.", True),
        ("{{ opt_out }}.", True),
        ("Responda SAIR.", False),
        ("Se não quiser mais receber cartas, diga.", False),
    ],
)
def test_who_gets_a_letter_is_told_whom_to_call_to_get_no_more(words, is_ready):
    letter = Text(
        channel=Channel.LETTER,
        tone=Tone.FRIENDLY,
        disclosure=Disclosure.NEUTRAL,
        subject="Um recado",
        body="Olá, {{ name }}. Aqui é a {{ brand }}. " + words,
    )

    assert (Finding(kind="no_opt_out") not in refusals(letter)) is is_ready


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP, Channel.EMAIL, Channel.LETTER])
def test_what_the_house_itself_says_of_stopping_is_enough_in_every_channel(channel):
    said = wording.opt_out(channel=channel, phone="(11) 3000-0000")

    assert len(said) <= wording.PLACEHOLDERS["opt_out"]
    if channel != Channel.LETTER:
        assert Meaning.OPT_OUT in meanings_of(said.split()[-1])


def test_the_invented_debtor_has_a_value_for_every_placeholder():
    assert set(example.VALUES) | {"opt_out"} == set(wording.PLACEHOLDERS)


def test_markup_of_whatsapp_is_left_out_of_values_and_kept_in_the_text():
    filled = wording.fill("*Olá*, {{ name }}", values={"name": "*Ma_ria*~`"}, channel=Channel.WHATSAPP)

    assert filled == "*Olá*, Maria"
    assert wording.fill("{{ name }}", values={"name": "A_b"}, channel=Channel.EMAIL) == "A_b"


def test_a_value_of_nothing_but_markup_is_a_hole():
    with pytest.raises(wording.PlaceholderError):
        wording.fill("{{ name }}", values={"name": "***"}, channel=Channel.WHATSAPP)


@pytest.mark.parametrize(
    ("channel", "stage", "most"),
    [
        (Channel.EMAIL, Stage.LATER, Disclosure.FULL),
        (Channel.EMAIL, Stage.FIRST, Disclosure.NEUTRAL),
        (Channel.EMAIL, Stage.BEFORE_DUE, Disclosure.IDENTIFIED),
        (Channel.LETTER, Stage.LATER, Disclosure.FULL),
        (Channel.LETTER, Stage.FIRST, Disclosure.NEUTRAL),
        (Channel.SMS, Stage.LATER, Disclosure.IDENTIFIED),
        (Channel.WHATSAPP, Stage.LATER, Disclosure.IDENTIFIED),
        (Channel.SMS, Stage.FIRST, Disclosure.NEUTRAL),
        (Channel.VOICE, Stage.LATER, Disclosure.NEUTRAL),
        ("pigeon", Stage.LATER, Disclosure.NEUTRAL),
    ],
)
def test_a_first_word_is_neutral_and_a_telephone_never_shows_an_amount(channel, stage, most):
    assert disclosure.most(channel=channel, stage=stage) == most


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Olá, {{ name }}, da {{ brand }}", Disclosure.NEUTRAL),
        ("Vence em {{ due_date }}", Disclosure.IDENTIFIED),
        ("Credor {{ creditor }}", Disclosure.IDENTIFIED),
        ("São {{ amount }}", Disclosure.FULL),
        ("São 10,50", Disclosure.FULL),
        ("dez reais e dez centavos", Disclosure.FULL),
        ("às 08:30, 10,5 ou 3,1415", Disclosure.NEUTRAL),
    ],
)
def test_what_a_text_tells_follows_from_its_placeholders_and_figures(text, told):
    assert disclosure.tells(text) == told
