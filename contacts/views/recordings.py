"""The recording of a call, for those who may listen to it."""

import structlog
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from collections_crm.lib.ranges import one_range
from contacts.queries.recordings import recorded_seen_by
from contacts.services import recordings
from contacts.views.debtors import signed_in

logger = structlog.get_logger(__name__)


@login_required
@permission_required(recordings.MAY_LISTEN, raise_exception=True)
@require_GET
def recording(request: HttpRequest, call_id: int) -> HttpResponse:
    """Answer the recording of a call, or the part of it that a player asks for; with `?copy` as a file."""
    user = signed_in(request)
    call = get_object_or_404(recorded_seen_by(user, now=timezone.now()).select_related("attempt"), pk=call_id)
    try:
        sound = recordings.sound_of(call)
    except recordings.LostRecordingError as error:
        raise Http404(_("The recording is not here yet, or not any more.")) from error
    part = one_range(request.headers.get("Range", ""), size=len(sound))
    logger.info("a recording was listened to", call=call.pk, by=user.pk)
    response = HttpResponse(
        sound if part is None else sound[part.start : part.stop], content_type="audio/mpeg"
    )
    response["Accept-Ranges"] = "bytes"
    if part is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(sound)}"
    if "copy" in request.GET:
        name = f"ligacao-{call.attempt.contact_id}.mp3"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
