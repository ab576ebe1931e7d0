"""What the app that knows says upward."""

from django.dispatch import Signal

#: A debt's balance moved; sent inside the transaction with `debtor_id`, `creditor_id`, `on`, `now`.
balance_changed = Signal()
