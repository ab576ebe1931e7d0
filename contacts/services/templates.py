"""The only writer of texts, from the first word to a colleague's approval; what was approved is never edited.

Four eyes: nobody approves a version at which he wrote himself. Whoever decides says which revision
he has read. A new version may not tell more, nor speak harder, than the one it replaces: ladders
chose that one for what it tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from contacts.models import Contact, Template
from contacts.models.template import UNDECIDED
from contacts.rules import disclosure, readiness, wording
from contacts.rules.disclosure import FROM_LITTLE_TO_MUCH
from contacts.rules.readiness import Finding
from contacts.services import outbox
from contacts.vocabulary import Channel, TemplateState, Tone
from debtors.models import User

#: Who may write texts, and who may decide which are used.
MAY_WRITE, MAY_DECIDE = "contacts.add_template", "contacts.change_template"
WITH_SUBJECT = (Channel.EMAIL, Channel.LETTER)
FROM_SOFT_TO_HARD = (Tone.REMINDER, Tone.FRIENDLY, Tone.DIRECT, Tone.FORMAL)


class StaleTextError(Exception):
    """The text was edited, decided or thrown away meanwhile."""


class DraftExistsError(Exception):
    """Somebody is already writing a version of this text; `draft` is it."""

    def __init__(self, draft: Template) -> None:
        super().__init__(str(draft.pk))
        self.draft = draft


class NotReadyError(Exception):
    """The text may not be used as it is; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(finding.kind for finding in findings))
        self.findings = findings


class OwnTextError(Exception):
    """A colleague must approve it: nobody approves what he wrote himself."""


class UnexplainedError(Exception):
    """The refusal does not say why."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a manager writes of a text."""

    title: str
    tone: str
    disclosure: str
    body: str
    subject: str = ""


def begin(*, key: str, channel: str, words: Words, by: User, now: datetime) -> Template:
    """Begin a version of a text, the first of its key and channel or the next; return the draft.

    Raises DraftExistsError where one is being written, PlaceholderError for a placeholder that
    does not exist, and PermissionDenied.
    """
    _refuse_unless(by, MAY_WRITE)
    _check_placeholders(words)
    ours = Template.objects.filter(key=key, channel=channel)
    try:
        with transaction.atomic():
            last = ours.aggregate(last=Max("version"))["last"] or 0
            draft = Template(key=key, channel=channel, version=last + 1)
            _put(words, on=draft, by=by, now=now)
            draft.save(force_insert=True)
            draft.writers.add(by)
    except IntegrityError as error:
        if existing := ours.filter(state__in=UNDECIDED).first():
            raise DraftExistsError(existing) from error
        raise
    return draft


def begin_from(source_id: int, *, by: User, now: datetime) -> Template:
    """Begin the next version of a text with the words of another; raises as `begin` does."""
    source = Template.objects.get(pk=source_id)
    return begin(key=source.key, channel=source.channel, words=words_of(source), by=by, now=now)


def edit(draft_id: int, *, words: Words, revision: int, by: User, now: datetime) -> Template:
    """Keep what a manager changed. Raises StaleTextError, PlaceholderError and PermissionDenied."""
    _refuse_unless(by, MAY_WRITE)
    _check_placeholders(words)
    with transaction.atomic():
        draft = _locked(draft_id, revision=revision, state=TemplateState.DRAFT)
        _put(words, on=draft, by=by, now=now)
        draft.revision += 1
        draft.save()
        draft.writers.add(by)
    return draft


def submit(draft_id: int, *, revision: int, by: User, now: datetime) -> Template:
    """Ask for a colleague's approval; until then the draft is not edited.

    Raises NotReadyError, StaleTextError and PermissionDenied.
    """
    _refuse_unless(by, MAY_WRITE)
    with transaction.atomic():
        draft = _locked(draft_id, revision=revision, state=TemplateState.DRAFT)
        _refuse_what_is_not_ready(draft)
        draft.state, draft.reason, draft.decided_by, draft.decided_at = TemplateState.WAITING, "", None, None
        draft.save()
    return draft


def take_back(text_id: int, *, revision: int, by: User) -> Template:
    """Go on writing what waited for approval. Raises StaleTextError and PermissionDenied."""
    _refuse_unless(by, MAY_WRITE)
    with transaction.atomic():
        text = _locked(text_id, revision=revision, state=TemplateState.WAITING)
        text.state = TemplateState.DRAFT
        text.save()
    return text


def approve(text_id: int, *, revision: int, by: User, now: datetime) -> Template:
    """Bring a version into use in the place of the one before; what still waits to be sent speaks by it.

    Raises OwnTextError, NotReadyError (the rules may have become stricter), StaleTextError and
    PermissionDenied.
    """
    _refuse_unless(by, MAY_DECIDE)
    with transaction.atomic():
        text = _locked(text_id, revision=revision, state=TemplateState.WAITING)
        if is_writer(by, of=text):
            raise OwnTextError
        _refuse_what_is_not_ready(text)
        used = Template.objects.filter(key=text.key, channel=text.channel, state=TemplateState.APPROVED)
        before = list(used.select_for_update())
        used.update(state=TemplateState.RETIRED)
        text.state, text.decided_by, text.decided_at = TemplateState.APPROVED, by, now
        text.save()
        waiting = Contact.objects.filter(template__in=before, state__in=outbox.NOT_GONE)
        waiting.update(template=text)
    return text


def refuse(text_id: int, *, revision: int, reason: str, by: User, now: datetime) -> Template:
    """Say no, and why; the author may change the draft and ask again.

    Raises UnexplainedError, OwnTextError (he takes it back instead), StaleTextError and PermissionDenied.
    """
    _refuse_unless(by, MAY_DECIDE)
    if not reason.strip():
        raise UnexplainedError
    with transaction.atomic():
        text = _locked(text_id, revision=revision, state=TemplateState.WAITING)
        if is_writer(by, of=text):
            raise OwnTextError
        text.state, text.reason = TemplateState.DRAFT, reason.strip()[:300]
        text.decided_by, text.decided_at = by, now
        text.save()
    return text


def discard(draft_id: int, *, revision: int, by: User) -> Template:
    """Throw a draft away. Raises StaleTextError and PermissionDenied."""
    _refuse_unless(by, MAY_WRITE)
    with transaction.atomic():
        draft = _locked(draft_id, revision=revision, state=TemplateState.DRAFT)
        draft.state = TemplateState.DISCARDED
        draft.save()
    return draft


def retire(text_id: int, *, revision: int, by: User) -> Template:
    """Take a text out of use without another in its place: what waits by it will not leave.

    One person is enough to say less. Raises StaleTextError and PermissionDenied.
    """
    _refuse_unless(by, MAY_DECIDE)
    with transaction.atomic():
        text = _locked(text_id, revision=revision, state=TemplateState.APPROVED)
        text.state = TemplateState.RETIRED
        text.save()
    return text


def ship(*, key: str, channel: str, words: Words) -> None:
    """Put a text of the house in use where there is none of its key and channel yet, not even a draft."""
    if Template.objects.filter(key=key, channel=channel).exists():
        return
    shipped = Template(key=key, channel=channel, state=TemplateState.APPROVED)
    _put(words, on=shipped, by=None, now=None)
    shipped.save()


def words_of(text: Template) -> Words:
    """Return what was written of a text."""
    return Words(
        title=text.title,
        tone=text.tone,
        disclosure=text.disclosure,
        body=text.body,
        subject=text.subject,
    )


def is_writer(user: User, *, of: Template) -> bool:
    """Say whether somebody wrote at a version, and so cannot approve it."""
    return of.writers.filter(pk=user.pk).exists()


def findings_of(*, key: str, channel: str, words: Words) -> tuple[Finding, ...]:
    """Return all there is to say of a text, also beside those that ladders know by its key."""
    text = readiness.Text(
        channel=channel,
        tone=words.tone,
        disclosure=words.disclosure,
        body=words.body,
        subject=words.subject,
    )
    return (*_beside(_known(key=key, channel=channel), words=words), *readiness.findings(text))


def _known(*, key: str, channel: str) -> list[Template]:
    """Return what ladders expect of a key: what was last used by this channel, else what others use."""
    ever = Template.objects.filter(key=key, state__in=[TemplateState.APPROVED, TemplateState.RETIRED])
    own = ever.filter(channel=channel).order_by("-version")[:1]
    return list(own) or list(ever.filter(state=TemplateState.APPROVED))


def _beside(known: list[Template], *, words: Words) -> Iterator[Finding]:
    """Yield in what a text goes further than all of those."""
    if not known:
        return
    told = max((each.disclosure for each in known), key=FROM_LITTLE_TO_MUCH.index)
    if not disclosure.is_within(words.disclosure, most=told):
        yield Finding(kind="tells_more_than_before", found=told, field="disclosure")
    tone = max((each.tone for each in known), key=FROM_SOFT_TO_HARD.index)
    if FROM_SOFT_TO_HARD.index(Tone(words.tone)) > FROM_SOFT_TO_HARD.index(Tone(tone)):
        yield Finding(kind="harder_than_before", found=tone, field="tone")


def _refuse_what_is_not_ready(text: Template) -> None:
    found = findings_of(key=text.key, channel=text.channel, words=words_of(text))
    if wrong := tuple(finding for finding in found if finding.is_refusal):
        raise NotReadyError(wrong)


def _refuse_unless(user: User, permission: str) -> None:
    if not user.has_perm(permission):
        raise PermissionDenied(permission)


def _check_placeholders(words: Words) -> None:
    wording.placeholders_in(words.subject)
    wording.placeholders_in(words.body)


def _put(words: Words, *, on: Template, by: User | None, now: datetime | None) -> None:
    on.title, on.tone, on.disclosure = words.title, words.tone, words.disclosure
    on.subject = words.subject if on.channel in WITH_SUBJECT else ""
    on.body = words.body
    on.written_by, on.written_at = by, now


def _locked(text_id: int, *, revision: int, state: TemplateState) -> Template:
    """Return a version, held, if it is still in this state and as it was read."""
    found = Template.objects.select_for_update(of=("self",)).filter(pk=text_id)
    text = found.filter(state=state, revision=revision).first()
    if text is None:
        raise StaleTextError
    return text
