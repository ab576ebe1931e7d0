"""May I contact now? The gate's answers about one debtor, by channel and by contact point, for a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.text import capfirst

from contacts import reasons, timeline
from contacts.queries import Gathered, gathering
from contacts.queries.asking import Asked, Verdict
from contacts.reasons import Answer
from contacts.services import findings
from contacts.vocabulary import Channel, FindingKind, HoldKind
from debtors.models import ContactPoint, PointChange
from debtors.vocabulary import Medium

MEDIA = (Medium.PHONE, Medium.EMAIL, Medium.ADDRESS)


class Said(NamedTuple):
    """One answer, and the channels of which it is true."""

    channels: str
    answer: Answer


@dataclass(frozen=True)
class PointLine:
    """One contact point: its history, newest first, and the gate's answers about using it now."""

    point: ContactPoint
    icon: str
    answers: list[Said]
    changes: list[PointChange]
    may_dial: bool


@dataclass(frozen=True)
class Verdicts:
    """The gate's answers about one debtor: as a person, a call first, and about each point by itself.

    `everywhere` is what holds for every point and channel, said once instead of at each of them.
    """

    person: list[Said]
    switched_off: str
    everywhere: Answer | None
    points: list[PointLine]
    zones: tuple[str, ...]
    holds_blocking: frozenset[str]


def verdicts(known: Gathered, *, debtor_id: int, creditor_id: int | None = None) -> Verdicts:
    """Return every answer a page needs about a debtor, in one query on top of those that gathered.

    What the gate objects because of the house itself is kept as a finding, for the managers.
    """
    asked = {
        channel: known.asked(debtor_id, channel=channel.value, creditor_id=creditor_id) for channel in Channel
    }
    on = [channel for channel in Channel if _is_on(asked[channel], channel)]
    points = list(known.points[debtor_id])
    prefetch_related_objects(points, Prefetch("changes", PointChange.objects.select_related("recorded_by")))
    lines = [_line(point, asked=asked, on=on) for point in sorted(points, key=_place)]
    _note(known, call=asked[Channel.VOICE].best)
    every = [said.answer for line in lines for said in line.answers]
    is_one = len(every) > 1 and len({(answer.tone, answer.text) for answer in every}) == 1
    return Verdicts(
        person=_grouped((each, _best(asked[each])) for each in sorted({*on, Channel.VOICE}, key=_call_first)),
        switched_off=", ".join(str(channel.label) for channel in Channel if channel not in on),
        everywhere=_united(every) if is_one else None,
        points=[replace(line, answers=[]) for line in lines] if is_one else lines,
        zones=asked[Channel.VOICE].person.time_zones,
        holds_blocking=terms.holds_blocking if (terms := asked[Channel.VOICE].terms) else frozenset(HoldKind),
    )


def _call_first(channel: Channel) -> tuple[bool, int]:
    return (channel != Channel.VOICE, list(Channel).index(channel))


def _note(known: Gathered, *, call: Verdict) -> None:
    """Keep what stops contact although nobody wished it."""
    if known.doubt is not None:
        findings.try_to_note(FindingKind.DATABASE, error=known.doubt, now=known.now)
    else:
        findings.note_decision(call.decision, now=known.now)


def _is_on(asked: Asked, channel: Channel) -> bool:
    """Whether a channel is worth a line: switched on, or not known to be off."""
    return asked.terms is None or asked.terms.is_unreadable or channel in asked.terms.channels


def _best(asked: Asked) -> Answer:
    return reasons.answer(asked.best, asked=asked)


def _place(point: ContactPoint) -> tuple[int, bool, bool, bool, int]:
    """Order points as they are tried: telephones first, what is out of use last."""
    medium = MEDIA.index(Medium(point.medium))
    return (medium, *gathering.rank(point))


def _line(point: ContactPoint, *, asked: Mapping[Channel, Asked], on: Sequence[Channel]) -> PointLine:
    """Return the answer for each channel that is switched on; of a point out of use its status says all."""
    usable = [] if point.is_retired else [each for each in on if each in gathering.channels_of(point)]
    verdicts = {channel: asked[channel].verdict(point) for channel in usable}
    called = verdicts.get(Channel.VOICE)
    return PointLine(
        point=point,
        icon=timeline.ICONS.get(Medium(point.medium), "mail"),
        answers=_grouped(
            (channel, reasons.answer(verdict, asked=asked[channel])) for channel, verdict in verdicts.items()
        ),
        changes=list(point.changes.all()),
        may_dial=called is not None and called.is_allowed,
    )


def _grouped(answers: Iterable[tuple[Channel, Answer]]) -> list[Said]:
    """Return the answers with their channels; the same line is said once."""
    same: dict[tuple[str, str], list[tuple[str, Answer]]] = {}
    for channel, answer in answers:
        same.setdefault((answer.tone, answer.text), []).append((str(channel.label), answer))
    return [
        Said(capfirst(", ".join(name for name, _answer in group)), _united(answer for _name, answer in group))
        for group in same.values()
    ]


def _united(answers: Iterable[Answer]) -> Answer:
    """Return one answer for several with the same line, with all their reasons, each once."""
    every = list(answers)
    return replace(every[0], reasons=tuple(dict.fromkeys(each for one in every for each in one.reasons)))
