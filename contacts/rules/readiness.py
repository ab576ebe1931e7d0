"""Whether a text may be sent for approval: what it tells, how it speaks, what it must hold, how big it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contacts.rules import courtesy, disclosure, sms_size, wording
from contacts.rules.courtesy import Discourtesy
from contacts.vocabulary import Channel, Disclosure, Tone

#: What names the creditor whole: Consumer Code (Law 8.078/1990), art. 42-A, for every document of collection.
CREDITOR_WHOLE = ("creditor", "creditor_tax_id", "creditor_address")
#: São Paulo Law 17.832/2023 art. 49 and Rio de Janeiro Law 6.854/2014 art. 2: each addition by itself.
ITEMS = ("principal", "late_fee", "interest")
#: Words that our own reader of answers takes for a wish to be left alone.
STOP_WORDS_TOLD = frozenset({"SAIR", "PARAR", "CANCELAR", "REMOVER", "STOP"})
LONGEST = {Channel.SMS: 1_600, Channel.WHATSAPP: 1_024}  # characters, Twilio and WhatsApp
#: More than two segments is a letter, not a message.
MOST_SEGMENTS = 2
SHOWN_UNOPENED = (Channel.SMS, Channel.WHATSAPP)
#: Discourtesies that are said and do not keep a text back.
NOTES = frozenset({"hard_word", "exclamations", "no_greeting"})

_NOT_RECEIVE = re.compile(r"\bnao\b[^.!?]{0,40}\breceber\b|\bdeixar de receber\b")
_IF_PAID = re.compile(r"\bse (?:voce )?ja (?:pagou|efetuou|realizou)|desconsidere")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text as it stands in the editor."""

    channel: str
    tone: str
    disclosure: str
    body: str
    subject: str = ""

    @property
    def is_collection(self) -> bool:
        """Whether it asks for a payment whose day has passed: it tells something and is no reminder."""
        return self.disclosure != Disclosure.NEUTRAL and self.tone != Tone.REMINDER


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to be said of a text. A refusal keeps it from being approved, a note does not.

    `kind` is one of those in `contacts/text_reasons.py`, where its sentence stands; `field` says where it is.
    """

    kind: str
    found: str = ""
    field: str = "body"
    is_refusal: bool = True


def findings(text: Text) -> tuple[Finding, ...]:
    """Return everything there is to say of `text`, refusals first; nothing for one that is fine.

    A placeholder that does not exist is the only finding where there is one: nothing else can be
    judged before it is mended.
    """
    wrong = [_placeholder_error(text.subject, field="subject"), _placeholder_error(text.body, field="body")]
    if any(wrong):
        return tuple(each for each in wrong if each)
    bad = list(_speaks_badly(text))
    said = {(each.field, each.found) for each in bad if each.is_refusal}
    found = [
        *_missing_parts(text),
        *(each for each in _tells_too_much(text) if (each.field, each.found) not in said),
        *bad,
        *_too_big(text),
        *_advice(text),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: not each.is_refusal))


def refusals(text: Text) -> tuple[Finding, ...]:
    """Return what keeps `text` from being approved."""
    return tuple(each for each in findings(text) if each.is_refusal)


def says_how_to_stop(text: Text) -> bool:
    """Say whether the reader learns how to be left alone, in a way that works for the channel.

    A message can be answered with one of our stop words; of a letter somebody must be told.
    """
    names, bare = wording.placeholders_in(text.body), wording.without_placeholders(text.body)
    if names & {"opt_out", "stop_link"}:
        return True
    if text.channel == Channel.LETTER:
        return "phone" in names and bool(_NOT_RECEIVE.search(disclosure.plain(bare)))
    return any(word in STOP_WORDS_TOLD for word in re.findall(r"\w+", bare))


def _placeholder_error(text: str, *, field: str) -> Finding | None:
    try:
        wording.placeholders_in(text)
    except wording.PlaceholderError as error:
        return Finding(kind="no_placeholder", found=error.found, field=field)
    return None


def _missing_parts(text: Text) -> Iterator[Finding]:
    if not text.body.strip():
        yield Finding(kind="empty")
        return
    if text.channel == Channel.EMAIL and not text.subject.strip():
        yield Finding(kind="no_subject", field="subject")
    if not says_how_to_stop(text):
        yield Finding(kind="no_opt_out")
    names = wording.placeholders_in(text.body)
    if not (names | wording.placeholders_in(text.subject)) & {"brand", "creditor"}:
        yield Finding(kind="no_sender")
    if names & wording.AMOUNTS:
        yield from (Finding(kind="no_creditor", found=name) for name in CREDITOR_WHOLE if name not in names)
    if names & wording.AMOUNTS and text.tone != Tone.REMINDER:
        wanted = ("amount", *ITEMS)
        yield from (Finding(kind="no_item", found=name) for name in wanted if name not in names)


def _tells_too_much(text: Text) -> Iterator[Finding]:
    most = disclosure.most(channel=text.channel)
    if not disclosure.is_within(text.disclosure, most=most):
        yield Finding(kind="too_open_for_channel", found=most.value, field="disclosure")
    yield from _indiscreet(text.subject, field="subject")
    if text.disclosure == Disclosure.NEUTRAL:
        yield from _indiscreet(text.body, field="body")
        return
    told = disclosure.tells(text.body)
    if not disclosure.is_within(told, most=text.disclosure):
        yield Finding(kind="tells_more_than_it_says", found=told.value, field="disclosure")
    if text.channel in SHOWN_UNOPENED:
        yield from (each for each in _indiscreet(text.body, field="body") if each.kind == "indiscreet_word")
    if disclosure.names_money(text.body):
        yield Finding(kind="typed_amount")


def _indiscreet(text: str, *, field: str) -> Iterator[Finding]:
    """Yield what a text that anybody may see may not hold; capitals are a matter of courtesy."""
    for each in disclosure.indiscretions(text):
        if each.kind != "shouting":
            yield Finding(kind=f"indiscreet_{each.kind}", found=each.found, field=field)


def _speaks_badly(text: Text) -> Iterator[Finding]:
    is_open = text.disclosure == Disclosure.NEUTRAL or text.channel in SHOWN_UNOPENED
    for field, words in (("subject", text.subject), ("body", text.body)):
        for each in courtesy.discourtesies(words) if words.strip() else ():
            if each.kind == "no_greeting" and field == "subject":
                continue
            if each.kind == "hard_word" and (is_open or field == "subject"):
                continue  # refused there for what it tells
            yield Finding(kind=each.kind, found=each.found, field=field, is_refusal=_refuses(each, text=text))


def _refuses(found: Discourtesy, *, text: Text) -> bool:
    """Say whether a discourtesy keeps the text back: consequences may be announced formally and in full."""
    if found.kind == "consequence":
        return not (text.tone == Tone.FORMAL and text.disclosure == Disclosure.FULL)
    return found.kind not in NOTES


def _too_big(text: Text) -> Iterator[Finding]:
    longest = LONGEST.get(Channel(text.channel)) if text.channel in Channel else None
    whole = at_its_longest(text.body)
    if longest and len(whole) > longest:
        yield Finding(kind="too_long", found=str(longest))
    if text.channel != Channel.SMS:
        return
    segments = sms_size.sms_size(sms_size.fold_to_gsm(whole)).segments
    if segments > MOST_SEGMENTS:
        yield Finding(kind="many_segments", found=str(segments), is_refusal=False)
    for letter in sms_size.stubborn(text.body):
        yield Finding(kind="stubborn_letter", found=letter, is_refusal=False)


def at_its_longest(body: str) -> str:
    """Return a body as big as its placeholders may make it."""
    values = {name: "x" * wording.PLACEHOLDERS[name] for name in wording.placeholders_in(body)}
    return wording.fill(body, values=values)


def _advice(text: Text) -> Iterator[Finding]:
    names = wording.placeholders_in(text.body)
    if "phone" not in names:
        yield Finding(kind="no_way_to_answer", is_refusal=False)
    if text.is_collection and text.channel not in SHOWN_UNOPENED and names & wording.REVEALING:
        words = disclosure.plain(wording.without_placeholders(text.body))
        if not _IF_PAID.search(words):
            yield Finding(kind="no_if_paid", is_refusal=False)
