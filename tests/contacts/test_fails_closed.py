"""Where something cannot be read or judged nothing leaves: at admission, on the screens, in the command."""

import json
import logging
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import JSONField, Value
from django.urls import reverse

from contacts import queries
from contacts.models import Contact, ContactPolicy, Finding, Overlay, PolicyHead, Preference
from contacts.rules import frequency, gate
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import dispatch, findings, outbox, policy, policy_drafts
from contacts.vocabulary import Channel, ContactState, FindingKind, PolicyState
from debtors.models import User
from dunning.models import Case
from dunning.queries import planning
from dunning.services import outcomes, workqueue
from dunning.vocabulary import Disposition
from tests.factories import (
    house_creditor,
    make_agent,
    make_case,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_template,
)

NOON = datetime(2026, 11, 24, 15, tzinfo=UTC)
AGENT = ["work_queue", "view_case", "view_debtor", "view_contactpoint"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday_noon(settings, tmp_path):
    """No holiday, nobody's birthday; what leaves stays in the sandbox."""
    settings.CHANNELS = {"sms": "sandbox", "voice": "manual"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def sandbox(settings):
    """The file in which the sandbox keeps what left the house."""
    return settings.SANDBOX_FILE


def owing(**about):
    debtor = make_debtor(email=None, **about)
    make_debt(debtor=debtor)
    return debtor


def want(debtor):
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=NOON,
            created_at=NOON,
        )
    )


def no_policy(monkeypatch):
    """Nobody has written a policy yet."""


def a_policy_of_nonsense(monkeypatch):
    make_policy(now=NOON, windows=7)


def a_policy_that_is_a_list(monkeypatch):
    """A published version is never edited: another one comes into force past the service that checks it."""
    made = ContactPolicy.objects.create(
        version=7, state="published", terms=["sms"], created_at=NOON, published_at=NOON
    )
    PolicyHead.objects.create(scope="house", policy=made, changed_at=NOON)


def a_local_rule_of_nonsense(monkeypatch):
    make_policy(now=NOON)
    Overlay.objects.create(
        name="Quebrada", level="creditor", creditor=house_creditor(), terms={"chanels": ["sms"]}
    )


def a_rule_that_raises(monkeypatch):
    make_policy(now=NOON)

    def too_often(facts, terms, now):
        raise RuntimeError("a fault of ours")

    too_often.__module__ = frequency.__name__
    rules = tuple(too_often if rule is frequency.too_often else rule for rule in gate.RULES)
    monkeypatch.setattr(gate, "RULES", rules)


TROUBLES = {
    "no policy": (no_policy, "NO_POLICY", FindingKind.NO_POLICY, ""),
    "nonsense": (a_policy_of_nonsense, "TERMS_UNREADABLE", FindingKind.TERMS, ""),
    "a list": (a_policy_that_is_a_list, "TERMS_UNREADABLE", FindingKind.TERMS, ""),
    "local rule": (a_local_rule_of_nonsense, "TERMS_UNREADABLE", FindingKind.TERMS, ""),
    "a rule raises": (
        a_rule_that_raises,
        "RULE_FAILED",
        FindingKind.RULE,
        "contacts.rules.frequency.too_often",
    ),
}


@pytest.fixture(params=TROUBLES.values(), ids=TROUBLES)
def trouble(request, monkeypatch):
    """Something of the house is wrong; the code, the kind and the detail by which it is told."""
    happens, code, kind, detail = request.param
    happens(monkeypatch)
    return code, kind, detail


def test_nothing_leaves_and_a_manager_is_told(sandbox, trouble, caplog):
    code, kind, detail = trouble
    contact = want(owing())

    with caplog.at_level(logging.WARNING):
        dispatch.pump(clock=lambda: NOON)

    contact.refresh_from_db()
    assert not sandbox.exists()
    assert contact.state == ContactState.BLOCKED
    assert code in contact.objections
    found = Finding.objects.get()
    assert (found.kind, found.detail, found.first_at, found.closed_at) == (kind, detail, NOON, None)
    assert any(record.levelno >= logging.ERROR for record in caplog.records)


def test_card_and_debtor_page_say_no_and_stay_pages(client, trouble):
    _code, kind, _detail = trouble
    debtor = owing()
    case = make_case(now=NOON, debtor=debtor)
    client.force_login(make_agent(permissions=AGENT))

    card = client.get(reverse("dunning:case", args=[case.pk]))
    assert card.status_code == 200
    assert [said.answer.tone for said in card.context["verdicts"].person] == ["no"]
    if Overlay.objects.exists():  # the debtor's page asks for no creditor, whose rule it is
        Overlay.objects.update(level="state", creditor=None, state="SP")
    page = client.get(reverse("contacts:debtor", args=[debtor.pk]))
    assert page.status_code == 200
    (line,) = page.context["points"]
    assert {said.answer.tone for said in line.answers} == {"no"}
    assert Finding.objects.filter(kind=kind).exists()


def test_the_button_hands_nobody_out_and_puts_nobody_off(client, trouble):
    case = make_case(now=NOON, debtor=owing())
    agent = make_agent(permissions=AGENT)
    client.force_login(agent)
    if Overlay.objects.exists():  # the queue asks about the person, before it knows for whom
        Overlay.objects.update(level="state", creditor=None, state="SP")

    client.post(reverse("dunning:call_next"))

    case.refresh_from_db()
    assert case.agent is None
    if trouble[0] != "NO_POLICY":  # a first policy brings back whoever waits for it
        assert (case.callable_from, case.put_off_because) == (NOON - timedelta(minutes=1), [])


def test_a_call_is_not_placed_and_the_agent_reads_why(client, trouble):
    debtor = owing()
    agent = make_agent(permissions=AGENT)
    client.force_login(agent)
    case = workqueue.take(make_case(now=NOON, debtor=debtor), agent=agent, now=NOON)

    response = client.post(
        reverse("dunning:dial", args=[case.pk, debtor.points.get().pk]), {"fence": case.fence}, follow=True
    )

    assert response.status_code == 200
    assert "A ligação não foi feita" in response.content.decode()
    assert not Contact.objects.filter(started_at__isnull=False).exists()


def test_no_callback_is_promised(trouble):
    agent = make_agent()
    case = workqueue.take(make_case(now=NOON, debtor=owing()), agent=agent, now=NOON)
    if Overlay.objects.exists():
        Overlay.objects.update(level="state", creditor=None, state="SP")

    with pytest.raises(outcomes.CallbackRefusedError):
        outcomes.record(
            case=case,
            agent=agent,
            fence=case.fence,
            disposition=Disposition.CALLBACK,
            callback_at=NOON + timedelta(days=1),
            now=NOON,
        )


def test_the_command_refuses_in_words(capsys, trouble):
    code, kind, detail = trouble
    debtor = owing()

    with pytest.raises(SystemExit) as ended:
        call_command(
            "may_i_contact", str(debtor.pk), channel="sms", json=True, creditor=house_creditor().tax_id
        )

    told = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert told["allowed"] is False
    assert {code in answer["reasons"] for answer in told["answers"]} == {True}
    assert Finding.objects.get(kind=kind).detail == detail


def test_an_unknown_hour_blocks_is_logged_by_id_and_shown_with_the_person(client, sandbox, caplog):
    make_policy(now=NOON)
    debtor = owing(name="Sem Fuso", phone="+5500987654321")
    contact = want(debtor)

    dispatch.pump(clock=lambda: NOON)

    contact.refresh_from_db()
    assert contact.objections == ["TZ_UNKNOWN"]
    assert f"contact {contact.pk}:" in caplog.text
    assert "Sem Fuso" not in caplog.text
    client.force_login(make_manager())
    page = client.get(reverse("contacts:findings"))
    assert page.context["without_zone"] == [(debtor.pk, "Sem Fuso")]
    assert "Sem Fuso" in page.content.decode()


def test_a_policy_that_cannot_be_read_is_replaced_as_one_that_forbids_everything(monkeypatch):
    a_policy_of_nonsense(monkeypatch)
    head = PolicyHead.objects.select_related("policy").get()
    ana, bruno = make_manager(), make_manager()

    draft = policy_drafts.write(source=head.policy, by=ana, now=NOON)
    assert draft.terms == DEFAULT_POLICY
    draft = policy_drafts.edit(
        draft.pk, terms=draft.terms, note="mended", revision=draft.revision, by=ana, now=NOON
    )
    seen = {"revision": draft.revision, "seen_in_force": head.policy_id, "by": ana, "now": NOON}
    with pytest.raises(policy.LoosensError):
        policy_drafts.publish(draft.pk, **seen)
    proposal = policy_drafts.propose(draft.pk, **seen)
    policy_drafts.approve(proposal.pk, by=bruno, now=NOON)

    assert queries.may_contact(debtor=owing(), channel=Channel.SMS, now=NOON).best.is_allowed


def test_a_mended_policy_lets_what_was_blocked_go(sandbox, monkeypatch):
    a_policy_of_nonsense(monkeypatch)
    want(owing())
    dispatch.pump(clock=lambda: NOON)

    policy.publish(terms=make_policy(now=NOON).terms, note="mended", by=None, now=NOON)
    dispatch.pump(clock=lambda: NOON)

    assert len(sandbox.read_text().splitlines()) == 1


def test_the_same_finding_is_one_row_and_counted_once_a_minute():
    for seconds in (0, 10, 59, 61, 70, 200):
        findings.note(FindingKind.RULE, detail="x", now=NOON + timedelta(seconds=seconds))
    findings.note(FindingKind.RULE, detail="y", now=NOON)

    found = Finding.objects.get(detail="x")
    assert (found.times, found.last_at) == (3, NOON + timedelta(seconds=200))
    assert Finding.objects.count() == 2


def test_a_finding_met_again_after_it_was_mended_is_a_new_one(client):
    findings.note(FindingKind.RULE, detail="x", now=NOON)
    manager = make_manager()
    client.force_login(manager)
    found = Finding.objects.get()

    client.post(reverse("contacts:close_finding", args=[found.pk]))
    found.refresh_from_db()
    assert (found.closed_at, found.closed_by) == (NOON, manager)
    assert not client.get(reverse("contacts:findings")).context["page"].object_list

    findings.note(FindingKind.RULE, detail="x", now=NOON)
    assert Finding.objects.filter(closed_at=None).count() == 1


@pytest.mark.parametrize(
    ("page", "is_managers"),
    [
        ("dunning:desk", False),
        ("contacts:outbox", True),
        ("contacts:pressure", True),
        ("contacts:policy", True),
    ],
)
def test_whoever_works_is_told_that_something_is_wrong(client, page, is_managers):
    make_policy(now=NOON)
    client.force_login(make_manager() if is_managers else make_agent(permissions=AGENT))
    link = reverse("contacts:findings")
    tabs = client.get(reverse(page)).content.decode().count(f'href="{link}"')
    findings.note(FindingKind.RULE, detail="x", now=NOON)

    text = client.get(reverse(page)).content.decode()

    assert text.count(f'href="{link}"') - tabs == is_managers
    assert ("os gestores veem o que é" in text) is not is_managers


def test_the_managers_page_names_what_cannot_be_read(client, monkeypatch):
    a_policy_of_nonsense(monkeypatch)
    Overlay.objects.create(name="Regra torta", level="state", state="SP", terms={"chanels": []})
    client.force_login(make_manager())

    text = client.get(reverse("contacts:findings")).content.decode()

    assert "A política em vigor não pode ser lida" in text
    assert "Regra torta" in text


def test_the_policy_page_of_a_policy_that_cannot_be_read_is_still_a_page(client, monkeypatch):
    a_policy_of_nonsense(monkeypatch)
    client.force_login(make_manager())

    assert client.get(reverse("contacts:policy")).status_code == 200


@pytest.mark.parametrize("happens", [a_policy_of_nonsense, a_policy_that_is_a_list])
def test_a_policy_that_cannot_be_read_is_mended_on_its_pages(client, monkeypatch, happens):
    happens(monkeypatch)
    client.force_login(make_manager())

    client.post(reverse("contacts:policy_write"), {})
    draft = ContactPolicy.objects.get(state=PolicyState.DRAFT)

    for name in ("policy_draft", "policy_draft_edit"):
        assert client.get(reverse(f"contacts:{name}", args=[draft.pk])).status_code == 200
    compared = client.get(reverse("contacts:policy_compare")).content.decode()
    assert "não pode ser lida: proíbe tudo" in compared
    assert planning.channels_switched_on() == frozenset()


@pytest.mark.parametrize("channels", [None, 5])
def test_a_rule_of_no_shape_at_all_breaks_no_page_and_is_named_on_its_own(client, channels):
    make_policy(now=NOON)
    debtor = owing()
    rule = Overlay.objects.create(name="Regra torta", level="state", state="SP")
    Overlay.objects.filter(pk=rule.pk).update(channels=Value(channels, JSONField()))
    client.force_login(User.objects.create_superuser("boss", password=None))

    assert client.get(reverse("contacts:debtor", args=[debtor.pk])).status_code == 200
    assert "Regra torta" in client.get(reverse("admin:contacts_overlay_changelist")).content.decode()
    assert client.get(reverse("admin:contacts_overlay_change", args=[rule.pk])).status_code == 200


@contextmanager
def without_table(name):
    """Take a table away, as a failed migration would, and bring it back."""
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{name}" RENAME TO "{name}_gone"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{name}_gone" RENAME TO "{name}"')


TABLES = ["contacts_hold", "contacts_optout", "contacts_consent", "contacts_overlay", "debtors_promisetopay"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_is_gone_forbids_everything_and_breaks_no_screen(client, sandbox, table, caplog):
    make_policy(now=NOON)
    debtor = owing()
    case = make_case(now=NOON, debtor=debtor)
    contact = want(debtor)
    client.force_login(make_agent(permissions=AGENT))
    pages = {
        "card": reverse("dunning:case", args=[case.pk]),
        "debtor": reverse("contacts:debtor", args=[debtor.pk]),
        "desk": reverse("dunning:desk"),
    }

    with without_table(table):
        assert queries.may_contact(debtor=debtor, channel=Channel.SMS, now=NOON).best.reasons[-1:] == (
            "TERMS_UNREADABLE",
        )
        shown = {name: client.get(page) for name, page in pages.items()}
        pressed = client.post(reverse("dunning:call_next"))
        with suppress(DatabaseError):  # for the engine, which tries again
            dispatch.pump(clock=lambda: NOON)
        with pytest.raises(SystemExit) as ended:
            call_command("may_i_contact", str(debtor.pk))

    assert {name: page.status_code for name, page in shown.items()}.items() <= {
        ("card", 200),
        ("card", 503),
        ("debtor", 200),
        ("debtor", 503),
        ("desk", 200),
        ("desk", 503),
    }
    for page in shown.values():
        assert "Traceback" not in page.content.decode()
        if page.status_code == 200 and "verdicts" in (page.context or {}):
            assert [said.answer.tone for said in page.context["verdicts"].person] == ["no"]
    assert pressed.status_code in (302, 503)
    assert Case.objects.get(pk=case.pk).agent is None
    assert ended.value.code == 1
    assert not sandbox.exists()
    assert Finding.objects.filter(kind=FindingKind.DATABASE, detail__contains=table).exists()
    assert any(record.levelno >= logging.ERROR for record in caplog.records)

    Contact.objects.filter(pk=contact.pk).update(
        state=ContactState.PLANNED, not_before=NOON, lease_until=None
    )
    dispatch.pump(clock=lambda: NOON)
    assert len(sandbox.read_text().splitlines()) == 1


@pytest.mark.django_db(transaction=True)
def test_the_card_stays_whole_where_only_the_gate_misses_a_table(client):
    make_policy(now=NOON)
    debtor = owing()
    case = make_case(now=NOON, debtor=debtor)
    client.force_login(make_agent(permissions=AGENT))

    with without_table("contacts_optout"):
        page = client.get(reverse("dunning:case", args=[case.pk]))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Não:" in text
    assert "Ligar</button>" not in text
    assert debtor.name in text


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_locked_away_is_not_waited_for_without_end(client, sandbox):
    make_policy(now=NOON)
    debtor = owing()
    case = make_case(now=NOON, debtor=debtor)
    client.force_login(make_agent(permissions=AGENT))
    is_locked, may_end = Event(), Event()

    def lock():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE contacts_hold IN ACCESS EXCLUSIVE MODE")
            is_locked.set()
            may_end.wait(20)
        connections.close_all()

    locking = Thread(target=lock)
    locking.start()
    is_locked.wait(10)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        page = client.get(reverse("dunning:case", args=[case.pk]))
        verdict = queries.may_contact(debtor=debtor, channel=Channel.VOICE, now=NOON).best
    finally:
        may_end.set()
        locking.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")

    assert page.status_code in (200, 503)
    assert not verdict.is_allowed
    assert Finding.objects.filter(kind=FindingKind.DATABASE).exists()


def test_whose_wish_cannot_be_read_is_told_to_a_manager(client, sandbox):
    make_policy(now=NOON)
    debtor, other = owing(name="Joana Bento"), owing(name="Outro", phone="+5511987650009")
    bent = Preference.objects.create(debtor=debtor, source="x", active_from=NOON, unwanted_channels=["call"])
    Preference.objects.create(debtor=other, source="x", active_from=NOON, unwanted_channels=["voice"])
    contact = want(debtor)
    dispatch.pump(clock=lambda: NOON)
    contact.refresh_from_db()
    assert contact.objections == ["TERMS_UNREADABLE"]
    client.force_login(make_manager())

    page = client.get(reverse("contacts:findings"))
    assert page.context["bent_wishes"] == [(debtor.pk, "Joana Bento")]
    assert "Joana Bento" in page.text

    Preference.objects.filter(pk=bent.pk).update(active_until=NOON)
    assert client.get(reverse("contacts:findings")).context["bent_wishes"] == []


def test_a_version_that_reaches_further_back_than_anybody_looks_is_said_to_be_unreadable(client):
    in_force = make_policy(now=NOON)
    too_long = in_force.terms | {"caps": {"total": {"gap_minutes": 60 * 24 * 40}}}

    assert not policy.is_readable(too_long)
    assert policy.as_it_binds(too_long) == policy.FORBIDS_EVERYTHING
    assert not policy.is_readable(in_force.terms | {"close_feasts": 5})
    assert policy.is_readable(in_force.terms)
