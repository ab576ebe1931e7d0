"""Our own numbers and addresses: how fast each sends, when its next message may leave, whether it rests."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.vocabulary import Channel, RestBecause


class Sender(models.Model):
    """One number or address of ours at one provider; managers set its rate, `services/senders.py` moves it.

    `next_slot_at` is when its next message may leave: whoever sends takes slots of this row, so
    that its rate holds over all processes and machines. A new number that would send at its full
    rate at once is taken for a spammer's: it may warm up, counted from its first message.
    """

    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    provider = models.CharField(_("provider"), max_length=20)
    address = models.CharField(_("number or address"), max_length=254, blank=True)
    per_minute = models.PositiveIntegerField(
        _("messages a minute, at most"),
        null=True,
        blank=True,
        help_text=_("Empty: as fast as it goes. Never more than the provider carries without a queue."),
    )
    warm_up_hours = models.PositiveIntegerField(
        _("hours of warming up"),
        default=0,
        help_text=_("From its first message on the rate rises evenly, from a tenth to the whole."),
    )
    is_on = models.BooleanField(
        _("may send"),
        default=True,
        help_text=_("Switched off, what it would send waits until it is too late."),
    )
    first_used_at = models.DateTimeField(_("first message"), null=True, blank=True, editable=False)
    next_slot_at = models.DateTimeField(_("next message not before"), null=True, blank=True, editable=False)
    troubles = models.PositiveIntegerField(_("troubles in a row"), default=0, editable=False)
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True, editable=False)
    rests_because = models.CharField(
        _("why it rests"), max_length=12, choices=RestBecause, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")
        ordering = ["channel", "provider", "address"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "provider", "address"], name="a_sender_is_one_row"),
            models.CheckConstraint(
                name="a_sender_sends_at_least_once_a_minute",
                condition=Q(per_minute__isnull=True) | Q(per_minute__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.address or self.provider
