"""Which contacts the outbox shows: filters that live in the page's address."""

import django_filters
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.vocabulary import Channel, ContactState, Purpose


class ContactFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By state, channel, purpose and day."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=ContactState.choices, empty_label=_("all"))
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Channel.choices, empty_label=_("all"))
    purpose = django_filters.ChoiceFilter(label=_("Purpose"), choices=Purpose.choices, empty_label=_("all"))

    class Meta:
        model = Contact
        fields = ["state", "channel", "purpose"]
