"""The texts as shipped, in the debtors' own Portuguese: for each step of the ladder, channel and tone.

They arrive approved; a manager writes another version where the house speaks differently. What is
neutral tells a stranger nothing: no debt, no amount, no creditor's detail. What tells an amount
tells it item by item and names the creditor whole, as the Consumer Code (Law 8.078/1990), art. 42-A,
asks of every document of collection. Later steps come in softer tones as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contacts.vocabulary import Channel, Disclosure, Tone
from dunning.rules import texts_email, texts_letter, texts_sms, texts_whatsapp

#: Key -> title and tone. A key names what is said at a step, whichever channel says it.
KEYS: Mapping[str, tuple[str, Tone]] = {
    "due_soon": ("Lembrete antes do vencimento", Tone.REMINDER),
    "due_today": ("Lembrete no dia do vencimento", Tone.REMINDER),
    "first_notice": ("Primeiro recado, cordial", Tone.FRIENDLY),
    "second_notice": ("Segundo recado", Tone.FRIENDLY),
    "before_call": ("Aviso de que vamos ligar", Tone.FRIENDLY),
    "callback_agreed": ("Confirmação do horário combinado", Tone.FRIENDLY),
    "ways_to_pay": ("Como pagar ou pedir a segunda via", Tone.FRIENDLY),
    "statement_friendly": ("Demonstrativo, em tom amigável", Tone.FRIENDLY),
    "statement": ("Demonstrativo do que está em aberto", Tone.DIRECT),
    "last_letter_friendly": ("Carta final, em tom amigável", Tone.FRIENDLY),
    "last_letter_direct": ("Carta final, direta", Tone.DIRECT),
    "last_letter": ("Carta final, cordial", Tone.FORMAL),
    "agreed_soon": ("Lembrete da parcela de um acordo", Tone.REMINDER),
    "thank_you": ("Agradecimento pelo pagamento", Tone.FRIENDLY),
    "second_copy": ("Segunda via pedida pelo cliente", Tone.FRIENDLY),
    "proposal": ("Proposta combinada na ligação", Tone.FRIENDLY),
}
#: How much each key tells where the reader opens it himself.
TELLS: Mapping[str, Disclosure] = {
    "due_soon": Disclosure.IDENTIFIED,
    "due_today": Disclosure.IDENTIFIED,
    "first_notice": Disclosure.NEUTRAL,
    "second_notice": Disclosure.NEUTRAL,
    "before_call": Disclosure.NEUTRAL,
    "callback_agreed": Disclosure.NEUTRAL,
    "ways_to_pay": Disclosure.IDENTIFIED,
    "statement_friendly": Disclosure.FULL,
    "statement": Disclosure.FULL,
    "last_letter_friendly": Disclosure.FULL,
    "last_letter_direct": Disclosure.FULL,
    "last_letter": Disclosure.FULL,
    "agreed_soon": Disclosure.IDENTIFIED,
    "thank_you": Disclosure.IDENTIFIED,
    "second_copy": Disclosure.IDENTIFIED,
    "proposal": Disclosure.IDENTIFIED,
}
#: What a telephone shows unopened is neutral, reminders, thanks and what the reader asked for aside.
ON_A_TELEPHONE = {"due_soon", "due_today", "agreed_soon", "thank_you", "second_copy", "proposal"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultText:
    """One template as shipped."""

    key: str
    channel: Channel
    title: str
    body: str
    tone: Tone
    disclosure: Disclosure
    subject: str = ""


def _text(key: str, channel: Channel, *, body: str, subject: str = "") -> DefaultText:
    title, tone = KEYS[key]
    is_shown = channel in (Channel.SMS, Channel.WHATSAPP) and key not in ON_A_TELEPHONE
    return DefaultText(
        key=key,
        channel=channel,
        title=title,
        body=body,
        tone=tone,
        disclosure=Disclosure.NEUTRAL if is_shown else TELLS[key],
        subject=subject,
    )


TEXTS = (
    *(_text(key, Channel.SMS, body=texts_sms.BODIES[key]) for key in KEYS),
    *(_text(key, Channel.WHATSAPP, body=texts_whatsapp.BODIES[key]) for key in KEYS),
    *(
        _text(key, channel, subject=texts[key][0], body=texts[key][1])
        for channel, texts in ((Channel.EMAIL, texts_email.TEXTS), (Channel.LETTER, texts_letter.TEXTS))
        for key in KEYS
    ),
)
