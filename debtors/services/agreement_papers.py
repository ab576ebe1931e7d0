"""The words of an agreement: its document, who owes what and pays what when, and it all in one sentence."""

import base64
from copy import copy
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from collections_crm.lib import dates, money
from debtors.models import Agreement
from debtors.queries import offers
from debtors.services import pdf
from debtors.vocabulary import AgreementState

FONTS = ("inter-latin.woff2", "inter-latin-ext.woff2")


def print_of(agreement: Agreement) -> bytes:
    """Return the agreement as PDF, in Portuguese: a contract with the creditor's name, address and CNPJ.

    Source: Consumer Code (Law 8.078/1990), art. 42-A. Raises `pdf.CannotPrintError`.
    """
    return pdf.of(page_of(agreement), css=style())


def page_of(agreement: Agreement) -> str:
    """Return the document as a page of HTML."""
    with translation.override("pt-br"):
        return render_to_string(
            "debtors/agreements/document.html",
            {
                "agreement": agreement,
                "debtor": agreement.debtor,
                "creditor": agreement.creditor,
                "debts": list(agreement.debts.select_related("debt")),
                "payments": list(agreement.payments.all()),
            },
        )


def hash_of(agreement: Agreement) -> str:
    """Return the SHA-256 of the document as it reads before the agreement is accepted, whatever came since.

    The proof of what a debtor accepted online: the terms never change, so the document can be made again.
    """
    proposed = copy(agreement)
    proposed.state, proposed.activated_at = AgreementState.PROPOSED, None
    proposed.evidence = proposed.evidence_reference = ""
    return sha256(page_of(proposed).encode()).hexdigest()


def sentence_of(agreement: Agreement) -> str:
    """Return in one sentence everything that is agreed to, in the language of whoever reads it."""
    payments = offers.payments_of(agreement)
    first, last = payments[0], payments[-1]
    words = {
        "name": agreement.debtor.short_name,
        "brand": agreement.creditor.brand,
        "total": money.format_brl(agreement.total_cents),
        "count": len(payments),
        "first": money.format_brl(first.amount_cents),
        "day": dates.format_br(first.due_on),
        "final": money.format_brl(last.amount_cents),
        "last": dates.format_br(last.due_on),
    }
    if len(payments) == 1:
        return _("%(name)s, we agree on one payment of %(total)s to %(brand)s, on %(day)s.") % words
    words["other"] = money.format_brl(payments[1].amount_cents)
    if last.amount_cents == payments[1].amount_cents:
        return (
            _(
                "%(name)s, we agree on %(total)s to %(brand)s in %(count)s payments: %(first)s on %(day)s, "
                "then %(other)s each month until %(last)s."
            )
            % words
        )
    return (
        _(
            "%(name)s, we agree on %(total)s to %(brand)s in %(count)s payments: %(first)s on %(day)s, then "
            "%(other)s each month and a last one of %(final)s on %(last)s."
        )
        % words
    )


@cache
def style() -> str:
    """Return the style of the document, its typeface within."""
    vendor = Path(settings.BASE_DIR) / "static" / "vendor"
    fonts = [base64.b64encode((vendor / name).read_bytes()).decode() for name in FONTS]
    return render_to_string("debtors/agreements/document.css", {"latin": fonts[0], "latin_ext": fonts[1]})
