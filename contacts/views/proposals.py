"""Send a debtor the proposal that was made to him, from the page of the agreement."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts import proposal_ways, tasks
from contacts.services import proposals
from contacts.services.asked_for import NotWantedError
from contacts.views.debtors import signed_in
from contacts.vocabulary import Channel
from debtors.queries import offers


@login_required
@permission_required("debtors.negotiate_agreement", raise_exception=True)
@require_POST
def send(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Want a proposal sent by the channel that was pressed; it leaves when the policy allows it."""
    seen = offers.agreements_seen_by(signed_in(request)).select_related("debtor", "creditor", "proposed_by")
    found = get_object_or_404(seen, pk=agreement_id)
    channel = request.POST.get("channel", Channel.SMS.value)
    if channel not in proposals.CHANNELS:
        raise Http404
    try:
        proposals.want(found, channel=Channel(channel), now=timezone.now())
    except NotWantedError as error:
        messages.error(request, proposal_ways.refusal(error.reason))
    else:
        tasks.pump.enqueue()  # somebody may wait for it; lost, the next minute finds it
        messages.success(request, _("It leaves as soon as the contact policy allows it."))
    return redirect("debtors:agreement", found.pk)
