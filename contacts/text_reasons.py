"""Why a text is not ready, or could be better, as sentences for its author."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contacts.rules.readiness import Finding
from contacts.vocabulary import Disclosure, Tone

#: Kind of a finding -> sentence. `%(found)s` is what was found.
_WORDS: Mapping[str, str] = {
    "no_placeholder": gettext_noop("“%(found)s” is no placeholder: choose one of the list."),
    "empty": gettext_noop("The text is empty."),
    "no_subject": gettext_noop("An e-mail needs a subject."),
    "no_opt_out": gettext_noop(
        "The reader must learn how to be left alone: put {{ opt_out }} in, or say “SAIR”; in a letter, "
        "whom to call so as not to receive more."
    ),
    "no_sender": gettext_noop("It must say who writes: {{ brand }} or {{ creditor }}."),
    "no_creditor": gettext_noop(
        "Where a value is told, the creditor is named whole (Consumer Code, art. 42-A): "
        "{{ %(found)s }} is missing."
    ),
    "no_item": gettext_noop(
        "A value is told item by item, never as a bare sum (laws of São Paulo and Rio de Janeiro): "
        "{{ %(found)s }} is missing."
    ),
    "typed_amount": gettext_noop(
        "An amount is typed into the text: it would be wrong for everybody. Use the placeholders."
    ),
    "too_open_for_channel": gettext_noop(
        "This channel can be read by others. It may tell at most: %(found)s."
    ),
    "tells_more_than_it_says": gettext_noop("It tells more than it says of itself. It tells: %(found)s."),
    "tells_more_than_before": gettext_noop(
        "Ladders use this key for texts that tell at most: %(found)s. Write what tells more under "
        "another key."
    ),
    "harder_than_before": gettext_noop(
        "Ladders use this key for texts that are at most: %(found)s. Write a harder one under another key."
    ),
    "indiscreet_word": gettext_noop("“%(found)s” tells a stranger what this is about."),
    "indiscreet_amount": gettext_noop("“%(found)s” names money, and a stranger may read it."),
    "indiscreet_placeholder": gettext_noop(
        "{{ %(found)s }} is for the right person only, and a stranger may read it."
    ),
    "threat": gettext_noop("“%(found)s” sounds like a threat, which is a crime (Consumer Code, art. 71)."),
    "shaming": gettext_noop("“%(found)s” shames the reader (Consumer Code, art. 42)."),
    "pressure": gettext_noop("“%(found)s” presses. Say what is possible, not what must be."),
    "consequence": gettext_noop(
        "“%(found)s” names a consequence. Only a formal text that tells the amounts may, and only what is "
        "true and was announced."
    ),
    "hard_word": gettext_noop("“%(found)s” is a hard word; “open payment” or “instalment” say the same."),
    "capitals": gettext_noop("Capitals shout. %(found)s"),
    "storm": gettext_noop("“%(found)s” shouts: one mark is enough."),
    "exclamations": gettext_noop("%(found)s exclamation marks are many."),
    "no_greeting": gettext_noop("It does not greet: {{ greeting }}, or “Olá”."),
    "no_way_to_answer": gettext_noop("It does not say where to answer: {{ phone }}."),
    "no_if_paid": gettext_noop("Who has paid already reads this too: say that it can be disregarded then."),
    "too_long": gettext_noop(
        "With the longest names it passes %(found)s characters, which the channel refuses."
    ),
    "many_segments": gettext_noop("With the longest names it takes %(found)s SMS; shorter is read."),
    "stubborn_letter": gettext_noop(
        "“%(found)s” has no plain letter: with it an SMS holds 70 characters instead of 160."
    ),
}
_LABELS: Mapping[str, str] = {each.value: each.label for each in (*Disclosure, *Tone)}
_NAMED_BY_LABEL = frozenset(
    {"too_open_for_channel", "tells_more_than_it_says", "tells_more_than_before", "harder_than_before"}
)


@dataclass(frozen=True)
class Said:
    """One finding in words."""

    text: str
    field: str
    is_refusal: bool


def explain(finding: Finding) -> Said:
    """Return the sentence for a finding, in the language now in use."""
    found = finding.found
    if finding.kind in _NAMED_BY_LABEL:
        found = str(_LABELS[found])
    return Said((_(_WORDS[finding.kind]) % {"found": found}).strip(), finding.field, finding.is_refusal)


def explain_all(findings: Iterable[Finding]) -> tuple[Said, ...]:
    """Return the sentences for several findings, in the order given."""
    return tuple(explain(finding) for finding in findings)
