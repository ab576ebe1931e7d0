"""What the app that knows keeps; the only place that re-exports."""

from debtors.models.access import User
from debtors.models.agreement import (
    AgreedDebt,
    AgreedPayment,
    Agreement,
    AgreementDecision,
    AgreementDiscount,
)
from debtors.models.arrival import Arrival, BankFile
from debtors.models.cost import Cost
from debtors.models.customer_fact import CustomerFact
from debtors.models.debt import Debt, Installment
from debtors.models.doubt import LedgerDoubt
from debtors.models.escalation import EscalationEvent, EscalationFile
from debtors.models.escalation_terms import EscalationTerms
from debtors.models.imports import ImportRun
from debtors.models.index_rate import IndexRate
from debtors.models.ledger import AppendOnlyError, LedgerEntry
from debtors.models.loyalty import LoyaltyLevel, LoyaltyRules
from debtors.models.offer_rules import DiscountBand, OfferRules
from debtors.models.party import ContactPoint, Creditor, Debtor, Portfolio
from debtors.models.payment import Payment
from debtors.models.payment_request import PaymentRequest
from debtors.models.point_change import PointChange
from debtors.models.promise import PromiseToPay
from debtors.models.receiving import ReceivingAccount
from debtors.models.segment import Segment
from debtors.models.sent_form import SentForm
from debtors.models.taken_back import TakenBack
from debtors.models.transit import MoneyInTransit
from debtors.models.wrong_digits import WrongDigits

__all__ = [
    "AgreedDebt",
    "AgreedPayment",
    "Agreement",
    "AgreementDecision",
    "AgreementDiscount",
    "AppendOnlyError",
    "Arrival",
    "BankFile",
    "ContactPoint",
    "Cost",
    "Creditor",
    "CustomerFact",
    "Debt",
    "Debtor",
    "DiscountBand",
    "EscalationEvent",
    "EscalationFile",
    "EscalationTerms",
    "ImportRun",
    "IndexRate",
    "Installment",
    "LedgerDoubt",
    "LedgerEntry",
    "LoyaltyLevel",
    "LoyaltyRules",
    "MoneyInTransit",
    "OfferRules",
    "Payment",
    "PaymentRequest",
    "PointChange",
    "Portfolio",
    "PromiseToPay",
    "ReceivingAccount",
    "Segment",
    "SentForm",
    "TakenBack",
    "User",
    "WrongDigits",
]
