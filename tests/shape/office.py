"""A small office with everything in it twice: what one agent was given, and what another was."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from collections_crm.roles import ROLES
from contacts.channels import kept_files, registry
from contacts.models import (
    Attempt,
    ClosedDay,
    Consent,
    Contact,
    Hold,
    InternalNotice,
    Letter,
    LetterBatch,
    OptOut,
    PhoneCall,
    Preference,
    ProviderEvent,
    ProviderText,
    Refusal,
)
from contacts.rules.letters import file_name
from contacts.services import defaults, findings, policy, policy_drafts, previewing, senders
from contacts.vocabulary import Channel, FindingKind
from debtors.models import (
    Agreement,
    Arrival,
    BankFile,
    Cost,
    Creditor,
    CustomerFact,
    Debtor,
    EscalationEvent,
    EscalationFile,
    ImportRun,
    LedgerDoubt,
    LoyaltyRules,
    MoneyInTransit,
    OfferRules,
    Payment,
    PaymentRequest,
    Portfolio,
    ReceivingAccount,
    Segment,
    User,
)
from debtors.services import arrivals, bank_files, importing, limitation, payment_requests
from debtors.services.access import AGENT, MANAGER, set_up_roles
from debtors.services.arrivals import Told
from debtors.vocabulary import FactKind, FactValue, Medium, PaymentMethod, PaymentSource
from dunning.models import (
    Callback,
    Case,
    CaseOutcome,
    DelayReason,
    DepartmentAddress,
    DepartmentNote,
    HandOver,
    Objection,
    OutcomeWord,
    SavedView,
    ScheduledStep,
    ScriptText,
    Talk,
)
from dunning.rules.priority import USUAL
from dunning.services import weighing
from dunning.vocabulary import Department, Disposition, IdentityItem, StepResult
from tests.factories import (
    make_agent,
    make_case,
    make_contact,
    make_creditor,
    make_payment,
    make_portfolio,
    make_promise,
    make_strategy,
    make_template,
)
from tests.factories.agreements import make_offer_rules, make_proposal
from tests.factories.local_rules import make_block_list
from tests.factories.paying import make_account, make_request

ABSENT = 987_654
FILE_OF_DEBTS = """cpf_cnpj;nome;telefone_1;contrato;parcela;vencimento;valor
738.197.531-92;Vicente Sampaio;(11) 96532-5585;CT-1;1;07/09/2026;1.182,89
"""
ROLE_NAMES = ("anonymous", "agent", "agent_elsewhere", "manager", "administrator")


@dataclass(frozen=True)
class Corner:
    """What belongs to one portfolio: a debtor with one of each kind of row."""

    portfolio: Portfolio
    case: Case
    payment: Payment
    preference: Preference
    hold: Hold
    opt_out: OptOut
    run: ImportRun
    doubt: LedgerDoubt
    agreement: Agreement
    arrival: Arrival
    file: BankFile
    transit: MoneyInTransit
    request: PaymentRequest

    @property
    def debtor(self) -> Debtor:
        return self.case.debtor

    @property
    def creditor(self) -> Creditor:
        return self.portfolio.creditor


@dataclass(frozen=True)
class Office:
    """Two corners, and who works there."""

    here: Corner
    elsewhere: Corner
    colleagues: dict[str, User]

    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, role: str, *, enforce_csrf_checks: bool = False) -> Client:
        """Return a fresh browser in which the colleague of this role is logged in."""
        client = Client(enforce_csrf_checks=enforce_csrf_checks)
        if role == "anonymous":
            return client
        if role not in self.sessions:
            client.force_login(self.colleagues[role])
            self.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client


def build_office(*, now: datetime) -> Office:
    """Build both corners, the roles and the colleagues."""
    set_up_roles(permissions={name: set(wanted) for name, wanted in ROLES.items()})
    findings.note(FindingKind.RULE, detail="contacts.rules.hours.outside_hours", now=now)
    defaults.ship(now=now)
    ScriptText.objects.create(part="greet", language="pt-br", text="Olá")
    OutcomeWord.objects.create(meaning="busy", name="Ocupado")
    Objection.objects.create(language="pt-br", says="Já paguei", reply="Agradeço por avisar.")
    DelayReason.objects.create(name="Esqueceu a data")
    make_block_list("+5511900000000", now=now)
    Segment.objects.create(name="Enchente")
    make_template()
    senders.senders()
    make_strategy()
    here, elsewhere = build_corner(now=now), build_corner(now=now)
    colleagues = {
        "agent": _in_role(make_agent(portfolios=[here.portfolio], permissions=[]), AGENT),
        "agent_elsewhere": _in_role(make_agent(portfolios=[elsewhere.portfolio], permissions=[]), AGENT),
        "manager": _in_role(make_agent(portfolios=[], permissions=[]), MANAGER, is_staff=True),
        "administrator": User.objects.create_superuser("administrator", password=None),
    }
    ask_for_approval(colleagues["manager"], now=now)
    for owner, corner in (("agent", here), ("agent_elsewhere", elsewhere)):
        query = f"portfolio={corner.portfolio.pk}"
        SavedView.objects.create(owner=colleagues[owner], name="Antigas", query=query, saved_at=now)
    DepartmentAddress.objects.create(department=Department.SALES, email="vendas@example.com")
    weighing.set_weights(USUAL, why="", by=colleagues["manager"], now=now)
    _leave_file(here.creditor, by=colleagues["manager"], now=now)
    return Office(here, elsewhere, colleagues)


def _leave_file(creditor: Creditor, *, by: User, now: datetime) -> None:
    """Leave the file of a step beyond asking."""
    EscalationFile.objects.create(
        creditor=creditor, step="bureau_notice", rows=1, content="x", sha256="0" * 64, made_at=now, made_by=by
    )


def ask_for_approval(manager: User, *, now: datetime) -> None:
    """Let a manager write a draft of the policy, preview it, and ask a colleague to approve it."""
    in_force = policy.ship_default(now=now)
    draft = policy_drafts.write(source=in_force, by=manager, now=now)
    terms = draft.terms | {"minor_age": None, "channels": []}
    draft = policy_drafts.edit(draft.pk, terms=terms, note="x", revision=1, by=manager, now=now)
    previewing.ask(draft.pk, by=manager, now=now)
    seen = {"revision": draft.revision, "seen_in_force": in_force.pk}
    policy_drafts.propose(draft.pk, **seen, by=manager, now=now)


def build_corner(*, now: datetime, portfolio: Portfolio | None = None) -> Corner:
    """Build one debtor of a portfolio, of its own unless one is given, with one row of every kind."""
    home = portfolio or make_portfolio(creditor=make_creditor())
    case = make_case(now=now, portfolio=home, amount_cents=90_000)
    debtor, creditor = case.debtor, case.creditor
    contact = make_contact(debtor=debtor, creditor=creditor, at=now - timedelta(days=3))
    _leave_traces(case, contact=contact, now=now)
    make_promise(
        debtor=debtor, creditor=creditor, promised_on=timezone.localdate(now) + timedelta(days=2), now=now
    )
    run = importing.check_file(
        FILE_OF_DEBTS.encode(),
        file_name="dividas.csv",
        creditor=creditor,
        portfolio=home,
        created_by=None,
        now=now,
    )
    return Corner(
        portfolio=home,
        case=case,
        payment=make_payment(debtor=debtor, creditor=creditor, amount_cents=100, now=now),
        preference=Preference.objects.create(debtor=debtor, source="telefone", active_from=now),
        hold=Hold.objects.create(debtor=debtor, kind="complaint", active_from=now),
        opt_out=OptOut.objects.create(debtor=debtor, scope="channel", channel="sms", active_from=now),
        run=run,
        doubt=LedgerDoubt.objects.create(
            debt=debtor.debts.order_by("pk")[0],
            differences=[{"code": "excess", "expected_cents": 0, "found_cents": 100}],
            found_at=now,
            last_at=now,
            closed_at=now,
        ),
        **_money(debtor, creditor, now=now),
    )


def _money(debtor: Debtor, creditor: Creditor, *, now: datetime) -> dict[str, Any]:
    """Write money that nobody has placed, the file that told it, and some that is not on its way any more."""
    file = bank_files.look(b"x", file_name="cobranca.ret", creditor=creditor, created_by=None, now=now)
    today = timezone.localdate(now)
    Cost.objects.create(
        debt=debtor.debts.order_by("pk")[0], amount_cents=1, incurred_on=today, reason="x", recorded_at=now
    )
    _near_its_limitation(debtor, now=now)
    told = Told(PaymentSource.BANK, f"x{debtor.pk}", 500, today, PaymentMethod.BOLETO, "paid")
    arrivals.take_in([told], creditor=creditor, file=file, now=now)
    transit = MoneyInTransit.objects.create(
        debtor=debtor, creditor=creditor, kind="pix", amount_cents=500, issued_at=now, expires_on=today,
        rests_until=today, state="withdrawn", ended_at=now,
    )  # fmt: skip
    return {
        "arrival": file.arrivals.get(),
        "file": file,
        "transit": transit,
        "request": _request(debtor, creditor, now=now),
        "agreement": _agreement(debtor, creditor, now=now),
    }


def _near_its_limitation(debtor: Debtor, *, now: datetime) -> None:
    """Let a debt be prescribed soon, and its document be at hand for a step beyond asking."""
    debt = debtor.debts.order_by("pk")[0]
    limitation.set_day(debt, on=timezone.localdate(now) + timedelta(days=60), now=now)
    by = make_agent(portfolios=[])
    EscalationEvent.objects.create(
        debt=debt,
        step="bureau_notice",
        kind="proven",
        on=timezone.localdate(now),
        reference="x",
        by=by,
        at=now,
    )


def _request(debtor: Debtor, creditor: Creditor, *, now: datetime) -> PaymentRequest:
    """Leave a Pix that was issued and taken back, so that no contact rests for it."""
    if not ReceivingAccount.objects.filter(creditor=creditor).exists():
        make_account(creditor=creditor)
    made = make_request(debtor.debts.order_by("pk")[0], now=now)
    payment_requests.withdraw(made, now=now)
    return made


def _agreement(debtor: Debtor, creditor: Creditor, *, now: datetime) -> Agreement:
    """Leave a proposal that waits for a manager."""
    if not OfferRules.objects.filter(creditor=creditor).exists():
        make_offer_rules(creditor=creditor)
    agent = make_agent(portfolios=[], permissions=["negotiate_agreement"])
    return make_proposal(debtor.debts.order_by("pk")[0], total_cents=60_000, by=agent, now=now)


def _leave_traces(case: Case, *, contact: Contact, now: datetime) -> None:
    """Write what only logs show, and what the services would have written on the way."""
    Consent.objects.create(debtor=case.debtor, channel="*", active_from=now, source="x")
    number = case.debtor.points.filter(medium=Medium.PHONE)[0].value
    Refusal.objects.create(value=number, channel=Channel.WHATSAPP, active_from=now, source="x")
    long_ago = date(2001, 1, 1) + timedelta(days=contact.pk)
    ClosedDay.objects.create(name="Aniversário da cidade", on=long_ago, source="x")
    head_policy = policy.ship_default(now=now)
    attempt = Attempt.objects.create(
        contact=contact, provider="sandbox", to="x", policy=head_policy, facts_hash="0" * 64, started_at=now
    )
    _leave_recording(attempt, now=now)
    leave_letter(attempt, is_gathered=True, now=now)
    ProviderEvent.objects.create(
        provider="twilio", provider_id=f"SM{contact.pk}", status="delivered", payload={}, received_at=now
    )
    ProviderText.objects.create(
        template=make_template(key=f"whats{contact.pk}", channel=Channel.WHATSAPP),
        content_sid=f"HX{contact.pk:032x}",
    )
    ScheduledStep.objects.create(
        case=case,
        step=case.strategy.steps.order_by("pk")[0],
        slot=case.anchor_on,
        result=StepResult.WANTED,
        planned_at=now,
    )
    Talk.objects.create(
        case=case,
        fence=0,
        agent=make_agent(portfolios=[]),
        begun_at=now,
        confirmed_at=now,
        matched=IdentityItem.BIRTHDAY,
    )
    HandOver.objects.create(
        case=case,
        giver=make_agent(portfolios=[]),
        receiver=make_agent(portfolios=[]),
        note="x",
        handed_at=now,
    )
    DepartmentNote.objects.create(
        debtor=case.debtor,
        creditor=case.creditor,
        department=Department.SALES,
        text="x",
        recorded_by=make_agent(portfolios=[]),
        recorded_at=now,
    )
    LoyaltyRules.objects.get_or_create(creditor=case.creditor)
    InternalNotice.objects.create(about=f"x{case.pk}", to_email="vendas@example.com", wanted_at=now)
    CustomerFact.objects.create(
        debtor=case.debtor,
        creditor=case.creditor,
        kind=FactKind.KEY_CUSTOMER,
        value=FactValue.YES,
        known_on=case.anchor_on,
        source="x",
        recorded_at=now,
    )
    Callback.objects.create(case=case, due_at=now, agreed_by=make_agent(portfolios=[]), agreed_at=now)
    CaseOutcome.objects.create(
        case=case,
        disposition=Disposition.NO_ANSWER,
        agent=make_agent(portfolios=[]),
        fence=0,
        recorded_at=now,
    )


def _leave_recording(attempt: Attempt, *, now: datetime) -> None:
    """Leave a call whose recording is kept."""
    sound = b"ID3 sound"
    kept_files.put_whole(Path(settings.RECORDINGS_DIR) / f"{attempt.pk}.mp3", sound)
    PhoneCall.objects.create(
        attempt=attempt, rung_at=now, is_recorded=True, recording_id="RE1", recording_seconds=61,
        recording_kept_at=now, recording_sha256=sha256(sound).hexdigest(),
    )  # fmt: skip


def leave_letter(attempt: Attempt, *, is_gathered: bool, now: datetime) -> Letter:
    """Leave a printed letter, gathered or waiting for that."""
    print_ = f"%PDF {attempt.pk}".encode()
    digest = sha256(print_).hexdigest()
    name = file_name(contact_id=attempt.contact_id, sha256=digest)
    registry.print_folder().put(name, print_)
    by = make_agent(portfolios=[])
    return Letter.objects.create(
        contact=attempt.contact,
        attempt=attempt,
        words={"reference": "7KQ2XW", "to": ["Maria", "Rua A, 1", "01001-000 São Paulo – SP"]},
        sha256=digest,
        file_name=name,
        written_at=now,
        printed_at=now,
        batch=LetterBatch.objects.create(made_at=now, made_by=by) if is_gathered else None,
    )


def _in_role(user: User, role: str, *, is_staff: bool = False) -> User:
    user.groups.set([Group.objects.get(name=role)])
    user.is_staff = is_staff
    user.save()
    return user
