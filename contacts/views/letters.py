"""Letters: what waits to be printed, the piles that were made of it, and what became of each."""

import csv
import io
import zipfile
from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from collections_crm.lib.csvsafe import safe_cell
from contacts.channels import registry
from contacts.forms.letters import PostedForm
from contacts.models import Letter, LetterBatch
from contacts.rules import letters as rules
from contacts.services import instance, letter_batches, letters
from contacts.vocabulary import AttemptState, Channel, ContactState, Outcome
from debtors.services import pdf
from debtors.services.access import user_of

ROWS = 25
#: The moment written on every file of an archive: the same letters are the same archive.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@login_required
@permission_required("contacts.view_letter", raise_exception=True)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Show the printed letters that lie in no pile, and the piles."""
    batches = LetterBatch.objects.select_related("made_by", "posted_by").annotate(
        standing=Count("letters", filter=~Q(letters__attempt__state=AttemptState.NOT_SENT)),
        taken_back=Count("letters", filter=Q(letters__attempt__state=AttemptState.NOT_SENT)),
    )
    unprinted = Letter.objects.filter(**letters.HERE, printed_at=None)
    context = {
        "page": Paginator(letter_batches.waiting(), ROWS).get_page(request.GET.get("page")),
        "batches": batches[:ROWS],
        "being_printed": unprinted.filter(trouble="").count(),
        "troubled": unprinted.exclude(trouble="").count(),
        "most": letter_batches.MOST,
        "is_sandbox": registry.provider_of(Channel.LETTER) != registry.PRINTED,
        "held": instance.held(),
    }
    return render(request, "contacts/letters/waiting.html", context)


@login_required
@permission_required(letter_batches.MAY_GATHER, raise_exception=True)
@require_POST
def gather(request: HttpRequest) -> HttpResponse:
    """Make a pile of what waits."""
    try:
        batch, judged = letter_batches.gather(by=user_of(request.user), now=timezone.now())
    except letter_batches.NothingToGatherError:
        messages.info(request, _("No letter waits that may be posted."))
        return redirect("contacts:letters")
    _tell_taken_back(request, judged.taken_back)
    return redirect("contacts:letter_batch", batch.pk)


@login_required
@permission_required("contacts.view_letterbatch", raise_exception=True)
@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Show the letters of a pile, which of them to take out of it, and what to do next."""
    return _show(request, _batch(batch_id))


@login_required
@permission_required("contacts.view_letterbatch", raise_exception=True)
@require_GET
def download(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Answer the prints of a pile and the table of their recipients, always the same bytes."""
    chosen = _batch(batch_id)
    found = list(letter_batches.to_be_posted(chosen))
    try:
        prints = letters.prints_of(found)
    except (letters.LostPrintError, pdf.CannotPrintError):
        messages.error(request, _lost())
        return redirect("contacts:letter_batch", batch_id)
    headers = {"Content-Disposition": f'attachment; filename="cartas-{chosen.pk}.zip"'}
    archive = _archive(zip(found, prints, strict=True))
    return HttpResponse(archive, content_type="application/zip", headers=headers)


@login_required
@permission_required("contacts.view_letter", raise_exception=True)
@require_GET
def print_(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Answer one letter as it is, or was, printed."""
    letter = get_object_or_404(Letter.objects.exclude(sha256=""), pk=letter_id)
    try:
        content = letters.print_of(letter)
    except (letters.LostPrintError, pdf.CannotPrintError):
        messages.error(request, _lost())
        return redirect("contacts:letters")
    name = rules.file_name(contact_id=letter.contact_id, sha256=letter.sha256)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@login_required
@permission_required(letter_batches.MAY_POST, raise_exception=True)
@require_POST
def posted(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Keep that a pile goes to the post."""
    chosen, now = _batch(batch_id), timezone.now()
    form = _form(chosen, data=request)
    if not form.is_valid():
        return _show(request, chosen, form=form, status=422)
    try:
        judged = letter_batches.post(
            batch_id, on=form.cleaned_data["posted_on"], by=user_of(request.user), now=now
        )
    except letter_batches.PostedError:
        messages.info(request, _("These letters were marked as posted before."))
    except letter_batches.HeldError:
        messages.error(request, _("All senders are held: no letter may be posted either."))
    else:
        told = ngettext("%(n)d letter is posted.", "%(n)d letters are posted.", judged.may_go)
        messages.success(request, told % {"n": judged.may_go})
        _tell_taken_back(request, judged.taken_back)
    return redirect("contacts:letter_batch", batch_id)


@login_required
@permission_required(letter_batches.MAY_POST, raise_exception=True)
@require_POST
def take_back(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Do not post one letter; or keep that the post brought it back."""
    letter = get_object_or_404(Letter, pk=letter_id)
    has_returned = request.POST.get("what") == "came_back"
    move = letter_batches.came_back if has_returned else letter_batches.take_back
    try:
        move(letter.pk, by=user_of(request.user), now=timezone.now())
    except letter_batches.GoneError:
        messages.warning(request, _("It was posted, or taken back, meanwhile."))
    else:
        told = _("Kept: it came back. The address is not used any more.")
        messages.success(request, told if has_returned else _("Taken back. Take it out of the pile."))
    return (
        redirect("contacts:letter_batch", letter.batch_id)
        if letter.batch_id
        else redirect("contacts:letters")
    )


def _show(
    request: HttpRequest, chosen: LetterBatch, *, form: PostedForm | None = None, status: int = 200
) -> HttpResponse:
    page = Paginator(letter_batches.of_batch(chosen), ROWS).get_page(request.GET.get("page"))
    counts = letter_batches.of_batch(chosen).aggregate(
        standing=Count("pk", filter=~Q(attempt__state=AttemptState.NOT_SENT)),
        taken_back=Count("pk", filter=Q(attempt__state=AttemptState.NOT_SENT)),
    )
    context = {
        "batch": chosen,
        "page": page,
        "rows": [(letter, _stands(letter)) for letter in page],
        "form": form or _form(chosen),
        "held": instance.held(),
        **counts,
    }
    return render(request, "contacts/letters/batch.html", context, status=status)


def _stands(letter: Letter) -> str:
    """Return how a letter stands: here, posted, came_back, read or taken_back."""
    if letter.attempt.state == AttemptState.NOT_SENT:
        return "taken_back"
    if letter.contact.state == ContactState.CONCLUDED:
        return "came_back" if letter.contact.outcome == Outcome.FAILED else "posted"
    return "posted" if letter.attempt.state == AttemptState.ACCEPTED else "here"


def _archive(found: Iterable[tuple[Letter, bytes]]) -> bytes:
    """Return the prints with the table of recipients, in the order of the pile."""
    buffer, table = io.BytesIO(), io.StringIO()
    rows = csv.writer(table, delimiter=";", lineterminator="\r\n")
    rows.writerow(["arquivo", "referencia", "nome", "endereco", "cidade", "sha256"])
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for number, (letter, content) in enumerate(found, start=1):
            name = f"{number:03d}-{rules.file_name(contact_id=letter.contact_id, sha256=letter.sha256)}"
            _add(archive, name, content)
            cells = [name, letter.words["reference"], *letter.words["to"], letter.sha256]
            rows.writerow([safe_cell(cell) for cell in cells])
        _add(archive, "destinatarios.csv", ("\ufeff" + table.getvalue()).encode())
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=LONG_AGO)
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)


def _form(chosen: LetterBatch, *, data: HttpRequest | None = None) -> PostedForm:
    made_on = timezone.localdate(chosen.made_at)
    return PostedForm(data.POST if data else None, on=timezone.localdate(), made_on=made_on)


def _batch(batch_id: int) -> LetterBatch:
    return get_object_or_404(LetterBatch.objects.select_related("made_by", "posted_by"), pk=batch_id)


def _tell_taken_back(request: HttpRequest, number: int) -> None:
    if number:
        told = ngettext(
            "%(n)d letter was taken back: it may not be posted now. Its reason stands in the outbox.",
            "%(n)d letters were taken back: they may not be posted now. Their reasons stand in the outbox.",
            number,
        )
        messages.warning(request, told % {"n": number})


def _lost() -> str:
    return _("A print is not in its folder any more and cannot be made again as it was. Nothing was changed.")
