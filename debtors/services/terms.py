"""What follows when it changes what delay costs: payments made before are settled by the new terms."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce, Least

from debtors.models import Agreement, Creditor, Debt, Debtor, Payment
from debtors.services import ledger

AT_ONCE = 200  # debtors in one round


def have_changed(creditors: Iterable[Creditor]) -> None:
    """Note that the payments to these creditors are to be settled anew; `settle_by_new_terms` does it.

    Until it has, who paid something there is not contacted. The mark is below every id, and another one
    each time, so that a round which is under way does not take the new terms for those it began with.
    """
    pks = [creditor.pk for creditor in creditors]
    mark = Least(Coalesce("resettle_from", 0), 0) - 1
    Creditor.objects.filter(pk__in=pks).update(resettle_from=mark)


def settle_by_new_terms(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Settle anew what some debtors have paid, where terms have changed; return how many were looked at.

    Each debtor is a transaction of its own, and where it stopped is kept: another goes on from there.
    A debt that was settled by the old terms stays settled.
    """
    done = 0
    for creditor in Creditor.objects.filter(resettle_from__isnull=False).order_by("pk"):
        started = creditor.resettle_from
        debtors = list(_with_credits(creditor).filter(pk__gt=started)[: limit - done])
        for debtor_id in debtors:
            ledger.make_room(debtor_id=debtor_id, creditor_id=creditor.pk, now=now, terms_changed=True)
        done += len(debtors)
        with transaction.atomic():
            # Changed once more meanwhile: it begins again at the first.
            same = Creditor.objects.filter(pk=creditor.pk, resettle_from=started)
            same.update(resettle_from=debtors[-1] if done >= limit else None)
        if done >= limit:
            break
    return done


def _with_credits(creditor: Creditor) -> QuerySet[Debtor, int]:
    """Return the ids of those whose debts to the creditor something was paid on, or forgiven by agreement."""
    between = {"debtor": OuterRef("pk"), "creditor": creditor}
    owing = Debtor.objects.filter(Exists(Debt.objects.filter(**between)))
    agreed = Agreement.objects.filter(**between, activated_at__isnull=False)
    found = owing.filter(Exists(Payment.objects.filter(**between)) | Exists(agreed))
    return found.order_by("pk").values_list("pk", flat=True)
