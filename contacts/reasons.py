"""Why a contact may not be made, as sentences for people, each with the rule it stands on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from collections_crm.lib import dates, zone_names
from contacts.queries.asking import Asked, Verdict
from contacts.rules import calendar, closing, codes
from contacts.rules.number_lists import LineError
from contacts.rules.reading import MalformedError
from contacts.vocabulary import HoldKind

CONSUMER_CODE_42 = gettext_noop("Consumer Code (Law 8.078/1990), art. 42: nobody is exposed to ridicule.")
CONSUMER_CODE_71 = gettext_noop(
    "Consumer Code (Law 8.078/1990), art. 71: collection does not disturb work, rest or leisure."
)
DATA_LAW = gettext_noop("Data protection law (Law 13.709/2018): the person's own wish is respected.")
HOUSE = gettext_noop("The house's contact policy.")
STATUTE = gettext_noop(
    "Superior Court of Justice, REsp 2.088.100/SP: a prescribed debt is not collected, nor out of court."
)
BLOCK_LISTS = gettext_noop(
    "Do-not-call registers of the states, such as São Paulo's (Law 17.832/2023, arts. 127 to 129)."
)
WHATSAPP = gettext_noop("Rules of WhatsApp: free text only within 24 hours of the person's own message.")
OVER_INDEBTEDNESS = gettext_noop("Law 14.181/2021: who is over-indebted is treated with care.")
UNDUE_AMOUNT = gettext_noop(
    "Consumer Code (Law 8.078/1990), art. 42, sole paragraph: nobody is asked for what is not owed."
)
FREQUENCY = gettext_noop(
    "Contact policy: caps on how often, so that nobody is pestered (Consumer Code, art. 42)."
)


class Reason(NamedTuple):
    """One objection in words, with the rule behind it."""

    text: str
    basis: str


@dataclass(frozen=True)
class Answer:
    """The gate's answer as one line. `tone` is yes, later or no."""

    tone: str
    text: str
    reasons: tuple[Reason, ...] = ()


#: Code -> (sentence, what it stands on).
_WORDS: Mapping[str, tuple[str, str]] = {
    codes.NO_POLICY: (gettext_noop("no contact policy is in force"), HOUSE),
    codes.RULE_FAILED: (gettext_noop("a rule could not be judged, so nothing leaves"), HOUSE),
    codes.LEDGER_IN_DOUBT: (gettext_noop("the balance is being checked"), CONSUMER_CODE_42),
    codes.NOTHING_OWED: (gettext_noop("nothing is owed"), CONSUMER_CODE_42),
    codes.STATUTE_BARRED: (gettext_noop("everything that is owed is prescribed"), STATUTE),
    codes.TERMS_UNREADABLE: (gettext_noop("a rule that binds here cannot be read, so nothing leaves"), HOUSE),
    codes.MESSAGE_FIRST: (gettext_noop("a message goes before the first call"), HOUSE),
    codes.WHATSAPP_WINDOW: (
        gettext_noop("the debtor did not write here in the last 24 hours: only agreed texts may go"),
        WHATSAPP,
    ),
    codes.BLOCK_LIST: (gettext_noop("the number is on a do-not-call list"), BLOCK_LISTS),
    codes.PAUSED: (gettext_noop("all contact is paused"), HOUSE),
    codes.CHANNEL_DISABLED: (gettext_noop("this channel is switched off"), HOUSE),
    codes.TZ_UNKNOWN: (
        gettext_noop("where the debtor lives is not known, so neither is the hour there"),
        HOUSE,
    ),
    codes.OUTSIDE_HOURS: (gettext_noop("outside the contact hours where the debtor lives"), CONSUMER_CODE_71),
    codes.BIRTHDAY: (gettext_noop("a personal date of the debtor"), HOUSE),
    codes.HOLIDAY: (gettext_noop("a holiday or closed day where the debtor lives"), CONSUMER_CODE_71),
    codes.MINOR: (gettext_noop("the debtor is a minor"), HOUSE),
    codes.BIRTH_DATE_UNKNOWN: (
        gettext_noop("the birth date is not known, and the policy asks for it"),
        HOUSE,
    ),
    codes.POINT_INVALID: (gettext_noop("no number or address is in use for it"), HOUSE),
    codes.POINT_UNVERIFIED: (gettext_noop("the number or address is not confirmed yet"), HOUSE),
    codes.POINT_WORKPLACE: (gettext_noop("it is a workplace"), CONSUMER_CODE_71),
    codes.POINT_THIRD_PARTY: (gettext_noop("it belongs to somebody else"), CONSUMER_CODE_42),
    codes.POINT_WRONG_CHANNEL: (gettext_noop("this number or address cannot be reached this way"), HOUSE),
    codes.OPT_OUT_GLOBAL: (gettext_noop("the debtor asked not to be contacted"), DATA_LAW),
    codes.OPT_OUT_CHANNEL: (gettext_noop("the debtor asked not to be contacted this way"), DATA_LAW),
    codes.OPT_OUT_POINT: (gettext_noop("the debtor asked not to be contacted here"), DATA_LAW),
    codes.CONSENT_MISSING: (gettext_noop("there is no consent for this channel"), DATA_LAW),
    codes.PROMISE_GRACE: (gettext_noop("a payment is promised and its day is not over"), HOUSE),
    codes.MONEY_IN_TRANSIT: (
        gettext_noop("a boleto or Pix was issued, and the money may be on its way"),
        UNDUE_AMOUNT,
    ),
    codes.CONVERSATION_COOLDOWN: (gettext_noop("there was a conversation a short while ago"), FREQUENCY),
    codes.CAP_DAY_TOTAL: (gettext_noop("enough contacts today"), FREQUENCY),
    codes.CAP_DAY_CHANNEL: (gettext_noop("enough contacts this way today"), FREQUENCY),
    codes.CAP_7D_TOTAL: (gettext_noop("enough contacts in seven days"), FREQUENCY),
    codes.CAP_7D_CHANNEL: (gettext_noop("enough contacts this way in seven days"), FREQUENCY),
    codes.GAP_TOTAL: (gettext_noop("the last contact was only a moment ago"), FREQUENCY),
    codes.GAP_CHANNEL: (gettext_noop("the last contact this way was only a moment ago"), FREQUENCY),
    codes.CAP_DAY_POINT: (gettext_noop("this number or address was used enough today"), FREQUENCY),
    codes.CAP_7D_POINT: (gettext_noop("this number or address was used enough in seven days"), FREQUENCY),
    codes.GAP_POINT: (gettext_noop("this number or address was used only a moment ago"), FREQUENCY),
    codes.VOICEMAIL: (gettext_noop("a machine answered: nothing is left on it"), CONSUMER_CODE_42),
}

#: Kind of hold -> what it stands on, where that is more than the house's policy.
_HOLD_BASES: Mapping[str, str] = {
    HoldKind.DISPUTE: UNDUE_AMOUNT,
    HoldKind.FRAUD: UNDUE_AMOUNT,
    HoldKind.ALREADY_PAID: UNDUE_AMOUNT,
    HoldKind.VULNERABLE: CONSUMER_CODE_42,
    HoldKind.OVER_INDEBTED: OVER_INDEBTEDNESS,
    HoldKind.STATUTE_BARRED: STATUTE,
}

#: What passes by itself. It leads the line only when nothing weightier stands in the way.
_PASSING = frozenset(
    {
        codes.OUTSIDE_HOURS,
        codes.BIRTHDAY,
        codes.HOLIDAY,
        codes.CONVERSATION_COOLDOWN,
        codes.CAP_DAY_TOTAL,
        codes.CAP_DAY_CHANNEL,
        codes.CAP_7D_TOTAL,
        codes.CAP_7D_CHANNEL,
        codes.GAP_TOTAL,
        codes.GAP_CHANNEL,
        codes.CAP_DAY_POINT,
        codes.CAP_7D_POINT,
        codes.GAP_POINT,
    }
)

#: What nobody wished and somebody has to mend: beside it nothing else is worth a word.
_OF_THE_HOUSE = frozenset({codes.NO_POLICY, codes.TERMS_UNREADABLE, codes.RULE_FAILED, codes.PAUSED})

#: What is wrong with a policy (a problem of `rules/reading.py`) -> sentence.
_PROBLEMS: Mapping[str, str] = {
    "missing": gettext_noop("This is missing."),
    "not_list": gettext_noop("This should be a list."),
    "not_text": gettext_noop("This should be a text."),
    "not_flag": gettext_noop("This is neither yes nor no."),
    "not_whole": gettext_noop("“%(value)s” is not a whole number."),
    "not_number": gettext_noop("“%(value)s” is not a number, or too large."),
    "not_date": gettext_noop("“%(value)s” is not a date such as 25/12/2026."),
    "not_month_day": gettext_noop("“%(value)s” is not a day and month such as 25/12."),
    "not_window": gettext_noop("“%(value)s” does not say from when to when, such as 08:30-21:00."),
    "not_time": gettext_noop("“%(value)s” is not a time of day such as 08:30."),
    "window_order": gettext_noop("%(value)s: the hours must end later than they begin."),
    "not_choice": gettext_noop("“%(value)s” is not one of the words allowed here."),
    "not_known": gettext_noop("“%(value)s” is a word that no rule knows."),
    "too_long": gettext_noop("Contacts are looked for over %(value)s days: nothing can reach further back."),
}


#: Why a line of a do-not-call list is no number (a code of `phones.PhoneError`) -> sentence.
_WRONG_LINES: Mapping[str, str] = {
    "not_a_phone": gettext_noop("this is not a phone number"),
    "no_area_code": gettext_noop("the area code is missing"),
    "bad_area_code": gettext_noop("there is no such area code"),
    "bad_number": gettext_noop("there is no such number"),
    "workbook": gettext_noop("this is a workbook: save it as CSV first"),
    "rewritten": gettext_noop("a spreadsheet wrote the number as an amount: format the column as text"),
}


def _weight(code: str) -> int:
    """Return what is told first: what is wrong with the house, what stays, then what ends or can be ended."""
    if code in _OF_THE_HOUSE:
        return 0
    return 2 if code in _PASSING or code == codes.MESSAGE_FIRST else 1


def explain(code: str) -> Reason:
    """Return the sentence for a code of the gate, and the rule behind it, in the language now in use."""
    if code.startswith(codes.HOLD_PREFIX):
        kind = code.removeprefix(codes.HOLD_PREFIX).lower()
        word = HoldKind(kind).label if kind in HoldKind.values else kind
        basis = _HOLD_BASES.get(kind, HOUSE)
        return Reason(_("contact is on hold: %(kind)s") % {"kind": word}, _(basis))
    text, basis = _WORDS.get(code, (code, HOUSE))
    return Reason(_(text), _(basis))


def explain_all(found: Iterable[str]) -> tuple[Reason, ...]:
    """Return the sentences for several codes, in the order given."""
    return tuple(explain(code) for code in found)


def answer(verdict: Verdict, *, asked: Asked) -> Answer:
    """Return the gate's answer about one point (or about the person) as a line with its reasons."""
    if verdict.is_allowed:
        return Answer("yes", _yes(verdict, asked=asked))
    reasons = explain_all(sorted(verdict.reasons, key=_weight))
    why = reasons[0].text
    if verdict.next_allowed is None:
        return Answer("no", _("No: %(why)s") % {"why": why}, reasons)
    when = in_both_clocks(verdict.next_allowed, zones=_zones(verdict, asked=asked))
    return Answer("later", _("Not now: %(why)s; free from %(when)s") % {"why": why, "when": when}, reasons)


def in_both_clocks(moment: datetime, *, zones: Iterable[str], is_short: bool = False) -> str:
    """Return a moment by the agent's clock, the office's, and by the debtor's where it shows another time.

    `25/11/2026, 09:30 (08:30 in Manaus)`; where he may be in several zones, each that differs. `is_short`
    leaves the day out: it is today.
    """
    here = timezone.localtime(moment)
    text = f"{here:%H:%M}" if is_short else f"{dates.format_br(here.date())}, {here:%H:%M}"
    places: dict[str, list[str]] = {}
    for name in zones:
        zone = calendar.zone(name)
        there = moment.astimezone(zone) if zone else here
        if there.utcoffset() != here.utcoffset():
            day = "" if there.date() == here.date() else f"{dates.format_br(there.date())}, "
            places.setdefault(f"{day}{there:%H:%M}", []).append(zone_names.city_of(name))
    if not places:
        return text
    elsewhere = [
        _("%(time)s in %(place)s") % {"time": time, "place": ", ".join(cities)}
        for time, cities in places.items()
    ]
    return f"{text} ({'; '.join(elsewhere)})"


def malformed(error: MalformedError) -> str:
    """Return what is wrong with a part of a policy, in words."""
    sentence = _PROBLEMS.get(error.problem, gettext_noop("“%(value)s” cannot be read."))
    return _(sentence) % {"value": str(error.value)[:60]}


def wrong_lines(errors: Sequence[LineError], *, most: int) -> list[str]:
    """Return what is wrong with each line of a do-not-call list, in words; of very many only the first."""
    said = [
        _("Line %(line)d, “%(text)s”: %(why)s.")
        % {"line": error.line, "text": error.text, "why": _(_WRONG_LINES[error.code])}
        for error in errors[:most]
    ]
    if len(errors) > most:
        said.append(_("… and %(count)d more.") % {"count": len(errors) - most})
    return said


def _yes(verdict: Verdict, *, asked: Asked) -> str:
    """Return until when today it is allowed, by the agent's clock and the debtor's."""
    if asked.terms is None:  # the gate allows nothing without them
        return _("Allowed now")
    facts = asked.facts_at(verdict.point) if verdict.point else asked.person
    end = closing.closes_at(facts=facts, terms=asked.terms, now=asked.now)
    when = in_both_clocks(end, zones=_zones(verdict, asked=asked), is_short=True)
    return _("Allowed now, until %(when)s") % {"when": when}


def _zones(verdict: Verdict, *, asked: Asked) -> tuple[str, ...]:
    """Return the zones in which the debtor may be when he is reached there, each once."""
    at_the_point = asked.facts_at(verdict.point).point.time_zones if verdict.point else ()
    return tuple(dict.fromkeys((*asked.person.time_zones, *at_the_point)))
