"""The words of the app that knows: who people are, how to reach them, what moves a debt."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PartyKind(TextChoices):
    """Whom a debt may belong to: a natural person (CPF) or a company (CNPJ)."""

    PERSON = "person", _("person")
    COMPANY = "company", _("company")


class Medium(TextChoices):
    """What a contact point is made of."""

    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    ADDRESS = "address", _("address")


class PointKind(TextChoices):
    """Whose contact point it is. Workplace and third party are facts, never a free text."""

    OWN = "own", _("own")
    HOME = "home", _("home")
    WORKPLACE = "workplace", _("workplace")
    THIRD_PARTY = "third_party", _("third party")


class PointStatus(TextChoices):
    """What is known of a contact point."""

    NEW = "new", _("not confirmed yet")
    VERIFIED = "verified", _("confirmed")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    REASSIGNED = "reassigned", _("now someone else's")
    DO_NOT_CONTACT = "do_not_contact", _("do not use")
    EXHAUSTED = "exhausted", _("never answers")
    INVALID = "invalid", _("does not exist")


#: Statuses in which a contact point is never used again.
RETIRED_STATUSES = frozenset(
    {
        PointStatus.WRONG_NUMBER,
        PointStatus.REASSIGNED,
        PointStatus.DO_NOT_CONTACT,
        PointStatus.EXHAUSTED,
        PointStatus.INVALID,
    }
)


class Instrument(TextChoices):
    """What kind of paper or promise the debt stands on."""

    BOLETO = "boleto", _("boleto")
    CONTRACT = "contract", _("contract")
    CARD = "card", _("card")
    CHEQUE = "cheque", _("cheque")
    OTHER = "other", _("other")


class EntryKind(TextChoices):
    """One movement of one debt. The first three raise it, the next two lower it."""

    CHARGE = "charge", _("installment")
    INTEREST = "interest", _("interest")
    LATE_FEE = "late_fee", _("late fee")
    PAYMENT = "payment", _("payment")
    DISCOUNT = "discount", _("discount")
    REVERSAL = "reversal", _("reversal")


class PaymentMethod(TextChoices):
    """How the money came."""

    PIX = "pix", _("Pix")
    BOLETO = "boleto", _("boleto")
    TRANSFER = "transfer", _("bank transfer")
    CARD = "card", _("card")
    CASH = "cash", _("cash")
    OTHER = "other", _("other")


class PaymentSource(TextChoices):
    """Who told us of a payment; (source, external id) names it once and for all."""

    HAND = "hand", _("typed by hand")
    FILE = "file", _("imported file")
    BANK = "bank", _("bank")


class PromiseStatus(TextChoices):
    """What became of a promise to pay."""

    OPEN = "open", _("open")
    KEPT = "kept", _("kept")
    PARTLY_KEPT = "partly_kept", _("partly kept")
    BROKEN = "broken", _("broken")
    CANCELLED = "cancelled", _("withdrawn")


class ImportState(TextChoices):
    """How far an import has come."""

    CHECKED = "checked", _("checked, nothing written")
    DONE = "done", _("imported")
    REFUSED = "refused", _("refused")
