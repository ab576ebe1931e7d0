"""Which contacts the outbox shows: filters that live in the page's address."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, Template
from contacts.vocabulary import Channel, ContactState, Purpose, TemplateState, Tone


class ContactFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By state, channel, purpose and day."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=ContactState.choices, empty_label=_("all"))
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Channel.choices, empty_label=_("all"))
    purpose = django_filters.ChoiceFilter(label=_("Purpose"), choices=Purpose.choices, empty_label=_("all"))

    class Meta:
        model = Contact
        fields = ["state", "channel", "purpose"]


class TemplateFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By words, channel, tone and state."""

    q = django_filters.CharFilter(label=_("Words"), method="search")
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Channel.choices, empty_label=_("all"))
    tone = django_filters.ChoiceFilter(label=_("Tone"), choices=Tone.choices, empty_label=_("all"))
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=TemplateState.choices, empty_label=_("in use or being written")
    )

    class Meta:
        model = Template
        fields = ["channel", "tone", "state"]

    def search(self, found: QuerySet[Template], _name: str, value: str) -> QuerySet[Template]:
        """Keep those that hold the words in their title, key, subject or text."""
        return found.filter(
            Q(title__icontains=value)
            | Q(key__icontains=value)
            | Q(subject__icontains=value)
            | Q(body__icontains=value)
        )
