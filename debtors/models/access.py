"""Who works here, in which language, and which portfolios he was given."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A colleague: agent, manager or administrator, by group."""

    language = models.CharField(_("language"), max_length=10, blank=True, choices=settings.LANGUAGES)
    phone = models.CharField(
        _("telephone"),
        max_length=16,
        blank=True,
        help_text=_("It rings first when a call is placed for him."),
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        permissions = [("change_agent_phone", _("Can set the telephones of agents"))]

    @property
    def name(self) -> str:
        """The name colleagues and debtors hear."""
        return self.get_full_name() or self.username
