"""Managers' pages for money going out of debtors' hands: where it goes, and what was issued for it."""

from typing import Any, ClassVar

import structlog
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import money
from debtors.admin.kept import KeptAdmin, LogAdmin
from debtors.forms.paying import ReceivingAccountForm
from debtors.models import PaymentRequest, ReceivingAccount

logger = structlog.get_logger(__name__)


@admin.register(ReceivingAccount)
class ReceivingAccountAdmin(KeptAdmin):
    """A creditor's Pix key and bank data."""

    form = ReceivingAccountForm
    list_display = ["creditor", "pix_key", "slip_bank", "next_number"]
    list_select_related = ["creditor"]
    fieldsets = [
        (None, {"fields": ["creditor"]}),
        (
            _("Pix"),
            {
                "fields": ["pix_key", "pix_city", "pix_connection"],
                "description": _(
                    "Compare the key with the creditor's own document: money goes wherever it leads."
                ),
            },
        ),
        (
            _("Boleto"),
            {
                "fields": [
                    "slip_bank",
                    ("slip_branch", "slip_account"),
                    ("slip_wallet", "slip_agreement"),
                    "next_number",
                    "slip_text",
                ],
                "description": _(
                    "A boleto can be paid once the bank knows of it: have each one registered with the bank, "
                    "from the list of what was issued."
                ),
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["creditor", "next_number"] if obj else []

    def save_model(self, request: HttpRequest, obj: ReceivingAccount, form: Any, change: bool) -> None:  # noqa: FBT001
        """Keep it, and leave a line in the log: whoever changes where money goes is known."""
        # Only what was typed: the number of the next boleto moves on meanwhile.
        obj.save(update_fields=form.changed_data) if change else obj.save()
        logger.warning("where money goes was changed", account=obj.pk, colleague=request.user.pk)


@admin.register(PaymentRequest)
class PaymentRequestAdmin(LogAdmin):
    """What debtors were given to pay with."""

    list_display = ["issued_at", "debtor", "creditor", "kind", "amount_shown", "due_on", "state", "issued_by"]
    list_filter = ["kind", "state", "creditor"]
    list_select_related = ["debtor", "creditor", "issued_by"]
    date_hierarchy = "issued_at"
    search_fields = ["debtor__name", "txid", "our_number"]
    fields: ClassVar[Any] = [
        "debtor", "creditor", "kind", "state", "amount_shown", "due_on", "agreed_payment", "covers", "txid",
        "payload", "bank", "our_number", "barcode", "line", "issued_at", "issued_by", "looked_at", "error",
    ]  # fmt: skip
    readonly_fields: ClassVar[Any] = fields

    @admin.display(description=_("amount"), ordering="amount_cents")
    def amount_shown(self, request: PaymentRequest) -> str:
        return money.format_brl(request.amount_cents)
