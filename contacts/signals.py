"""What the app that speaks says upward."""

from django.dispatch import Signal

#: A contact came to its end; sent inside the transaction with `contact` and `now`.
contact_concluded = Signal()
