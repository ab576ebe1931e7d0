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
    """One movement of one debt. The first five raise it, the next two lower it."""

    CHARGE = "charge", _("installment")
    INTEREST = "interest", _("interest")
    LATE_FEE = "late_fee", _("late fee")
    CORRECTION = "correction", _("correction")
    COSTS = "costs", _("costs")
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
    PIX = "pix", _("Pix")


class PromiseStatus(TextChoices):
    """What became of a promise to pay."""

    OPEN = "open", _("open")
    KEPT = "kept", _("kept")
    PARTLY_KEPT = "partly_kept", _("partly kept")
    BROKEN = "broken", _("broken")
    CANCELLED = "cancelled", _("withdrawn")


class RateSource(TextChoices):
    """Where the rate of interest comes from."""

    AGREED = "agreed", _("the rate agreed in the contract, as below")
    LEGAL = "legal", _("the legal rate (Selic less IPCA): none was agreed")


class MonthLength(TextChoices):
    """Over how many days a monthly rate is spread."""

    DAYS_30 = "30", _("a month of 30 days")
    YEAR_365 = "365", _("a twelfth of a year of 365 days")


class CentavoRounding(TextChoices):
    """What becomes of a fraction of a centavo."""

    HALF_UP = "half_up", _("half a centavo counts as one")
    DOWN = "down", _("fractions fall away")


class LateFeeBase(TextChoices):
    """What the late fee is a share of."""

    INSTALLMENT = "installment", _("the installment as agreed")
    CORRECTED = "corrected", _("the installment with its correction")
    WITH_INTEREST = "with_interest", _("the installment with correction and interest")


class PriceIndex(TextChoices):
    """A table of monthly rates, as its publisher names it."""

    IPCA = "ipca", "IPCA (IBGE)"
    INPC = "inpc", "INPC (IBGE)"
    IGPM = "igpm", "IGP-M (FGV)"
    IPCA15 = "ipca15", "IPCA-15 (IBGE)"
    SELIC = "selic", "Selic (Banco Central)"
    LEGAL = "legal", _("legal rate (Banco Central, series 29543)")


#: Indices by which a contract may correct its amounts.
CORRECTING = (PriceIndex.IPCA, PriceIndex.INPC, PriceIndex.IGPM)


class PaymentOrder(TextChoices):
    """Which addition a payment settles first; costs come before all, the principal last."""

    FEE_FIRST = "fee_first", _("late fee, interest, correction, principal")
    INTEREST_FIRST = "interest_first", _("interest, late fee, correction, principal")


class ArrivalState(TextChoices):
    """What became of money that a bank told of."""

    MATCHED = "matched", _("matched to a debtor")
    WAITING = "waiting", _("waits for somebody to match it")
    CONFLICT = "conflict", _("told before with other content")
    SENT_BACK = "sent_back", _("sent back")


class TransitKind(TextChoices):
    """How money is on its way to us."""

    BOLETO = "boleto", _("boleto")
    PIX = "pix", _("Pix")
    INSTALLMENT = "installment", _("agreement's installment")


class TransitState(TextChoices):
    """What became of money on its way; what has expired stands still by its date."""

    WAITING = "waiting", _("on its way")
    ARRIVED = "arrived", _("arrived")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ImportState(TextChoices):
    """How far an import has come."""

    CHECKED = "checked", _("checked, nothing written")
    RUNNING = "running", _("being written")
    DONE = "done", _("imported")
    REFUSED = "refused", _("refused")


class AgreementState(TextChoices):
    """How far an agreement has come."""

    PROPOSED = "proposed", _("proposed")
    ACTIVE = "active", _("in force")
    FULFILLED = "fulfilled", _("fulfilled")
    BROKEN = "broken", _("broken")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Evidence(TextChoices):
    """What proves that the debtor accepted an agreement."""

    CONTRACT = "contract", _("signed contract")
    VERBAL = "verbal", _("said in a recorded call")
    ONLINE = "online", _("accepted online")


class WhenBroken(TextChoices):
    """What becomes of the discount of an agreement that is broken."""

    UNDONE = "undone", _("the discount falls away: everything is owed again, less what was paid")
    KEPT = "kept", _("the discount stays: only what was agreed is still owed, with interest since then")


class ForgivenFor(TextChoices):
    """Why an agreement forgave something."""

    AGREED = "agreed", _("agreed")
    ADDED_SINCE = "added_since", _("added while the agreement was kept")


class FactKind(TextChoices):
    """What a creditor says of somebody as its customer."""

    KEY_CUSTOMER = "key_customer", _("key customer")
    CREDIT_RISK = "credit_risk", _("credit risk")


class FactValue(TextChoices):
    """How it is: a key customer or not; the risk low, medium or high."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class RequestKind(TextChoices):
    """What a debtor is given to pay with."""

    PIX = "pix", _("Pix")
    PIX_DUE = "pix_due", _("Pix with a due date, kept at the bank")
    BOLETO = "boleto", _("boleto")


class RequestState(TextChoices):
    """How far something to pay with has come. What became of its money stands on the money's own row."""

    ASKED = "asked", _("being asked of the bank")
    READY = "ready", _("ready")
    UNCLEAR = "unclear", _("the bank has not answered clearly yet")
    REFUSED = "refused", _("refused by the bank")


class SlipBank(TextChoices):
    """Banks whose slips can be issued."""

    BANCO_DO_BRASIL = "001", "001 Banco do Brasil"
    SANTANDER = "033", "033 Santander"
    BRADESCO = "237", "237 Bradesco"
    ITAU = "341", "341 Itaú"


class EscalationStep(TextChoices):
    """What can be done beyond asking."""

    BUREAU_NOTICE = "bureau_notice", _("notice by the credit bureau")
    BUREAU_LISTING = "bureau_listing", _("listing at the credit bureau")
    NOTARY_PROTEST = "notary_protest", _("protest at the notary's")
    EXTERNAL_AGENCY = "external_agency", _("external agency")
    LEGAL_HANDOVER = "legal_handover", _("hand-over to a lawyer")


class EscalationKind(TextChoices):
    """What happened about a step."""

    ASKED = "asked", _("asked for")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    PROVEN = "proven", _("document of the debt at hand")
    ANNOUNCED = "announced", _("announced to the debtor")
    DELIVERED = "delivered", _("announcement proven to have arrived")
    DONE = "done", _("done")
    REMOVED = "removed", _("taken back")
    UPHELD = "upheld", _("dispute found to be right")

    @classmethod
    def with_reason(cls) -> list[str]:
        """Return those that say why."""
        return [cls.ASKED, cls.APPROVED, cls.REFUSED]

    @classmethod
    def with_proof(cls) -> list[str]:
        """Return those that say where the proof is."""
        return [cls.PROVEN, cls.ANNOUNCED, cls.DELIVERED]
