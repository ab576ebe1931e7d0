"""The placeholders of a text: which there are, and how values are put in their place, once and clean."""

import re
import unicodedata
from collections.abc import Mapping

from contacts.vocabulary import Channel

#: Every placeholder a text may hold, written `{{ name }}`. The longest value each may take, in characters.
PLACEHOLDERS: Mapping[str, int] = {
    "name": 40,  # how the debtor is to be addressed
    "full_name": 80,
    "greeting": 20,  # bom dia, boa tarde, boa noite: by the debtor's own clock
    "agent": 40,
    "brand": 60,  # the creditor's neutral name
    "phone": 20,  # where to call back
    "opt_out": 80,  # how to say no, in the channel's own way
    "protocol": 20,  # makes every body unique
    "not_me_link": 120,  # where a stranger says that it was not for him
    "stop_link": 120,  # where whoever got it says that he wants no more
    "pay_link": 120,  # the debtor's own page of the Pix or boleto that waits to be paid
    "pay_code": 512,  # its code to copy, or the boleto's line to type
    "pay_until": 12,
    "proposal_link": 120,  # the debtor's own page of the proposal that was made to him
    "proposal_until": 12,
    "benefits": 200,  # what a good payer has and may keep, or a kind word
    "creditor": 120,  # legal name, from here on only for the right person
    "creditor_tax_id": 20,
    "creditor_address": 200,
    "product": 60,
    "contract": 40,
    "amount": 20,
    "principal": 20,
    "interest": 20,
    "late_fee": 20,
    "correction": 20,
    "costs": 20,
    "due_date": 12,
    "agreed_day": 12,  # when the next payment of the agreement falls due
    "days_late": 6,
}
#: Those whose value is money. What a debt comes to is told item by item, never as a bare sum.
AMOUNTS = frozenset({"amount", "principal", "interest", "late_fee", "correction", "costs"})
#: Placeholders whose value tells a stranger that, what or whom somebody owes.
REVEALING = AMOUNTS | {
    "creditor", "creditor_tax_id", "creditor_address", "product", "contract", "due_date", "days_late",
    "agreed_day", "pay_link", "pay_code", "pay_until", "proposal_link", "proposal_until",
}  # fmt: skip
#: What a channel reads as more than a letter, and what no value may therefore hold there. E-mails and
#: letters become HTML where they leave, and are escaped there.
MARKUP: Mapping[str, str] = {Channel.WHATSAPP: "*_~`"}
#: How a reader says that he wants no more of it, in the channel's own way; an SMS has no accents.
OPT_OUTS: Mapping[str, str] = {
    Channel.SMS: "Para nao receber: SAIR",
    Channel.WHATSAPP: "Para não receber mais mensagens, responda SAIR",
    Channel.EMAIL: "Para não receber mais e-mails, responda SAIR",
    Channel.LETTER: "Para não receber mais cartas, ligue {phone}",
}

_PLACEHOLDER = re.compile(r"\{\{ ?([a-z_]{1,30}) ?\}\}")


class PlaceholderError(ValueError):
    """A text holds a placeholder that does not exist, is written wrongly, or has no value. `found` is it."""

    def __init__(self, found: str) -> None:
        super().__init__(f"placeholder {found!r} cannot be filled")
        self.found = found


def placeholders_in(text: str) -> frozenset[str]:
    """Return the names of the placeholders in `text`.

    Raises PlaceholderError for one that is unknown, and for any other brace, such as `{name}`.
    """
    names = frozenset(_PLACEHOLDER.findall(text))
    for name in sorted(names):
        if name not in PLACEHOLDERS:
            raise PlaceholderError(name)
    stray = re.search(r"\{.{0,20}|\}", _PLACEHOLDER.sub("", text), re.DOTALL)
    if stray:
        raise PlaceholderError(stray.group())
    return names


def without_placeholders(text: str) -> str:
    """Return the fixed words of `text`: every placeholder replaced by a blank."""
    return _PLACEHOLDER.sub(" ", text)


def fill(text: str, *, values: Mapping[str, str], channel: str = "") -> str:
    """Return `text` with its placeholders replaced by plain, clean, shortened values.

    Values are put in once and never read again, so braces inside a name stay what they are, and
    what `channel` would read as markup is left out of them.
    Raises PlaceholderError for a placeholder without a value: a message with a hole must not leave.
    """
    plain = str.maketrans("", "", MARKUP.get(channel, ""))
    cleaned = {
        name: clean(values.get(name, "").translate(plain), longest=PLACEHOLDERS[name])
        for name in placeholders_in(text)
    }
    for name, value in cleaned.items():
        if not value:
            raise PlaceholderError(name)
    return _PLACEHOLDER.sub(lambda found: cleaned[found[1]], text)


def opt_out(*, channel: str, phone: str) -> str:
    """Return by which words the reader of a channel learns how to be left alone; `phone` is where to call."""
    return OPT_OUTS.get(channel, OPT_OUTS[Channel.SMS]).format(phone=phone)


def clean(value: str, *, longest: int) -> str:
    """Return `value` in one line, without invisible characters, cut to `longest` characters."""
    visible = (
        " " if unicodedata.category(character) == "Cc" else character
        for character in value
        if unicodedata.category(character) not in ("Cf", "Cs", "Co")
    )
    return " ".join("".join(visible).split())[:longest].rstrip()
