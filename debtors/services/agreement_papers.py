"""The document of an agreement: who, what is owed item by item, what is forgiven, and when is paid what."""

import base64
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from debtors.models import Agreement
from debtors.services import pdf

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


@cache
def style() -> str:
    """Return the style of the document, its typeface within."""
    vendor = Path(settings.BASE_DIR) / "static" / "vendor"
    fonts = [base64.b64encode((vendor / name).read_bytes()).decode() for name in FONTS]
    return render_to_string("debtors/agreements/document.css", {"latin": fonts[0], "latin_ext": fonts[1]})
