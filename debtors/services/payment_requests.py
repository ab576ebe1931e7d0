"""The only mover of what debtors are given to pay with: issued once, never for more than is owed."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from debtors.banks import registry
from debtors.banks.base import Absent, DueCharge, Kept, PixBank, Refused
from debtors.models import Creditor, Debtor, PaymentRequest, ReceivingAccount, User
from debtors.queries import paying
from debtors.queries.paying import Choice
from debtors.services import request_codes, transit
from debtors.services.request_codes import CannotMakeError
from debtors.vocabulary import RequestKind, RequestState, TransitKind

logger = structlog.get_logger(__name__)

STATIC_TXID_BYTES, DUE_TXID_BYTES = 12, 16  # 25 and 33 characters with their first letter
LOOK_AGAIN_AFTER = timedelta(seconds=30)
TRANSITS = {
    RequestKind.PIX: TransitKind.PIX,
    RequestKind.PIX_DUE: TransitKind.PIX,
    RequestKind.BOLETO: TransitKind.BOLETO,
}


class RequestRefusedError(Exception):
    """Nothing is issued; `reason` says why.

    `no_account` (nothing is known of where the creditor's money goes), `no_choice` (there is no such
    amount), `inexact`, `in_doubt`, `nothing_owed` (see `Payable`), `past`, `too_far` (see `transit`),
    `numbers_used_up`, `pix_data`, `slip_data`, `no_connection`, `number_twice`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def kinds_of(account: ReceivingAccount | None) -> list[RequestKind]:
    """Return what can be issued for a creditor: his bank's Pix before one of his key alone."""
    if account is None:
        return []
    pix = RequestKind.PIX_DUE if account.pix_connection else RequestKind.PIX
    kinds = [pix] if account.pix_key and account.pix_city else []
    return [*kinds, RequestKind.BOLETO] if account.slip_bank else kinds


def issue(
    *,
    debtor: Debtor,
    creditor: Creditor,
    kind: RequestKind,
    choice: str,
    due_on: date,
    asked_as: UUID,
    by: User | None,
    now: datetime,
    part_cents: int | None = None,
) -> PaymentRequest:
    """Give a debtor something to pay with: one of the amounts of `paying.payable` on the day `due_on`.

    The same `asked_as` again returns what was issued then. Contact about this creditor's debts rests
    until its money has had time to arrive. One that the bank keeps is asked of it when all else is
    committed: it may come back unclear, and is then looked for until the bank has a clear word. Raises
    RequestRefusedError.
    """
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        before = PaymentRequest.objects.filter(asked_as=asked_as, debtor=debtor, creditor=creditor).first()
        if before is not None:
            return before
        chosen = _chosen(debtor, creditor, choice, part_cents=part_cents, due_on=due_on, now=now)
        account = ReceivingAccount.objects.select_for_update().filter(creditor=creditor).first()
        if account is None or kind not in kinds_of(account):
            raise RequestRefusedError("no_account")
        request = PaymentRequest(
            debtor=debtor,
            creditor=creditor,
            agreed_payment=chosen.agreed_payment,
            kind=kind,
            state=RequestState.ASKED if kind == RequestKind.PIX_DUE else RequestState.READY,
            amount_cents=chosen.amount_cents,
            due_on=due_on,
            items=chosen.items,
            covers=chosen.covers,
            asked_as=asked_as,
            issued_by=by,
            issued_at=now,
        )
        _fill(request, account=account, now=now)
        request.save()
    if request.kind == RequestKind.PIX_DUE:
        _ask_bank(request, now=now)
    return request


def look_for_unclear(*, now: datetime) -> int:
    """Ask the banks again about what they have not clearly answered; return how many are ready now."""
    waiting = PaymentRequest.objects.filter(state__in=[RequestState.ASKED, RequestState.UNCLEAR])
    # What was asked just now may still be on its way in the process that asks.
    waiting = waiting.filter(issued_at__lte=now - LOOK_AGAIN_AFTER).select_related("debtor", "creditor")
    return sum(_ask_bank(request, now=now) for request in waiting.order_by("looked_at", "pk")[:50])


def withdraw(request: PaymentRequest, *, now: datetime) -> None:
    """Say that it will not be paid; contact may go on. A Pix at the bank ends by itself after its due day."""
    if request.transit is not None:
        transit.withdraw(request.transit, now=now)


def _chosen(
    debtor: Debtor, creditor: Creditor, name: str, *, part_cents: int | None, due_on: date, now: datetime
) -> Choice:
    if due_on < timezone.localdate(now):
        raise RequestRefusedError("past")
    if due_on > timezone.localdate(now) + timedelta(days=transit.MOST_DAYS):
        raise RequestRefusedError("too_far")
    found = paying.payable(debtor_id=debtor.pk, creditor_id=creditor.pk, on=due_on)
    if found.obstacle:
        raise RequestRefusedError(found.obstacle)
    chosen = found.chosen(name, part_cents=part_cents)
    if chosen is None:
        raise RequestRefusedError("no_choice")
    return chosen


def _fill(request: PaymentRequest, *, account: ReceivingAccount, now: datetime) -> None:
    """Write the code of a request whose account is locked here; what is ready has its money on its way."""
    try:
        if request.kind == RequestKind.BOLETO:
            _fill_slip(request, account=account, now=now)
        elif request.kind == RequestKind.PIX:
            request.txid = "P" + secrets.token_hex(STATIC_TXID_BYTES).upper()
            request.payload = request_codes.pix_code(
                account, creditor=request.creditor, amount_cents=request.amount_cents, txid=request.txid
            )
        else:
            _bank_of(account)
            request.txid = "D" + secrets.token_hex(DUE_TXID_BYTES).upper()
            return
    except CannotMakeError as error:
        raise RequestRefusedError(error.reason) from error
    _set_out(request, now=now)


def _fill_slip(request: PaymentRequest, *, account: ReceivingAccount, now: datetime) -> None:
    made = request_codes.slip(
        account,
        sequence=account.next_number,
        amount_cents=request.amount_cents,
        due_on=request.due_on,
        on=timezone.localdate(now),
    )
    account.next_number += 1
    account.save(update_fields=["next_number"])
    request.bank, request.our_number = account.slip_bank, made.our_number
    request.barcode, request.line = made.barcode, made.line
    request.paper = {
        "branch": account.slip_branch,
        "account": account.slip_account,
        "wallet": account.slip_wallet,
        "agreement": account.slip_agreement,
        "text": account.slip_text,
    }


def _set_out(request: PaymentRequest, *, now: datetime) -> None:
    """Let the money of a request be on its way."""
    try:
        request.transit = transit.issue(
            debtor=request.debtor,
            creditor=request.creditor,
            kind=TRANSITS[RequestKind(request.kind)],
            amount_cents=request.amount_cents,
            expires_on=max(request.due_on, timezone.localdate(now)),
            number=request.our_number or request.txid,
            by=request.issued_by,
            now=now,
        )
    except transit.TransitRefusedError as error:
        raise RequestRefusedError(error.reason) from error


def _ask_bank(request: PaymentRequest, *, now: datetime) -> bool:
    """Ask the bank to keep a charge, and keep its answer; return whether it is ready.

    What was asked before is looked for first. Asking once more by the same txid is harmless: the
    bank has one charge under it, or none.
    """
    account = ReceivingAccount.objects.get(creditor=request.creditor_id)
    charge = _charge(request, account)
    try:
        bank = _bank_of(account)
    except RequestRefusedError:  # somebody has taken the connection away: it may come back
        return False
    answer = bank.find(charge.txid) if request.looked_at else bank.keep(charge)
    if isinstance(answer, Absent):
        answer = bank.keep(charge)
    if isinstance(answer, Refused):
        said = bank.find(charge.txid)  # "in use" may mean that an earlier try of ours came through
        answer = said if isinstance(said, Kept) else answer
    return _keep_answer(request, answer, charge=charge, account=account, now=now)


def _keep_answer(
    request: PaymentRequest, answer: object, *, charge: DueCharge, account: ReceivingAccount, now: datetime
) -> bool:
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=request.debtor_id)
        request.refresh_from_db(fields=["state"])
        if request.state not in (RequestState.ASKED, RequestState.UNCLEAR):
            return False
        request.looked_at, request.state, request.error = now, RequestState.UNCLEAR, ""
        if isinstance(answer, Kept):
            _take(request, answer, charge=charge, account=account, now=now)
        elif isinstance(answer, Refused):
            request.state, request.error = RequestState.REFUSED, answer.reason
        else:
            request.error = getattr(answer, "reason", "")
        request.save()
    logger.info("bank asked for a Pix", pk=request.pk)
    return request.state == RequestState.READY


def _take(
    request: PaymentRequest, kept: Kept, *, charge: DueCharge, account: ReceivingAccount, now: datetime
) -> None:
    """Take what the bank keeps, if it is what was asked and not over before it could be shown."""
    try:
        request.payload = request_codes.code_of_kept(
            kept, asked=charge, account=account, creditor=request.creditor
        )
        if request.due_on < timezone.localdate(now):
            raise CannotMakeError("too late")
        _set_out(request, now=now)
    except (CannotMakeError, RequestRefusedError) as error:
        request.payload = ""
        request.state, request.error = RequestState.REFUSED, error.reason
    else:
        request.state = RequestState.READY


def _charge(request: PaymentRequest, account: ReceivingAccount) -> DueCharge:
    return DueCharge(
        txid=request.txid,
        key=account.pix_key,
        amount_cents=request.amount_cents,
        due_on=request.due_on,
        payer_name=request.debtor.name,
        payer_tax_id=request.debtor.tax_id,
    )


def _bank_of(account: ReceivingAccount) -> PixBank:
    try:
        return registry.pix_bank(account.pix_connection)
    except registry.NoConnectionError as error:
        raise RequestRefusedError("no_connection") from error
