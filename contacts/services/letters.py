"""Prints letters into the print folder, takes those out that may not be posted, and prints again.

The hash is kept before the file, the file before the word that it is there: whenever this process
ends, what the database calls printed lies in the folder with that hash.
"""

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import monotonic

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from contacts import failpoints
from contacts.channels import registry
from contacts.models import Attempt, Contact, Letter
from contacts.rules.letters import file_name
from contacts.vocabulary import AttemptState, ContactState
from debtors.services import pdf

logger = structlog.get_logger(__name__)

#: Letters printed by one child process.
CHUNK = 20
MOST = 400
LONGEST_RUN_SECONDS = 50
#: What is being printed or lies printed, and is not posted.
HERE = {"attempt__state": AttemptState.SENDING, "attempt__handed_at": None}
FONTS = ("inter-latin.woff2", "inter-latin-ext.woff2")


class LostPrintError(Exception):
    """The print is not in the folder any more, and printed again it would be other bytes."""


def print_waiting(*, clock: Callable[[], datetime]) -> int:
    """Print every letter that was permitted and is not printed, and clear the folder; return how many.

    Run twice at once it prints the same bytes under the same names.
    """
    deadline, printed = monotonic() + LONGEST_RUN_SECONDS, 0
    take_out_what_was_taken_back()
    # Those that made trouble before come last, so that they keep nobody else from being printed.
    waiting = list(_to_print().order_by("trouble", "pk").values_list("pk", flat=True)[:MOST])
    for start in range(0, len(waiting), CHUNK):
        if monotonic() > deadline:
            break
        chunk = _to_print().filter(pk__in=waiting[start : start + CHUNK]).order_by("pk")
        printed += _print(list(chunk), now=clock())
    return printed


def take_out_what_was_taken_back() -> int:
    """Remove the prints of letters that may not be posted any more; return how many."""
    folder, removed = registry.print_folder(), 0
    folder.sweep_halves()
    gone = Letter.objects.exclude(file_name="").filter(attempt__state=AttemptState.NOT_SENT)
    for pk in list(gone.values_list("pk", flat=True)):
        with transaction.atomic():
            letter = gone.select_for_update(of=("self",)).filter(pk=pk).first()
            if letter is None:
                continue
            folder.take_out(letter.file_name)
            letter.file_name, letter.printed_at = "", None
            letter.save(update_fields=["file_name", "printed_at"])
            removed += 1
    return removed


def clear_posted(*, now: datetime) -> int:
    """Remove the prints of letters posted more than LETTERS_KEPT_DAYS ago; return how many.

    Words, hash and history stay: what was posted can be printed again, the same to the byte.
    """
    if not settings.LETTERS_KEPT_DAYS:
        return 0
    posted = Letter.objects.filter(
        attempt__state=AttemptState.ACCEPTED,
        printed_at__isnull=False,
        cleared_at=None,
        batch__posted_on__lt=timezone.localdate(now) - timedelta(days=settings.LETTERS_KEPT_DAYS),
    )
    folder, removed = registry.print_folder(), 0
    for letter in posted.order_by("pk")[:MOST]:
        folder.take_out(letter.file_name)  # first: once more does no harm
        removed += Letter.objects.filter(pk=letter.pk, cleared_at=None).update(cleared_at=now)
    return removed


def print_of(letter: Letter) -> bytes:
    """Return the bytes of a printed letter, always the same: from the folder, else printed again.

    Raises LostPrintError, and CannotPrintError where no PDF can be made.
    """
    kept = registry.print_folder().read(letter.file_name) if letter.file_name else None
    if kept is not None and sha256(kept).hexdigest() == letter.sha256:
        return kept
    again = pdf.of(page_of(letter.words), css=style())
    if sha256(again).hexdigest() != letter.sha256:
        logger.critical("a print was lost and cannot be made again", letter=letter.pk)
        raise LostPrintError(str(letter.pk))
    return again


def prints_of(letters: Sequence[Letter]) -> list[bytes]:
    """Return the bytes of several printed letters. Raises as `print_of` does."""
    return [print_of(letter) for letter in letters]


def page_of(words: dict[str, object]) -> str:
    """Return the page of a letter as HTML, from its words alone."""
    return render_to_string("contacts/letters/print.html", {"letter": words})


@cache
def style() -> str:
    """Return the style of the page, its typeface within: a letter looks the same on every machine."""
    vendor = Path(settings.BASE_DIR) / "static" / "vendor"
    fonts = [base64.b64encode((vendor / name).read_bytes()).decode() for name in FONTS]
    return render_to_string("contacts/letters/print.css", {"latin": fonts[0], "latin_ext": fonts[1]})


def _to_print() -> QuerySet[Letter]:
    return Letter.objects.filter(**HERE, printed_at=None)


def _print(letters: Sequence[Letter], *, now: datetime) -> int:
    """Print letters in one child process; where that fails, one by one, so that one costs only itself."""
    if not letters:
        return 0
    try:
        prints = pdf.of_each([page_of(letter.words) for letter in letters], css=style())
    except pdf.CannotPrintError as error:
        if len(letters) > 1:
            return sum(_print([letter], now=now) for letter in letters)
        Letter.objects.filter(pk=letters[0].pk).update(trouble=str(error)[:200])
        logger.error("a letter cannot be printed", letter=letters[0].pk)
        return 0
    _keep_hashes(zip(letters, prints, strict=True))
    return sum(_put(letter, print_, now=now) for letter, print_ in zip(letters, prints, strict=True))


def _keep_hashes(printed: Iterable[tuple[Letter, bytes]]) -> None:
    """Keep each hash and name before its file: a file whose name is known nowhere does not exist."""
    with transaction.atomic():
        for letter, print_ in printed:
            letter.sha256 = sha256(print_).hexdigest()
            letter.file_name = file_name(contact_id=letter.contact_id, sha256=letter.sha256)
            waiting = Letter.objects.filter(pk=letter.pk, printed_at=None)
            waiting.update(sha256=letter.sha256, file_name=letter.file_name, trouble="")


def _put(letter: Letter, print_: bytes, *, now: datetime) -> int:
    """Put a print into the folder, unless the letter was taken back meanwhile; return 1 if it lies there.

    The contact, the attempt and the letter are held while the file is written, so that nobody takes
    it out before it is in.
    """
    with transaction.atomic():
        list(Contact.objects.select_for_update(of=("self",)).filter(pk=letter.contact_id).values_list("pk"))
        list(Attempt.objects.select_for_update(of=("self",)).filter(pk=letter.attempt_id).values_list("pk"))
        mine = Letter.objects.select_for_update(of=("self",)).filter(pk=letter.pk, **HERE)
        found = mine.filter(contact__state=ContactState.SENDING, file_name=letter.file_name).first()
        if found is None:
            return 0
        try:
            registry.print_folder().put(letter.file_name, print_)
        except OSError as error:
            found.trouble = type(error).__name__
            found.save(update_fields=["trouble"])
            logger.critical("the print folder cannot be written", error=type(error).__name__)
            return 0
        failpoints.reached("printed")
        found.printed_at, found.trouble = now, ""
        found.save(update_fields=["printed_at", "trouble"])
    return 1
