"""The script of a call: its steps, what may be said to a stranger, and its words filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contacts.rules import courtesy, disclosure, wording
from dunning.vocabulary import ScriptPart

#: What follows once the person is confirmed, in its order.
STEPS = (
    ScriptPart.ARRIVED,
    ScriptPart.LISTEN,
    ScriptPart.REASON,
    ScriptPart.PROPOSE,
    ScriptPart.CLOSE,
)
#: What anybody may hear: it tells neither that money is owed nor to whom.
NEUTRAL = frozenset(
    {
        ScriptPart.GREET,
        ScriptPart.CONFIRM,
        ScriptPart.THIRD_PARTY,
        ScriptPart.VOICEMAIL,
        ScriptPart.CALM,
    }
)
NEUTRAL_WORDS = frozenset({"greeting", "name", "full_name", "agent"})
#: What a script may be filled with once the person is confirmed.
WORDS = NEUTRAL_WORDS | {
    "brand", "creditor", "phone", "product", "contract", "amount", "due_date", "days_late",
}  # fmt: skip
#: Kinds of discourtesy that no script may hold.
HARSH = frozenset({"threat", "shaming", "pressure"})
#: What stands where a fact is not known: the agent sees that something is missing.
UNKNOWN = "…"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text: `kind` is placeholder, tells or harsh; `found` is where."""

    kind: str
    found: str


def problems(text: str, *, part: str, creditors: Iterable[str] = ()) -> list[Problem]:
    """Return what keeps a text out of the playbook.

    Neutral parts name no creditor (`creditors` are their names) and nothing that tells of a debt; no
    part threatens, shames or presses.
    """
    is_neutral = part in NEUTRAL
    try:
        asked = wording.placeholders_in(text)
    except wording.PlaceholderError as error:
        return [Problem("placeholder", error.found)]
    unknown = asked - (NEUTRAL_WORDS if is_neutral else WORDS)
    found = [Problem("tells" if name in WORDS else "placeholder", name) for name in sorted(unknown)]
    if is_neutral:
        plain = text.casefold()
        found += [Problem("tells", name) for name in creditors if name and name.casefold() in plain]
        found += [
            Problem("tells", each.found)
            for each in disclosure.indiscretions(text)
            if each.kind in ("word", "amount")
        ]
    rude = courtesy.discourtesies(text)
    return found + [Problem("harsh", each.found) for each in rude if each.kind in HARSH]


def fill(text: str, *, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled; what is not known becomes three dots, seen by the agent."""
    known = {name: values.get(name) or UNKNOWN for name in wording.placeholders_in(text)}
    return wording.fill(text, values=known)


def step_after(step: str) -> ScriptPart:
    """Return the step that follows; after the last it stays."""
    return STEPS[min(_place(step) + 1, len(STEPS) - 1)]


def step_before(step: str) -> ScriptPart:
    """Return the step before; before the first it stays."""
    return STEPS[max(_place(step) - 1, 0)]


def _place(step: str) -> int:
    return STEPS.index(ScriptPart(step)) if step in STEPS else 0
