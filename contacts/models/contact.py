"""Wanted and made contacts, and the tries at a provider: outbox, log and what frequency caps count."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.policy import ContactPolicy
from contacts.models.template import Template
from contacts.models.worker_run import WorkerRun
from contacts.vocabulary import AttemptState, Channel, ContactState, Outcome, Purpose
from debtors.models import ContactPoint, Creditor, Debtor

LIVE_ATTEMPT = [AttemptState.SENDING, AttemptState.UNKNOWN, AttemptState.PARKED, AttemptState.ACCEPTED]
#: What has not ended; the rest is history, however much there is of it.
UNFINISHED = [
    ContactState.PLANNED,
    ContactState.CLAIMED,
    ContactState.SENDING,
    ContactState.UNKNOWN,
    ContactState.PARKED,
    ContactState.BLOCKED,
]
#: What ended without leaving, although it was wanted.
CAME_TO_NOTHING = [ContactState.EXPIRED, ContactState.FAILED]


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts by what the gate has said of them."""

    def refused(self, *, now: datetime) -> "ContactQuerySet":
        """Return what the gate blocked or put off and what is not too late yet.

        What waits for another reason (its morning, a busy provider) carries no objection.
        """
        put_off = Q(state=ContactState.PLANNED, not_before__gt=now) & ~Q(objections=[])
        in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(Q(state=ContactState.BLOCKED) | put_off).filter(in_time)


class Contact(models.Model):
    """One wanted or made contact with one person by one channel, for life.

    `wanted_by` is an opaque unique text made by whoever wants it (`step:<case>:<step>:<slot>`,
    `call:<case>:<fence>:<point>`, `thanks:<payment>`, `inbound:<sid>`); contacts knows no case.
    Only `contacts/services/outbox.py` moves it.
    """

    wanted_by = models.CharField(_("wanted by"), max_length=120, unique=True)
    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="contacts", verbose_name=_("debtor"))
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, null=True, related_name="contacts", verbose_name=_("creditor")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.COLLECTION)
    template = models.ForeignKey(
        Template, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("template")
    )
    point = models.ForeignKey(
        ContactPoint, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("to")
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    is_inbound = models.BooleanField(_("came from the debtor"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=ContactState, default=ContactState.PLANNED)
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome, blank=True)
    not_before = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(_("too late after"), null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    objections = models.JSONField(_("why not"), default=list, blank=True)
    policy = models.ForeignKey(
        ContactPolicy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("policy")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    debtor_revision = models.PositiveIntegerField(
        default=0, help_text="What was known of the debtor when it was judged."
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    error_code = models.CharField(_("provider's code"), max_length=40, blank=True)
    started_at = models.DateTimeField(
        _("at"), null=True, blank=True, help_text="The moment that frequency caps count."
    )
    concluded_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    created_at = models.DateTimeField(_("wanted at"))

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state=ContactState.PLANNED),
                name="contact_due",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state=ContactState.CLAIMED), name="contact_claimed"
            ),
            models.Index(fields=["debtor", "-started_at"], name="contact_of_debtor"),
            models.Index(
                fields=["state", "channel"], condition=Q(state__in=UNFINISHED), name="contact_unfinished"
            ),
            models.Index(
                fields=["concluded_at"],
                condition=Q(state__in=CAME_TO_NOTHING),
                name="contact_came_to_nothing",
            ),
            models.Index(
                fields=["started_at", "debtor"],
                condition=Q(started_at__isnull=False),
                name="contact_made_at",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="concluded_exactly_when_an_outcome_is_set",
                condition=(Q(state=ContactState.CONCLUDED) & ~Q(outcome=""))
                | (~Q(state=ContactState.CONCLUDED) & Q(outcome="")),
            ),
            models.CheckConstraint(
                name="what_left_says_when",
                condition=~Q(
                    state__in=[
                        ContactState.SENDING,
                        ContactState.SENT,
                        ContactState.UNKNOWN,
                        ContactState.PARKED,
                    ]
                )
                | Q(started_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.wanted_by


class Attempt(models.Model):
    """One try at a provider. At most one of a contact is ever alive; the database says so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="attempts", verbose_name=_("contact"))
    state = models.CharField(_("state"), max_length=10, choices=AttemptState, default=AttemptState.SENDING)
    provider = models.CharField(_("provider"), max_length=20)
    sender = models.CharField(_("from"), max_length=254, blank=True)
    provider_id = models.CharField(_("provider's id"), max_length=100, null=True, blank=True, unique=True)
    to = models.CharField(_("to"), max_length=254)
    policy = models.ForeignKey(ContactPolicy, models.PROTECT, related_name="+", verbose_name=_("policy"))
    facts_hash = models.CharField(max_length=64)
    error_code = models.CharField(_("provider's code"), max_length=40, blank=True)
    started_at = models.DateTimeField(_("started at"))
    handed_at = models.DateTimeField(
        _("handed over at"),
        null=True,
        blank=True,
        help_text=_("Until then it is still here: its permission can be withdrawn."),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    # A run is forgotten some time after its death, and nobody needs it then: no key, no index.
    run = models.ForeignKey(
        WorkerRun,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="attempts",
        verbose_name=_("worker run"),
    )
    looks = models.PositiveSmallIntegerField(
        default=0, help_text=_("How often the provider showed that it does not have it.")
    )
    look_at = models.DateTimeField(_("next look at the provider"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    contradicted_at = models.DateTimeField(
        _("contradicted at"),
        null=True,
        blank=True,
        help_text=_("When the provider told of a message that was held not to have left."),
    )

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["started_at"]
        permissions = [("decide_attempt", "Can say what became of a message of unclear fate")]
        indexes = [
            models.Index(fields=["started_at"], name="attempt_started"),
            models.Index(fields=["run"], condition=Q(state=AttemptState.SENDING), name="attempt_in_hand"),
            models.Index(
                fields=["look_at"], condition=Q(state=AttemptState.UNKNOWN), name="attempt_in_doubt"
            ),
            models.Index(
                fields=["started_at"], condition=Q(state=AttemptState.PARKED), name="attempt_for_a_person"
            ),
            models.Index(
                fields=["contradicted_at"],
                condition=Q(contradicted_at__isnull=False),
                name="attempt_contradicted",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(state__in=LIVE_ATTEMPT),
                name="one_live_attempt_of_a_contact",
            ),
            models.CheckConstraint(
                name="accepted_exactly_when_the_provider_named_it",
                condition=~Q(state=AttemptState.ACCEPTED) | Q(provider_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
