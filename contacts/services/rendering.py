"""Dresses a permitted contact in today's words: its template, filled with the debtor's facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from zoneinfo import ZoneInfo

from django.utils import timezone

from collections_crm.lib import dates, money, phones, tax_ids
from contacts.models import Contact, Template
from contacts.queries import Gathered, copies, proposals
from contacts.rules import disclosure, sms_size, wording
from contacts.services import links
from contacts.vocabulary import Channel, Disclosure, TemplateState
from debtors import queries
from debtors.models import Agreement, Creditor, Debt, PaymentRequest
from debtors.queries import loyalty, offers, paying
from debtors.rules import boleto
from debtors.rules import loyalty as loyalty_rules
from debtors.rules.payoff import Balance
from debtors.services import agreements, pay_links, proposal_links

NOON, EVENING = 12, 18
PROTOCOL_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class CannotRenderError(Exception):
    """The template asks for something that is not known of this debtor; `found` names it."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True)
class _Words:
    """Everything a template of one contact may ask for, looked up only when it is asked."""

    contact: Contact
    zones: tuple[str, ...]
    now: datetime
    known: Gathered | None

    @cached_property
    def balance(self) -> Balance:
        debtor_id, creditor_id = self.contact.debtor_id, self.creditor.pk
        if self.known:
            return self.known.balance(debtor_id=debtor_id, creditor_id=creditor_id)
        on = timezone.localdate(self.now)
        return queries.balance_with(debtor_id=debtor_id, creditor_id=creditor_id, on=on)

    @cached_property
    def creditor(self) -> Creditor:
        if self.contact.creditor is None:
            raise CannotRenderError("creditor")
        return self.contact.creditor

    @cached_property
    def request(self) -> PaymentRequest:
        """What there is to pay with: what the contact is a copy of, else the latest that may be paid."""
        if copies.is_copy(self.contact):
            found = copies.request_of(self.contact)
        else:
            on = timezone.localdate(self.now)
            found = paying.latest(debtor_id=self.contact.debtor_id, creditor_id=self.creditor.pk, on=on)
        if found is None:
            raise CannotRenderError("pay_link")
        return found

    @cached_property
    def proposal(self) -> Agreement:
        """The proposal that the contact is about, else the latest one; only one that may be accepted."""
        found = proposals.proposal_of(self.contact)
        if found is None or agreements.obstacles(found, now=self.now):
            raise CannotRenderError("proposal_link")
        return found

    @cached_property
    def debt(self) -> Debt | None:
        return (
            Debt.objects.filter(debtor_id=self.contact.debtor_id, creditor=self.creditor)
            .order_by("installments__due_on")
            .first()
        )


def render(
    contact: Contact, *, zones: tuple[str, ...], now: datetime, known: Gathered | None = None
) -> tuple[str, str]:
    """Return subject and body of a contact, as of `now`; both empty for a call.

    `zones` are the debtor's: the greeting follows his clock, not ours. `known` are the facts, where
    they were gathered already: the amount named is the amount judged. Raises CannotRenderError
    when the template needs what is not known (a message with a hole must not leave), and when it
    is not in use, or not as discreet as it promises.
    """
    template = contact.template
    if template is None:
        return contact.subject, contact.body
    if template.state != TemplateState.APPROVED:
        raise CannotRenderError("a text in use")
    words = _Words(contact, zones, now, known)
    try:
        needed = wording.placeholders_in(template.subject) | wording.placeholders_in(template.body)
        _refuse_a_brand_that_tells(template, words=words, needed=needed)
        values = {name: VALUES[name](words) for name in needed}
        subject = wording.fill(template.subject, values=values, channel=contact.channel)
        body = wording.fill(template.body, values=values, channel=contact.channel)
    except wording.PlaceholderError as error:
        raise CannotRenderError(error.found) from error
    # Accents outside GSM-7 would make an SMS cost twice, and several carriers drop them anyway.
    return subject, sms_size.fold_to_gsm(body) if contact.channel == Channel.SMS else body


def protocol(contact_id: int) -> str:
    """Return the six characters that name a contact to the debtor, and make each text unlike any other."""
    digest = int.from_bytes(blake2b(str(contact_id).encode(), digest_size=8).digest())
    letters = []
    for _place in range(6):
        digest, letter = divmod(digest, len(PROTOCOL_ALPHABET))
        letters.append(PROTOCOL_ALPHABET[letter])
    return "".join(letters)


def _refuse_a_brand_that_tells(template: Template, *, words: _Words, needed: frozenset[str]) -> None:
    """Keep a neutral text back whose sender's own name tells a stranger what it is about."""
    if template.disclosure == Disclosure.NEUTRAL and "brand" in needed:
        found = disclosure.indiscretions(words.creditor.brand)
        if any(each.kind == "word" for each in found):
            raise CannotRenderError("a neutral brand")


def phone_as_read(number: str) -> str:
    """Return a telephone as it is read; as it stands where it is none that we can read."""
    return phones.format_national(number) if phones.area_code(number) else number


def _phone(words: _Words) -> str:
    return phone_as_read(words.creditor.phone)


def _greeting(words: _Words) -> str:
    """Return good morning, afternoon or evening by the debtor's clock, in the messages' own Portuguese."""
    hour = words.now.astimezone(ZoneInfo(words.zones[0]) if words.zones else None).hour
    if hour < NOON:
        return "Bom dia"
    return "Boa tarde" if hour < EVENING else "Boa noite"


def _benefits(words: _Words) -> str:
    """Return what a good payer has, kindly; a word for everybody where there is no level."""
    found = loyalty.standing(
        debtor_id=words.contact.debtor_id,
        creditor_id=words.creditor.pk,
        on=timezone.localdate(words.now),
    )
    return (found.words if found else "") or loyalty_rules.WORDS_FOR_ALL


def _due_date(words: _Words) -> str:
    day = words.balance.oldest_open_due_on
    return dates.format_br(day) if day else ""


def _agreed_day(words: _Words) -> str:
    """Return when the next payment of the agreement falls due; nothing where none is awaited any more."""
    day = offers.awaited_on(debtor_id=words.contact.debtor_id, creditor_id=words.creditor.pk)
    return dates.format_br(day) if day else ""


#: How each placeholder is filled; there is one for every name in `wording.PLACEHOLDERS`.
VALUES: Mapping[str, Callable[[_Words], str]] = {
    "name": lambda words: words.contact.debtor.short_name,
    "full_name": lambda words: words.contact.debtor.name,
    "greeting": _greeting,
    "agent": lambda words: words.contact.agent.name if words.contact.agent else words.creditor.brand,
    "brand": lambda words: words.creditor.brand,
    "phone": _phone,
    "opt_out": lambda words: wording.opt_out(channel=words.contact.channel, phone=_phone(words)),
    "protocol": lambda words: protocol(words.contact.pk),
    "not_me_link": lambda words: links.not_me(words.contact.pk),
    "stop_link": lambda words: links.stop(words.contact.pk),
    "pay_link": lambda words: pay_links.address_of(words.request.pk),
    "pay_code": lambda words: words.request.payload or boleto.format_line(words.request.line),
    "pay_until": lambda words: dates.format_br(words.request.due_on),
    "proposal_link": lambda words: proposal_links.address_of(words.proposal.pk),
    "proposal_until": lambda words: dates.format_br(offers.open_until(words.proposal)),
    "benefits": _benefits,
    "creditor": lambda words: words.creditor.name,
    "creditor_tax_id": lambda words: tax_ids.format_number(words.creditor.tax_id),
    "creditor_address": lambda words: words.creditor.address,
    "product": lambda words: words.debt.product if words.debt else "",
    "contract": lambda words: words.debt.contract if words.debt else "",
    "amount": lambda words: money.format_brl(words.balance.due_cents or words.balance.total_cents),
    "principal": lambda words: money.format_brl(words.balance.late_principal_cents),
    "interest": lambda words: money.format_brl(words.balance.interest_cents),
    "correction": lambda words: money.format_brl(words.balance.correction_cents),
    "costs": lambda words: money.format_brl(words.balance.costs_cents),
    "late_fee": lambda words: money.format_brl(words.balance.late_fee_cents),
    "due_date": _due_date,
    "agreed_day": _agreed_day,
    "days_late": lambda words: str(max(words.balance.days_late, 0)),
}
