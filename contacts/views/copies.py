"""Send a debtor a copy of what he was given to pay with."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from contacts import tasks
from contacts.services import copies
from contacts.services.asked_for import NotWantedError
from contacts.views.debtors import signed_in
from contacts.vocabulary import Channel
from debtors.queries import paying

CHANNELS = (Channel.EMAIL, Channel.LETTER, Channel.SMS, Channel.WHATSAPP)
REFUSALS = {
    "over": gettext_noop("It cannot be paid any more: issue another one."),
    "no_text": gettext_noop("There is no text in use for it: ask a manager for one (second_copy)."),
    "no_point": gettext_noop("No address for it is known, or none that may be used."),
}


@login_required
@permission_required("debtors.add_paymentrequest", raise_exception=True)
@require_POST
def send(request: HttpRequest, request_id: int) -> HttpResponse:
    """Want a copy of a Pix or boleto by the channel that was pressed; it leaves when the policy allows it."""
    found = get_object_or_404(paying.requests_seen_by(signed_in(request)), pk=request_id)
    channel = request.POST.get("channel", Channel.EMAIL.value)
    if channel not in CHANNELS:
        raise Http404
    try:
        copies.want(found, channel=Channel(channel), now=timezone.now())
    except NotWantedError as error:
        messages.error(request, _(REFUSALS[error.reason]))
    else:
        tasks.pump.enqueue()  # somebody waits at the telephone for it; lost, the next minute finds it
        messages.success(request, _("It leaves as soon as the contact policy allows it."))
    return redirect("debtors:pay", found.debtor_id, found.creditor_id)
