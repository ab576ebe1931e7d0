"""Creditors, the portfolios they hand us, debtors, and the ways to reach them."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.rules import searching
from debtors.vocabulary import (
    CORRECTING,
    RETIRED_STATUSES,
    CentavoRounding,
    LateFeeBase,
    Medium,
    MonthLength,
    PartyKind,
    PaymentOrder,
    PointKind,
    PointStatus,
    RateSource,
)


class Creditor(models.Model):
    """Who is owed, as he must be named in every document (Consumer Code, art. 42-A)."""

    name = models.CharField(_("legal name"), max_length=200)
    brand = models.CharField(
        _("name used in messages"),
        max_length=60,
        help_text=_("Neutral: it must not say that money is owed. First messages carry it."),
    )
    tax_id = models.CharField(_("CPF or CNPJ"), max_length=14, unique=True)
    address = models.CharField(_("address"), max_length=300)
    phone = models.CharField(_("telephone for answers"), max_length=20)
    email = models.EmailField(_("e-mail for answers"), blank=True)
    late_fee_rate = models.DecimalField(
        _("late fee (fraction)"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.02"),
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("0.02"))],
        help_text=_("0.02 is 2 %, the most the Consumer Code allows (art. 52 §1)."),
    )
    monthly_interest_rate = models.DecimalField(
        _("interest a month (fraction)"),
        max_digits=6,
        decimal_places=5,
        default=Decimal("0.01"),
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("0.2"))],
        help_text=_("0.01 is 1 % a month, simple, counted by day."),
    )
    interest_kind = models.CharField(
        _("rate of interest"), max_length=6, choices=RateSource, default=RateSource.AGREED
    )
    month_days = models.CharField(
        _("a month counts as"), max_length=3, choices=MonthLength, default=MonthLength.DAYS_30
    )
    rounding = models.CharField(
        _("fractions of a centavo"), max_length=7, choices=CentavoRounding, default=CentavoRounding.HALF_UP
    )
    fee_base = models.CharField(
        _("the late fee is a share of"), max_length=13, choices=LateFeeBase, default=LateFeeBase.INSTALLMENT
    )
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"),
        default=0,
        validators=[MaxValueValidator(60)],
        help_text=_(
            "Paid within so many days after the due date nothing is added; later, all days count. A due date "
            "without banks waits for the next working day in any case (Law 7.089/1983)."
        ),
    )
    correction_index = models.CharField(
        _("corrected by"),
        max_length=10,
        blank=True,
        choices=[(index.value, index.label) for index in CORRECTING],
        help_text=_("Only where the contract says so. Its rates are imported on the page of indices."),
    )
    index_lag_months = models.PositiveSmallIntegerField(
        _("the index lags by (months)"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text=_(
            "1: up to the month before the payment. 2: one month earlier, which is always published by then."
        ),
    )
    settling_order = models.CharField(
        _("a payment settles, after costs"),
        max_length=14,
        choices=PaymentOrder,
        default=PaymentOrder.FEE_FIRST,
    )
    tolerance_cents = models.PositiveSmallIntegerField(
        _("centavos that may be missing"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("What a payment leaves open up to this amount is forgiven, as a discount in the ledger."),
    )
    boleto_float_days = models.PositiveSmallIntegerField(
        _("a boleto arrives within (working days)"), default=3, validators=[MaxValueValidator(10)]
    )
    pix_float_days = models.PositiveSmallIntegerField(
        _("a Pix arrives within (working days)"), default=1, validators=[MaxValueValidator(10)]
    )
    installment_float_days = models.PositiveSmallIntegerField(
        _("an agreement's installment arrives within (working days)"),
        default=3,
        validators=[MaxValueValidator(10)],
    )
    resettle_from = models.BigIntegerField(
        null=True,
        editable=False,
        help_text="Debtor from which payments are still to be settled by the terms of today; null: none.",
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("creditor")
        verbose_name_plural = _("creditors")
        ordering = ["brand"]
        constraints = [
            models.CheckConstraint(
                name="late_fee_is_at_most_two_percent",
                condition=Q(late_fee_rate__gte=0, late_fee_rate__lte=Decimal("0.02")),
            ),
            models.CheckConstraint(
                name="a_tolerance_is_at_most_a_real", condition=Q(tolerance_cents__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.brand


class Portfolio(models.Model):
    """A set of debts worked together by the agents it was given to."""

    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="portfolios", verbose_name=_("creditor")
    )
    name = models.CharField(_("name"), max_length=100)
    agents = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="portfolios", blank=True, verbose_name=_("agents")
    )

    class Meta:
        verbose_name = _("portfolio")
        verbose_name_plural = _("portfolios")
        ordering = ["creditor__brand", "name"]
        constraints = [
            models.UniqueConstraint(fields=["creditor", "name"], name="one_portfolio_by_name_for_a_creditor")
        ]

    def __str__(self) -> str:
        return f"{self.creditor.brand} · {self.name}"


class FoldedNameField(models.TextField):  # type: ignore[type-arg]
    """Both names of a debtor as the search reads them; follows them whenever the row is saved whole."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001  (Django's own)
        """Return what is written beside the names."""
        names = (getattr(model_instance, name) for name in ("name", "preferred_name"))  # of migrations too
        folded = searching.folded(*names)
        setattr(model_instance, self.attname, folded)
        return folded


class Debtor(models.Model):
    """A person or company known to owe, or to have owed, something."""

    kind = models.CharField(_("kind"), max_length=10, choices=PartyKind, default=PartyKind.PERSON)
    name = models.CharField(_("name"), max_length=200)
    preferred_name = models.CharField(
        _("name to be used"), max_length=100, blank=True, help_text=_("How he or she wants to be addressed.")
    )
    folded_name = FoldedNameField(editable=False, default="", db_default="")
    tax_id = models.CharField(_("CPF or CNPJ"), max_length=14, unique=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    customer_since = models.DateField(_("customer since"), null=True, blank=True)
    confirmed_time_zone = models.CharField(
        _("time zone, as told by the debtor"), max_length=40, blank=True, help_text=_("Replaces every guess.")
    )
    revision = models.PositiveIntegerField(
        default=0, editable=False, help_text="Moves on when something is corrected that contact depends on."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("debtor")
        verbose_name_plural = _("debtors")
        indexes = [models.Index(fields=["name"], name="debtor_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The name to be used when speaking: the preferred one, a person's first name, else all of it."""
        if self.preferred_name:
            return self.preferred_name
        return self.name.split()[0] if self.kind == PartyKind.PERSON and self.name else self.name


class ContactPoint(models.Model):
    """One phone, e-mail or address of one debtor, whose it is, and what is known of it."""

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="points", verbose_name=_("debtor"))
    medium = models.CharField(_("medium"), max_length=10, choices=Medium)
    kind = models.CharField(_("whose"), max_length=12, choices=PointKind, default=PointKind.OWN)
    status = models.CharField(_("status"), max_length=15, choices=PointStatus, default=PointStatus.NEW)
    value = models.CharField(
        _("number, e-mail or street"), max_length=254, help_text=_("Phones as +5511987654321.")
    )
    is_mobile = models.BooleanField(_("mobile"), default=False)
    city = models.CharField(_("city"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=8, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)
    status_since = models.DateTimeField(_("status since"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ["medium", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["debtor", "medium", "value"], name="a_debtor_has_a_contact_point_once"
            )
        ]
        permissions = [("revive_contactpoint", "Can bring a contact point back into use")]
        indexes = [models.Index(fields=["value"], name="contact_point_value")]

    def __str__(self) -> str:
        return self.value

    @property
    def is_retired(self) -> bool:
        """Whether it may never be used again."""
        return self.status in RETIRED_STATUSES
