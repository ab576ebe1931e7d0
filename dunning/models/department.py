"""What other departments know of a customer, and where they are told that something rests."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Hold
from debtors.models import Creditor, Debtor
from dunning.vocabulary import Department


class DepartmentNote(models.Model):
    """What a department told of one customer of one creditor, and whether we were at fault. Written once."""

    debtor = models.ForeignKey(
        Debtor, models.PROTECT, related_name="department_notes", verbose_name=_("debtor")
    )
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="department_notes", verbose_name=_("creditor")
    )
    department = models.CharField(_("department"), max_length=10, choices=Department)
    text = models.TextField(_("what it told"))
    is_our_fault = models.BooleanField(_("we were at fault"), default=False)
    hold = models.ForeignKey(
        Hold, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hold")
    )
    source = models.CharField(_("told by"), max_length=100, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("note from a department")
        verbose_name_plural = _("notes from departments")
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["debtor", "creditor"], name="department_note_of")]
        constraints = [
            models.CheckConstraint(name="a_note_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="our_fault_holds_contact", condition=Q(is_our_fault=False) | Q(hold__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.recorded_at:%Y-%m-%d}"


class DepartmentAddress(models.Model):
    """Where a department is told by e-mail; without a creditor, it serves all the others."""

    creditor = models.ForeignKey(
        Creditor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="department_addresses",
        verbose_name=_("creditor"),
        help_text=_("Empty: for every creditor without an address of its own."),
    )
    department = models.CharField(_("department"), max_length=10, choices=Department)
    email = models.EmailField(_("e-mail"), help_text=_("Of the department, never of a debtor."))

    class Meta:
        verbose_name = _("address of a department")
        verbose_name_plural = _("addresses of departments")
        ordering = ["creditor__brand", "department"]
        constraints = [
            models.UniqueConstraint(
                fields=["creditor", "department"],
                condition=Q(creditor__isnull=False),
                name="one_address_of_a_department_for_a_creditor",
            ),
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(creditor__isnull=True),
                name="one_address_of_a_department_for_the_rest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_department_display()} · {self.creditor or ''}"
