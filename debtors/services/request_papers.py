"""What is looked at to pay: a Pix code as picture, a boleto as PDF with its barcode drawn."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils import translation

from debtors.models import PaymentRequest
from debtors.rules import bank_slips, boleto, interleaved
from debtors.services import agreement_papers, pay_links, pdf
from debtors.vocabulary import SlipBank


@dataclass(frozen=True, slots=True)
class OnScreen:
    """What somebody looks at to pay: the picture of a Pix, the line of a boleto, the debtor's own page."""

    request: PaymentRequest
    qr: str
    line: str
    address: str


def on_screen(request: PaymentRequest) -> OnScreen:
    """Return what is shown of a Pix or boleto; picture and line are empty where it has none."""
    return OnScreen(
        request=request,
        qr=qr_address(request.payload) if request.payload else "",
        line=boleto.format_line(request.line) if request.line else "",
        address=pay_links.address_of(request.pk),
    )


@lru_cache(maxsize=512)
def qr_address(payload: str) -> str:
    """Return the QR code of a Pix as a data: address of an SVG, black on white whatever the page."""
    return _as_address(_drawn(payload, kind="svg", xmldecl=False, omitsize=True, light="#fff").decode())


@lru_cache(maxsize=64)
def qr_png(payload: str) -> bytes:
    """Return the QR code of a Pix as PNG, to be sent on."""
    return _drawn(payload, kind="png", scale=8)


def _drawn(payload: str, **options: Any) -> bytes:
    """Return the drawing, with the light border of four squares that readers ask for."""
    picture = BytesIO()
    segno.make_qr(payload, error="m").save(picture, border=4, **options)
    return picture.getvalue()


def print_of(request: PaymentRequest, *, on: date) -> bytes:
    """Return a boleto as PDF, in Portuguese. Raises `pdf.CannotPrintError`."""
    return pdf.of(
        page_of(request, on=on), css=agreement_papers.style() + render_to_string("debtors/pay/boleto.css")
    )


def page_of(request: PaymentRequest, *, on: date) -> str:
    """Return a boleto as a page of HTML: receipt above, the part that the bank reads below.

    Raises `pdf.CannotPrintError` when its barcode does not read as the slip that was kept.
    """
    read = boleto.parse(request.barcode, on=on)
    if (read.amount_cents, read.due_on, read.bank) != (request.amount_cents, request.due_on, request.bank):
        raise pdf.CannotPrintError("the barcode says something else than the slip")
    with translation.override("pt-br"):
        return render_to_string(
            "debtors/pay/boleto.html",
            {
                "request": request,
                "debtor": request.debtor,
                "creditor": request.creditor,
                "bank_name": SlipBank(request.bank).label[4:],
                "bank_code": f"{request.bank}-{bank_slips.check_digit_of(request.bank)}",
                "line": boleto.format_line(request.line),
                "bars": _as_address(interleaved.drawing(interleaved.widths(request.barcode))),
                "address": request.debtor.points.filter(medium="address").order_by("pk").first(),
            },
        )


def _as_address(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
