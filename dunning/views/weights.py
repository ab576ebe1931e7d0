"""What the queue goes by: the weights in force, their history, and the form that sets others."""

from dataclasses import asdict, fields

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from debtors.services.access import user_of
from dunning.forms.desk import WeightsForm
from dunning.models import QueueWeights
from dunning.queries import weighing as weights_of
from dunning.rules.priority import Weights
from dunning.services import weighing

SHOWN = 20


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("dunning.add_queueweights", raise_exception=True)
def weights(request: HttpRequest) -> HttpResponse:
    """Show and set how many points each reason is worth."""
    in_force = weights_of.weights_in_force()
    form = WeightsForm(request.POST if request.method == "POST" else None, initial=asdict(in_force))
    if request.method == "POST" and form.is_valid():
        chosen = Weights(**{each.name: form.cleaned_data[each.name] for each in fields(Weights)})
        by, why = user_of(request.user), form.cleaned_data["why"]
        weighing.set_weights(chosen, why=why, by=by, now=timezone.now())
        messages.success(request, _("Set. The queue is put into this order within some minutes."))
        return redirect("dunning:weights")
    history = QueueWeights.objects.select_related("set_by")[:SHOWN]
    return render(
        request,
        "dunning/weights.html",
        {"form": form, "history": [(row, _changed(row)) for row in history]},
        status=422 if form.is_bound else 200,
    )


def _changed(row: QueueWeights) -> list[tuple[str, int]]:
    """Return what a row sets apart from what is usual, in words."""
    usual = asdict(Weights())
    kept = {each.name: getattr(row, each.name) for each in fields(Weights)}
    labels = {each.name: str(getattr(each, "verbose_name", each.name)) for each in QueueWeights._meta.fields}
    return [(labels[name], points) for name, points in kept.items() if points != usual[name]]
