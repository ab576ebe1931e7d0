"""The courteous texts: which are used, who writes the next, and a colleague's approval."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacts import text_reasons
from contacts.filters import TemplateFilter
from contacts.forms.templates import MEANINGS, RefusalForm, TextForm
from contacts.models import Contact, Template
from contacts.rules import example, sms_size, wording
from contacts.services import outbox
from contacts.services import templates as texts
from contacts.services.templates import Words
from contacts.vocabulary import Channel, Disclosure, TemplateState, Tone
from debtors.services.access import user_of

ROWS = 25
#: What the list shows when nobody asked for anything else.
CURRENT = (TemplateState.DRAFT, TemplateState.WAITING, TemplateState.APPROVED)
SORTS = {
    "title": ("title", "channel", "-version"),
    "-title": ("-title", "channel", "-version"),
}


@login_required
@permission_required("contacts.view_template", raise_exception=True)
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """List the texts in use and those being written; all of them when a state is asked for."""
    chosen = TemplateFilter(request.GET, queryset=Template.objects.all())
    found = chosen.qs if request.GET.get("state") else chosen.qs.filter(state__in=CURRENT)
    order = SORTS.get(request.GET.get("sort", ""), ("key", "channel", "-version"))
    page = Paginator(found.select_related("written_by").order_by(*order), ROWS)
    context = {
        "filter": chosen,
        "page": page.get_page(request.GET.get("page")),
        "waiting": Template.objects.filter(state=TemplateState.WAITING).count(),
        "is_filtered": any(request.GET.get(name) for name in chosen.filters),
    }
    return render(request, "contacts/templates/list.html", context)


@login_required
@permission_required("contacts.view_template", raise_exception=True)
@require_GET
def template(request: HttpRequest, text_id: int) -> HttpResponse:
    """Show one version as its reader gets it, what there is to say of it, and what may be done with it."""
    return _show(request, _text(text_id), refusal=RefusalForm())


@login_required
@permission_required("contacts.add_template", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a text of its own."""
    form = TextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            draft = texts.begin(
                key=cleaned["key"],
                channel=cleaned["channel"],
                words=form.words,
                by=user_of(request.user),
                now=timezone.now(),
            )
        except texts.DraftExistsError:
            form.add_error("key", _("Somebody is writing a text of this key and channel already."))
        else:
            messages.success(request, _("Draft kept. Nobody receives it before a colleague approved it."))
            return redirect("contacts:template", draft.pk)
    return _editor(request, form)


@login_required
@permission_required("contacts.add_template", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, text_id: int) -> HttpResponse:
    """Change a draft; what was approved, or waits for it, is only read."""
    text = _text(text_id)
    if text.state != TemplateState.DRAFT:
        messages.info(request, _("Only drafts are edited. Begin a new version instead."))
        return redirect("contacts:template", text_id)
    form = TextForm(request.POST if request.method == "POST" else None, instance=text)
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            texts.edit(
                text_id, words=form.words, revision=revision, by=user_of(request.user), now=timezone.now()
            )
        except texts.StaleTextError:
            form.add_error(None, _("A colleague changed this draft meanwhile. Your words are still below."))
        else:
            messages.success(request, _("Draft kept. Nobody receives it before a colleague approved it."))
            return redirect("contacts:template", text_id)
    return _editor(request, form)


@login_required
@permission_required("contacts.view_template", raise_exception=True)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Say of a text that is being written what it looks like, how big it is, and what is to be mended."""
    asked = request.POST
    channel = asked.get("channel", "")
    words = Words(
        title="",
        tone=asked.get("tone", ""),
        disclosure=asked.get("disclosure", ""),
        subject=asked.get("subject", ""),
        body=asked.get("body", "").replace("\r\n", "\n"),
    )
    if channel not in Channel or words.disclosure not in Disclosure or words.tone not in Tone:
        raise Http404
    context = _judged(key=asked.get("key", ""), channel=channel, words=words)
    return render(request, "contacts/templates/_check.html", context)


@login_required
@permission_required("contacts.add_template", raise_exception=True)
@require_POST
def version(request: HttpRequest, text_id: int) -> HttpResponse:
    """Begin the next version of a text with the words of this one, or go on with the one being written."""
    source = _text(text_id)
    try:
        draft = texts.begin_from(source.pk, by=user_of(request.user), now=timezone.now())
    except texts.DraftExistsError as existing:
        messages.info(request, _("A version is being written already: here it is."))
        return redirect("contacts:template", existing.draft.pk)
    return redirect("contacts:template_edit", draft.pk)


@login_required
@permission_required("contacts.add_template", raise_exception=True)
@require_POST
def move(request: HttpRequest, text_id: int) -> HttpResponse:
    """Send a text one step on, or back: for approval, into use, out of it."""
    text, do = _text(text_id), request.POST.get("do", "")
    if do not in _MOVES or not request.POST.get("revision", "").isdecimal():
        raise Http404
    try:
        said = _MOVES[do](request, text.pk, int(request.POST["revision"]))
    except texts.StaleTextError:
        messages.warning(request, _("A colleague was faster: the text stands differently now."))
    except texts.NotReadyError:
        messages.error(request, _("It cannot be used as it is: what is to be mended stands below."))
    except texts.OwnTextError:
        messages.error(request, _("You wrote at this text: a colleague must decide about it."))
    except texts.UnexplainedError:
        form = RefusalForm(request.POST)
        form.is_valid()
        return _show(request, text, refusal=form, status=422)
    else:
        messages.success(request, said)
    return redirect("contacts:template", text_id)


def _submit(request: HttpRequest, pk: int, revision: int) -> str:
    texts.submit(pk, revision=revision, by=user_of(request.user), now=timezone.now())
    return _("It waits for a colleague's approval now.")


def _take_back(request: HttpRequest, pk: int, revision: int) -> str:
    texts.take_back(pk, revision=revision, by=user_of(request.user))
    return _("It is a draft again.")


def _approve(request: HttpRequest, pk: int, revision: int) -> str:
    texts.approve(pk, revision=revision, by=user_of(request.user), now=timezone.now())
    return _("Approved. From now on this version is used.")


def _refuse(request: HttpRequest, pk: int, revision: int) -> str:
    reason = request.POST.get("reason", "")
    texts.refuse(pk, revision=revision, reason=reason, by=user_of(request.user), now=timezone.now())
    return _("Not approved. The author reads your reason.")


def _discard(request: HttpRequest, pk: int, revision: int) -> str:
    texts.discard(pk, revision=revision, by=user_of(request.user))
    return _("The draft was thrown away.")


def _retire(request: HttpRequest, pk: int, revision: int) -> str:
    texts.retire(pk, revision=revision, by=user_of(request.user))
    return _("Out of use. Steps that speak with it find no text until another is approved.")


_MOVES: Mapping[str, Callable[[HttpRequest, int, int], str]] = {
    "submit": _submit,
    "take_back": _take_back,
    "approve": _approve,
    "refuse": _refuse,
    "discard": _discard,
    "retire": _retire,
}


def _text(pk: int) -> Template:
    return get_object_or_404(Template.objects.select_related("written_by", "decided_by"), pk=pk)


def _show(request: HttpRequest, text: Template, *, refusal: RefusalForm, status: int = 200) -> HttpResponse:
    words = texts.words_of(text)
    ours = Template.objects.filter(key=text.key).select_related("written_by", "decided_by")
    waiting = Count("pk", filter=Q(template=text, state__in=outbox.NOT_GONE))
    in_use = ours.filter(channel=text.channel, state=TemplateState.APPROVED).exclude(pk=text.pk).first()
    context = _judged(key=text.key, channel=text.channel, words=words) | {
        "text": text,
        "in_use": in_use if text.is_undecided else None,
        "in_use_shown": _as_read(texts.words_of(in_use), channel=text.channel) if in_use else None,
        "is_mine": texts.is_writer(user_of(request.user), of=text),
        "versions": ours.filter(channel=text.channel).order_by("-version"),
        "others": ours.filter(state=TemplateState.APPROVED).exclude(channel=text.channel),
        "waiting_contacts": Contact.objects.aggregate(n=waiting)["n"],
        "refusal": refusal,
    }
    return render(request, "contacts/templates/text.html", context, status=status)


def _editor(request: HttpRequest, form: TextForm) -> HttpResponse:
    """Show the form with what is to be said of it as it stands."""
    names = [
        (name, f"{{{{ {name} }}}}", MEANINGS[name], name in wording.REVEALING)
        for name in wording.PLACEHOLDERS
    ]
    context = {"form": form, "placeholders": names, "text": form.instance if form.instance.pk else None}
    held: Mapping[str, Any] = form.data if form.is_bound else form.initial
    words = Words(
        title="",
        tone=held.get("tone") or "friendly",
        disclosure=held.get("disclosure") or Disclosure.NEUTRAL,
        subject=held.get("subject") or "",
        body=held.get("body") or "",
    )
    channel = form.instance.channel or held.get("channel") or Channel.SMS
    key = form.instance.key or held.get("key") or ""
    context |= _judged(key=key, channel=channel, words=words)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "contacts/templates/editor.html", context, status=status)


def _judged(*, key: str, channel: str, words: Words) -> dict[str, Any]:
    """Return what is to be said of a text: how it reads, how big it is, and what is found."""
    said = text_reasons.explain_all(texts.findings_of(key=key, channel=channel, words=words))
    shown = _as_read(words, channel=channel)
    return {
        "channel": channel,
        "shown": shown,
        "size": sms_size.sms_size(shown["body"]) if channel == Channel.SMS and shown["body"] else None,
        "room": sms_size.ONE_SEGMENT,
        "folded": sms_size.folded(words.body) if channel == Channel.SMS else {},
        "refusals": [each for each in said if each.is_refusal],
        "notes": [each for each in said if not each.is_refusal],
    }


def _as_read(words: Words, *, channel: str) -> dict[str, str]:
    """Return subject and body as the invented debtor gets them; as they are while a placeholder is wrong."""
    try:
        return {
            "subject": example.dressed(words.subject, channel=channel),
            "body": example.dressed(words.body, channel=channel),
        }
    except wording.PlaceholderError:
        return {"subject": words.subject, "body": words.body}
