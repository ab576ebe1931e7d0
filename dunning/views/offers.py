"""Negotiating on the case card: offers beside what the debtor can pay, until it is agreed on aloud."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts import proposal_ways
from contacts import queries as contact_queries
from contacts.proposal_ways import Way
from contacts.queries import Gathered
from contacts.services import proposals
from contacts.services.asked_for import NotWantedError
from contacts.vocabulary import Channel
from debtors import agreement_reasons
from debtors.models import Agreement, User
from debtors.queries import offers as reads
from debtors.rules.renegotiation import Proposal, Room, Verdict
from debtors.services import (
    access,
    agreed_requests,
    agreement_papers,
    agreements,
    negotiating,
    request_papers,
)
from debtors.services.access import user_of
from debtors.services.negotiating import AgreementRefusedError
from debtors.services.request_papers import OnScreen
from debtors.vocabulary import AgreementState, Evidence, PaymentMethod
from dunning import tasks
from dunning.forms.talk import OfferForm
from dunning.models import Case
from dunning.services import talking, workqueue
from dunning.views.asked import UNPROCESSABLE, case_of, fence_of, stale

MAY, MAY_GIVE = "debtors.negotiate_agreement", "debtors.add_paymentrequest"


def part(case: Case, *, agent: User, now: datetime, typed: Any = None) -> dict[str, Any]:
    """Return what the card shows of the negotiation: what may be offered, and what comes of the slider.

    `typed` is what was posted; the slider never goes beyond what the agent may agree to himself.
    """
    ours: dict[str, Any] = {"debtor": case.debtor, "creditor": case.creditor}
    between = {"debtor_id": case.debtor_id, "creditor_id": case.creditor_id}
    shown: dict[str, Any] = {"case": case, "in_force": reads.in_force(**between)}
    if shown["in_force"]:
        return shown | {"paying": _paying(shown["in_force"], now=now)}
    on = timezone.localdate(now)
    shown["proposed"] = proposed = _proposed(case)
    shown["waits"] = proposed is not None and _waits(proposed, agent=agent)
    shown["ways"] = [] if proposed is None or shown["waits"] else _ways(case, proposed, now=now)
    try:
        shown["offers"] = negotiating.offers(**ours, now=now)
        form = OfferForm(typed, on=on)
        count = form.payments_chosen
        room = negotiating.room(**ours, payments=count, by=agent, now=now)
        proposal = _proposal(form, room=room, count=count, on=on)
        _owed, judged = negotiating.judge(proposal, **ours, by=agent, now=now)
    except AgreementRefusedError as error:
        return shown | {"refused": agreement_reasons.explain(error.reasons)}
    return shown | {
        "offer_form": form,
        "room": room,
        "counts": range(1, room.most_payments + 1),
        "proposal": proposal,
        "payments": judged.payments,
        "is_mine_to_agree": judged.verdict is Verdict.ACCEPTED,
        "why": agreement_reasons.explain(each for each in judged.reasons if each != "not_approved"),
        "discount_cents": room.most_cents - proposal.total_cents,
    }


def card_part(case: Case, *, agent: User, known: Gathered, now: datetime) -> dict[str, Any]:
    """Return the negotiation as the card opens with it: what is agreed, or waits for a yes.

    Offers are counted when they are asked for: most calls end without them. `known` is what the gate
    was told for the rest of the card.
    """
    proposed = _proposed(case)
    waits = proposed is not None and _waits(proposed, agent=agent)
    in_force = reads.in_force(debtor_id=case.debtor_id, creditor_id=case.creditor_id)
    return {
        "may_negotiate": True,
        "in_force": in_force,
        "paying": _paying(in_force, now=now) if in_force else [],
        "proposed": proposed,
        "waits": waits,
        "ways": proposal_ways.ways(proposed, known=known) if proposed and not waits else [],
        "sentence": sentence(proposed) if proposed else "",
    }


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
@permission_required(MAY, raise_exception=True)
def offers(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge what the slider says, or keep it as a proposal; the floor is the server's."""
    case, agent, now = case_of(request, pk), user_of(request.user), timezone.now()
    if answer := _refuse(request, case, agent=agent, now=now):
        return answer
    shown = part(case, agent=agent, now=now, typed=request.POST)
    if "keep" in request.POST and "proposal" in shown and shown["offer_form"].is_valid():
        return _keep(request, case, proposal=shown["proposal"], form=shown["offer_form"], now=now)
    return _shown(request, shown)


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
@permission_required(MAY, raise_exception=True)
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Put in force what the debtor just accepted, after the sentence was read to him; or take it back.

    What the first payment is paid with is issued at once; later, for whoever asks for it.
    """
    case, agent, now = case_of(request, pk), user_of(request.user), timezone.now()
    if answer := _refuse(request, case, agent=agent, now=now):
        return answer
    proposed = _proposed(case)
    if "pay" in request.POST:
        in_force = reads.in_force(debtor_id=case.debtor_id, creditor_id=case.creditor_id)
        if not _issue(in_force, agent=agent, now=now):
            messages.warning(request, _("Nothing was issued: the page of the other amounts says why."))
        return redirect("dunning:case", pk=pk)
    if proposed is None:
        messages.info(request, _("Nothing waits for a yes here."))
        return redirect("dunning:case", pk=pk)
    try:
        if "withdraw" in request.POST:
            agreements.withdraw(proposed, reason=_("changed on the telephone"), by=agent, now=now)
        else:
            reference = request.POST.get("reference", "")[:200]
            agreements.accept(proposed, evidence=Evidence.VERBAL, reference=reference, by=agent, now=now)
            messages.success(request, _("The agreement is in force. Contact rests until its next payment."))
            _issue(proposed, agent=agent, now=now)
    except AgreementRefusedError as error:
        messages.error(request, _("Not agreed: %(why)s.") % {"why": agreement_reasons.explain(error.reasons)})
    return redirect("dunning:case", pk=pk)


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
@permission_required(MAY, raise_exception=True)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the proposal by the channel that was pressed, to be read and accepted, when the gate allows it."""
    case, agent, now = case_of(request, pk), user_of(request.user), timezone.now()
    if answer := _refuse(request, case, agent=agent, now=now):
        return answer
    proposed, channel = _proposed(case), request.POST.get("channel", "")
    if proposed is None or channel not in proposals.CHANNELS:
        messages.info(request, _("Nothing waits for a yes here."))
        return redirect("dunning:case", pk=pk)
    not_sent = ""
    try:
        proposals.want(proposed, channel=Channel(channel), now=now)
        tasks.send_at_once.enqueue()
    except NotWantedError as error:
        not_sent = proposal_ways.refusal(error.reason)
    if "HX-Request" in request.headers:
        shown = part(case, agent=agent, now=timezone.now())
        told = next((way.said for way in shown["ways"] if way.channel == channel), "")
        return _shown(request, shown | {"not_sent": not_sent, "announced": not_sent or told})
    if not_sent:
        messages.error(request, not_sent)
    return redirect("dunning:case", pk=pk)


def sentence(agreement: Agreement) -> str:
    """Return what is read aloud before the debtor says yes: everything he agrees to, and until when."""
    return agreement_papers.sentence_of(agreement) + " " + _("Is that right for you?")


def _ways(case: Case, proposed: Agreement, *, now: datetime) -> list[Way]:
    known = contact_queries.gather_or_doubt([case.debtor], now=now)
    return proposal_ways.ways(proposed, known=known)


def _paying(agreement: Agreement, *, now: datetime) -> list[OnScreen]:
    """Return what there is to pay with, as it is looked at: in the order in which it was issued."""
    issued = agreed_requests.waiting(agreement, now=now)
    return [request_papers.on_screen(each) for each in reversed(issued)]


def _issue(agreement: Agreement | None, *, agent: User, now: datetime) -> bool:
    """Give whoever agreed what to pay with, where the agent may; return whether there is something."""
    if agreement is None or not agent.has_perm(MAY_GIVE):
        return False
    return bool(agreed_requests.issue(agreement, by=agent, now=now))


def _proposed(case: Case) -> Agreement | None:
    """Return the proposal that waits for the debtor's yes, with its payments and the words to read."""
    waiting = Agreement.objects.filter(
        debtor=case.debtor_id, creditor=case.creditor_id, state=AgreementState.PROPOSED
    )
    return waiting.select_related("debtor", "creditor", "proposed_by").order_by("-pk").first()


def _waits(proposed: Agreement, *, agent: User) -> bool:
    """Return whether somebody of a higher level has to approve a proposal before it can be agreed on."""
    goes_far = proposed.needed > access.authority_of(agent)
    return goes_far and not proposed.decisions.filter(is_approved=True).exists()


def _proposal(form: OfferForm, *, room: Room, count: int, on: date) -> Proposal:
    """Return what the form says, held within the agent's room; at first the least that may be offered."""
    form.is_valid()
    data = form.cleaned_data if form.is_bound else {}
    total = data.get("total_cents")
    first_on = data.get("first_on") or on + timedelta(days=3)
    return Proposal(
        min(max(total if total is not None else room.most_cents, room.least_cents), room.most_cents),
        min(count, room.most_payments),
        min(max(first_on, on), room.last_first_on),
    )


def _keep(
    request: HttpRequest, case: Case, *, proposal: Proposal, form: forms.Form, now: datetime
) -> HttpResponse:
    try:
        agreements.propose(
            proposal,
            debtor=case.debtor,
            creditor=case.creditor,
            first_method=PaymentMethod(form.cleaned_data["method"]),
            method=PaymentMethod(form.cleaned_data["method"]),
            by=user_of(request.user),
            now=now,
        )
    except AgreementRefusedError as error:
        messages.error(request, _("Not agreed: %(why)s.") % {"why": agreement_reasons.explain(error.reasons)})
    if "HX-Request" not in request.headers:
        return redirect("dunning:case", pk=case.pk)
    return _shown(request, part(case, agent=user_of(request.user), now=now))


def _refuse(request: HttpRequest, case: Case, *, agent: User, now: datetime) -> HttpResponse | None:
    """Return the answer to a stale tab, and before the person is confirmed; else nothing."""
    try:
        workqueue.renew(case, agent=agent, fence=fence_of(request), now=now)
    except workqueue.StaleLeaseError:
        return stale(request, case)
    if not talking.is_confirmed(case, fence=case.fence):
        messages.warning(request, _("Confirm the person first, by two data items."))
        return redirect("dunning:case", pk=case.pk)
    return None


def _shown(request: HttpRequest, shown: dict[str, Any]) -> HttpResponse:
    proposed = shown.get("proposed")
    shown["sentence"] = sentence(proposed) if proposed else ""
    if "HX-Request" in request.headers:
        return render(request, "dunning/desk/_offers.html", shown)
    status = UNPROCESSABLE if shown.get("refused") else 200
    return render(request, "dunning/desk/offers.html", shown, status=status)
