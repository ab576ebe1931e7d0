"""The app that knows."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DebtorsConfig(AppConfig):
    """People, debts, ledger, promises."""

    name = "debtors"
    verbose_name = _("Debtors and debts")
