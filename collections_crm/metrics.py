"""Figures for Prometheus, read from the database when asked, for whoever has the token or stands close."""

from collections.abc import Iterator
from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from collections_crm import alarms, snapshot
from collections_crm.snapshot import Snapshot


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the figures in Prometheus' own format; 403 to everybody else."""
    if not _may_read(request):
        return HttpResponseForbidden()
    registry = CollectorRegistry()
    registry.register(_House(snapshot.take(now=timezone.now())))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _House(Collector):
    """Says a snapshot in Prometheus' words. Labels are kinds, codes and ids: nothing about a person."""

    def __init__(self, seen: Snapshot) -> None:
        self.seen = seen

    def collect(self) -> Iterator[Metric]:
        """Yield every figure."""
        yield from self._contacts()
        yield from self._senders()
        yield from self._evidence()
        yield from self._house()

    def _contacts(self) -> Iterator[Metric]:
        seen = self.seen
        contacts = GaugeMetricFamily(
            "collections_contacts", "Contacts that have not ended", labels=["state", "channel"]
        )
        for state, channels in sorted(seen.standing.items()):
            for channel, number in sorted(channels.items()):
                contacts.add_metric([state, channel], number)
        yield contacts
        held_back = GaugeMetricFamily(
            "collections_contacts_held_back",
            "Contacts held back, by objection; each counts under every objection to it",
            labels=["code", "how"],
        )
        for how, codes in (("for_good", seen.for_good), ("for_now", seen.for_now)):
            for code, number in sorted(codes.items()):
                held_back.add_metric([code, how], number)
        yield held_back
        ended = GaugeMetricFamily(
            "collections_contacts_ended_unsent_day",
            "Contacts that ended without leaving in the last day",
            labels=["state", "code"],
        )
        for state, code, number in seen.came_to_nothing:
            ended.add_metric([state, code], number)
        yield ended
        yield GaugeMetricFamily("collections_contacts_due", "Contacts that are due now", value=seen.queue.due)
        yield GaugeMetricFamily(
            "collections_behind_seconds",
            "For how long the oldest due contact has waited",
            value=seen.behind.total_seconds(),
        )

    def _senders(self) -> Iterator[Metric]:
        ids = {(each.channel, each.provider, each.address): str(each.pk) for each in self.seen.senders}
        labels = ["channel", "provider", "sender", "state"]
        # Two figures, not one with a label: the hour is part of the day, and a sum of both means nothing.
        hour = GaugeMetricFamily(
            "collections_attempts_hour", "Attempts begun in the last hour", labels=labels
        )
        day = GaugeMetricFamily("collections_attempts_day", "Attempts begun in the last day", labels=labels)
        for rate in self.seen.rates:
            own = [rate.channel, rate.provider, ids.get((rate.channel, rate.provider, rate.sender), "")]
            for family, states in ((hour, rate.hour), (day, rate.day)):
                for state, number in sorted(states.items()):
                    family.add_metric([*own, state], number)
        yield from (hour, day)
        resting = GaugeMetricFamily(
            "collections_sender_resting", "1 while a sender rests", labels=["sender", "channel", "provider"]
        )
        at_rest = {each.pk for each in self.seen.resting}
        for each in self.seen.senders:
            resting.add_metric([str(each.pk), each.channel, each.provider], float(each.pk in at_rest))
        yield resting

    def _evidence(self) -> Iterator[Metric]:
        """Say how long it takes to know what became of messages of unclear fate."""
        seen = self.seen
        since = seen.unclear_since
        yield GaugeMetricFamily(
            "collections_unclear_oldest_seconds",
            "For how long the oldest message of unclear fate has been so",
            value=(seen.at - since).total_seconds() if since else 0,
        )
        longest = GaugeMetricFamily(
            "collections_list_delay_seconds",
            "The longest delay ever measured between a provider's word and its list",
            labels=["channel", "provider"],
        )
        unseen = GaugeMetricFamily(
            "collections_list_unseen_seconds",
            "For how long the list has not shown a message that the provider took",
            labels=["channel", "provider"],
        )
        for each in seen.list_delays:
            longest.add_metric([each.channel, each.provider], each.longest.total_seconds())
            unseen.add_metric([each.channel, each.provider], each.absent_for.total_seconds())
        yield from (longest, unseen)

    def _house(self) -> Iterator[Metric]:
        seen = self.seen
        raised = {alarm.code for alarm in alarms.of(seen)}
        alarm = GaugeMetricFamily("collections_alarm", "1 while something needs somebody", labels=["code"])
        for code in sorted(raised):
            alarm.add_metric([code], 1)
        yield alarm
        yield GaugeMetricFamily("collections_workers", "Workers seen lately", value=len(seen.working))
        yield GaugeMetricFamily(
            "collections_findings_open", "Findings that nobody mended yet", value=seen.open_findings
        )
        yield GaugeMetricFamily(
            "collections_callbacks_missed_week",
            "Calls promised for a moment and not made then, in the last seven days",
            value=seen.missed_callbacks,
        )
        yield GaugeMetricFamily(
            "collections_clock_skew_seconds",
            "How far this machine's clock is ahead of the database's",
            value=seen.skew.total_seconds(),
        )
        if seen.engine.waiting is not None:
            yield GaugeMetricFamily(
                "collections_bells_waiting", "Bells in the engine's queue", value=seen.engine.waiting
            )


def _may_read(request: HttpRequest) -> bool:
    """Say whether the request shows the token, or comes straight from an address that may read.

    An address counts only where no proxy stands in between: of what a proxy hands on, it is the proxy's.
    """
    token = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and compare_digest(shown.encode(), token.encode()):
        return True
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_ADDRESSES)
