"""Block lists: do-not-call registers, as imported, whose numbers are never dialled or messaged."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.vocabulary import BlockListEventKind


class BlockList(models.Model):
    """One register. Its numbers are replaced as a whole by each import; while it is on they are refused."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    law = models.CharField(_("law"), max_length=300, blank=True)
    source = models.CharField(_("where it comes from"), max_length=300, blank=True)
    channels = models.JSONField(
        _("binds"), default=list, blank=True, help_text=_("The channels it is about; none: every channel.")
    )
    is_on = models.BooleanField(_("switched on"), default=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(_("numbers"), default=0)
    imported_at = models.DateTimeField(_("imported at"), null=True, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("block list")
        verbose_name_plural = _("block lists")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BlockedNumber(models.Model):
    """One number of a list, in E.164."""

    block_list = models.ForeignKey(
        BlockList, models.CASCADE, related_name="numbers", verbose_name=_("block list")
    )
    number = models.CharField(_("number"), max_length=16)

    class Meta:
        verbose_name = _("blocked number")
        verbose_name_plural = _("blocked numbers")
        constraints = [
            models.UniqueConstraint(fields=["number", "block_list"], name="a_list_has_a_number_once")
        ]

    def __str__(self) -> str:
        return self.number


class BlockListEvent(models.Model):
    """One line of a list's history: an import with what it changed, or a switch with its reason."""

    block_list = models.ForeignKey(
        BlockList, models.PROTECT, related_name="events", verbose_name=_("block list")
    )
    what = models.CharField(_("what happened"), max_length=10, choices=BlockListEventKind)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    added = models.PositiveIntegerField(_("numbers added"), default=0)
    removed = models.PositiveIntegerField(_("numbers taken out"), default=0)

    class Meta:
        verbose_name = _("change of a block list")
        verbose_name_plural = _("changes of block lists")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.get_what_display())
