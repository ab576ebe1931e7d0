"""The queries behind the gate's facts: asked at every message and every call, so written once."""

from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    F,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from contacts.models import (
    BlockedNumber,
    ClosedDay,
    Consent,
    Contact,
    Hold,
    OptOut,
    Overlay,
    PolicyHead,
    Preference,
    Refusal,
)
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors.models import ContactPoint, Debtor, PromiseToPay, Segment
from debtors.queries.compiled import Read

Rows = QuerySet[Any, Any]  # of tuples; what is in them stands in each `values_list`

#: The gate's word for how a contact stands, as the database says it. Where somebody else answered our
#: call the debtor was sought all the same, so it counts; whoever writes to us was not sought at all.
GATE_WORD = Case(
    When(
        state=ContactState.CONCLUDED,
        outcome=Outcome.WRONG_PERSON,
        is_inbound=True,
        then=Value(Outcome.INBOUND),
    ),
    When(state=ContactState.CONCLUDED, outcome=Outcome.WRONG_PERSON, then=Value(Outcome.NO_ANSWER)),
    When(state=ContactState.CONCLUDED, then=F("outcome")),
    When(state=ContactState.SENDING, then=Value("reserved")),
    When(state__in=[ContactState.UNKNOWN, ContactState.PARKED], then=Value("unknown")),
    When(state=ContactState.SENT, then=Value("sent")),
    default=Value("failed"),
    output_field=CharField(),
)
DEBTOR_FIELDS = [field.attname for field in Debtor._meta.concrete_fields]
REFUSED_FIELDS = ("debtor_id", "scope", "channel", "point_id", "active_from", "active_until", "value")
POINT_FIELDS = [field.attname for field in ContactPoint._meta.concrete_fields]


@Read
def head() -> Rows:
    """The house's policy in force, the pause switch, and the policy's JSON as text."""
    heads = PolicyHead.objects.filter(scope="house")
    return heads.values_list("policy_id", "is_paused", Cast("policy__terms", TextField()))


@Read
def overlays() -> Rows:
    """The local rules that are switched on, each JSON as text."""
    return Overlay.objects.order_by("pk").filter(is_on=True).values_list(
        "pk", "channels", "creditor_id", "state", "city_key", "segment_id", Cast("terms", TextField())
    )  # fmt: skip


@Read
def wishes(debtors: list[int], now: datetime, soon: datetime) -> Rows:
    """What debtors wish in force at `now`, what begins until `soon` too, oldest first."""
    in_force = Q(active_until__isnull=True) | Q(active_until__gt=now)
    rows = Preference.objects.order_by("active_from").filter(
        in_force, debtor__in=debtors, active_from__lte=soon
    )
    return rows.values_list("debtor_id", "windows", "unwanted_channels")


@Read
def segments(debtors: list[int], among: list[int]) -> Rows:
    """Who is in which of some segments."""
    members = Segment.members.through.objects.filter(debtor__in=debtors, segment__in=among)
    return members.values_list("debtor_id", "segment_id")


@Read
def debtors(debtors: list[int]) -> Rows:
    """The debtors, each with `DEBTOR_FIELDS`."""
    return Debtor.objects.order_by().filter(pk__in=debtors).values_list(*DEBTOR_FIELDS)


@Read
def points(debtors: list[int]) -> Rows:
    """The contact points of debtors, each with `POINT_FIELDS`, oldest first."""
    return ContactPoint.objects.filter(debtor__in=debtors).order_by("id").values_list(*POINT_FIELDS)


# To the gate one order of facts is as good as another, so none is asked for from here on.
@Read
def holds(debtors: list[int]) -> Rows:
    """The reasons to leave debtors in peace."""
    rows = Hold.objects.order_by().filter(debtor__in=debtors)
    return rows.values_list("debtor_id", "kind", "active_from", "active_until")


@Read
def opt_outs(debtors: list[int]) -> Rows:
    """The wishes of debtors not to be contacted, each with `REFUSED_FIELDS`."""
    own = OptOut.objects.order_by().filter(debtor__in=debtors)
    return own.annotate(value=Value("", CharField())).values_list(*REFUSED_FIELDS)


@Read
def opt_outs_and_refusals(debtors: list[int], values: list[str]) -> Rows:
    """The same, and what was refused at numbers and e-mails, without a debtor."""
    refused = Refusal.objects.order_by().filter(value__in=values)
    in_the_same_words = refused.annotate(
        debtor_id=Value(None, BigIntegerField()),
        scope=Value("", CharField()),
        point_id=Value(None, BigIntegerField()),
        active_until=Value(None, DateTimeField()),
    ).values_list(*REFUSED_FIELDS)
    return opt_outs.rows(debtors=debtors).union(in_the_same_words, all=True).order_by()


@Read
def consents(debtors: list[int]) -> Rows:
    """The permissions of debtors."""
    rows = Consent.objects.order_by().filter(debtor__in=debtors)
    return rows.values_list("debtor_id", "channel", "active_from", "active_until")


@Read
def promises(debtors: list[int]) -> Rows:
    """The promises of debtors to pay."""
    rows = PromiseToPay.objects.order_by().filter(debtor__in=debtors)
    return rows.values_list("debtor_id", "promised_on", "made_at", "status")


@Read
def past_contacts(debtors: list[int], since: datetime, without: int) -> Rows:
    """What was done to reach debtors, one contact aside."""
    recent = Contact.objects.filter(debtor__in=debtors, started_at__gt=since).exclude(pk=without)
    return recent.order_by().values_list("debtor_id", "started_at", "channel", GATE_WORD)


@Read
def contacts_at(values: list[str], since: datetime, without: int) -> Rows:
    """What was done at numbers and e-mails, one contact aside."""
    recent = Contact.objects.filter(point__value__in=values, started_at__gt=since).exclude(pk=without)
    return recent.order_by().values_list("point__value", "started_at", "channel", GATE_WORD)


@Read
def own_closed_days(states: list[str], cities: list[str]) -> Rows:
    """The days that the house closes in some of the states and cities."""
    rows = ClosedDay.objects.order_by().filter(is_active=True, state__in=states, city_key__in=cities)
    return rows.values_list("on", "is_yearly", "state", "city_key")


@Read
def blocked_numbers(numbers: list[str]) -> Rows:
    """Which of the numbers are on a do-not-call list, and the channels that it names."""
    listed = BlockedNumber.objects.filter(number__in=numbers, block_list__is_on=True)
    return listed.values_list("number", "block_list__channels")


@Read
def messaged(debtors: list[int]) -> Rows:
    """To whom of the debtors a message was sent, or from whom a word came."""
    began = Contact.objects.filter(debtor__in=debtors, started_at__isnull=False)
    indirect = began.filter(~Q(channel=Channel.VOICE) | Q(is_inbound=True))
    return indirect.order_by().values_list("debtor_id", flat=True).distinct()
