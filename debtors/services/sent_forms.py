"""A form is answered once: who sends it again, by a double click or a line that broke, hears the same."""

from datetime import datetime, timedelta

from debtors.models import SentForm

#: After that whoever began to answer is taken for dead: it is longer than any answer takes.
ANSWERED_WITHIN = timedelta(minutes=15)
KEPT_FOR = timedelta(hours=24)


class StillAnsweringError(Exception):
    """The same form is being answered at this moment; ask again."""


def begin(fingerprint: str, *, now: datetime) -> str | None:
    """Return where the same form led when it was sent before; None when it is ours to answer.

    Ours ends with `answered` or `take_back`, told the same `now`: who was taken for dead, and whose
    form another has taken over, says nothing any more. Raises StillAnsweringError.
    """
    sent, is_new = SentForm.objects.get_or_create(fingerprint=fingerprint, defaults={"sent_at": now})
    if is_new:
        return None
    if sent.leads_to:
        return sent.leads_to
    if sent.sent_at > now - ANSWERED_WITHIN or not _take_over(sent, now=now):
        raise StillAnsweringError
    return None


def answered(fingerprint: str, *, begun_at: datetime, leads_to: str) -> None:
    """Keep where the answer leads."""
    SentForm.objects.filter(pk=fingerprint, sent_at=begun_at).update(leads_to=leads_to)


def take_back(fingerprint: str, *, begun_at: datetime) -> None:
    """Forget a form whose answer was a page and no deed: sent again, it is answered again."""
    SentForm.objects.filter(pk=fingerprint, sent_at=begun_at).delete()


def forget_the_old(*, now: datetime) -> int:
    """Forget the forms that nobody will send again; return how many."""
    forgotten, _by_model = SentForm.objects.filter(sent_at__lt=now - KEPT_FOR).delete()
    return forgotten


def _take_over(sent: SentForm, *, now: datetime) -> bool:
    same = SentForm.objects.filter(pk=sent.pk, sent_at=sent.sent_at, leads_to="")
    return bool(same.update(sent_at=now))
