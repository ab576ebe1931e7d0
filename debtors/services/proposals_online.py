"""What a debtor does himself with a proposal that was sent to him: says who he is, accepts, asks to pay.

Whoever opens the address has it from a message, which somebody else may read. So four digits that we
know and a finder does not are asked for first, and few wrong ones are heard.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

import structlog
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from debtors.models import Agreement, PaymentRequest, WrongDigits
from debtors.services import agreed_requests, agreement_papers, agreements
from debtors.services.negotiating import AgreementRefusedError
from debtors.vocabulary import AgreementState, Evidence

logger = structlog.get_logger(__name__)

DIGITS = 4
MOST_WRONG, WITHIN = 5, timedelta(hours=1)
KEPT = (AgreementState.ACTIVE, AgreementState.FULFILLED)


class Heard(StrEnum):
    """What became of the digits that somebody typed."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_MANY = "too_many"


def confirm(agreement: Agreement, *, typed: str, now: datetime) -> Heard:
    """Compare what was typed with the end of the debtor's tax id, or all of it; count what is wrong.

    After five wrong ones within an hour nothing is compared until the hour is over, the right ones
    neither. What is shorter than four characters is wrong and not counted.
    """
    written = "".join(character for character in typed.upper() if character.isalnum())
    if len(written) < DIGITS:
        return Heard.WRONG
    with transaction.atomic():
        # Its row makes tries at the same moment follow each other.
        Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
        tries = WrongDigits.objects.filter(agreement=agreement)
        tries.filter(tried_at__lte=now - WITHIN).delete()
        if tries.count() >= MOST_WRONG:
            return Heard.TOO_MANY
        known = agreement.debtor.tax_id
        if compare_digest(written.encode(), (known if len(written) > DIGITS else known[-DIGITS:]).encode()):
            return Heard.RIGHT
        WrongDigits.objects.create(agreement=agreement, tried_at=now)
    logger.info("wrong digits for a proposal", agreement=agreement.pk)
    return Heard.WRONG


def accept(agreement: Agreement, *, seen: str, now: datetime) -> bool:
    """Put a proposal in force that its debtor accepts; return whether it is in force now.

    `seen` is the hash of the document that he was shown: where it reads otherwise by now, he has to look
    again. Pressed twice, or while an agent records it, it is in force once. What its first payment is
    paid with is issued at once, where that can be.
    """
    if not compare_digest(seen.encode(), agreement_papers.hash_of(agreement).encode()):
        return False
    try:
        agreements.accept(agreement, evidence=Evidence.ONLINE, reference=_proof(seen), by=None, now=now)
    except AgreementRefusedError as error:
        logger.info("proposal not accepted online", agreement=agreement.pk, why=str(error))
        agreement.refresh_from_db()
    if agreement.state not in KEPT:
        return False
    ask_to_pay(agreement, now=now)
    return True


def ask_to_pay(agreement: Agreement, *, now: datetime) -> list[PaymentRequest]:
    """Issue what the next payment of an agreement in force is paid with; return what waits to be paid."""
    return agreed_requests.issue(agreement, by=None, now=now) if agreement.state in KEPT else []


def _proof(seen: str) -> str:
    """Return where the proof is, as it stands in the agreement: nothing of the person."""
    with translation.override("pt-br"):
        return _("document of SHA-256 %(hash)s, end of the tax id confirmed") % {"hash": seen}
