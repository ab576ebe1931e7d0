"""Keeps recordings of calls with their contact: fetched from the provider once, and forgotten in time.

The file comes before the word that it is there: whenever this process ends, what the database calls
kept lies in RECORDINGS_DIR with that hash. Laws of some states give whoever was called a copy within
seven days (`contacts/rules/recording.py`), and what was agreed by word of mouth is proven by it.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import monotonic

import structlog
from django.conf import settings
from django.db.models import F

from contacts.channels import kept_files, registry, twilio_recordings
from contacts.channels.twilio_recordings import NotFetchedError
from contacts.models import PhoneCall
from contacts.queries.recordings import recorded

logger = structlog.get_logger(__name__)

MAY_LISTEN = "contacts.listen_to_phonecall"
MOST = 50
LONGEST_RUN_SECONDS = 50
#: Asked for every five minutes: an hour has passed.
WORRYING_TRIES = 12
#: What says that a recording cannot be had now: the provider, the disk, an account that is not set up.
UNAVAILABLE = (NotFetchedError, OSError, ValueError)


class LostRecordingError(Exception):
    """The recording is neither here nor, at this moment, to be had from the provider."""


def fetch_waiting(*, now: datetime) -> int:
    """Fetch recordings that the provider told of and that are not kept here yet; return how many came."""
    kept_files.sweep_halves(Path(settings.RECORDINGS_DIR))
    # Those that made trouble before come last, so that they keep no other from being fetched.
    waiting = recorded(now=now).filter(recording_kept_at=None).order_by("recording_tries", "pk")
    deadline, kept = monotonic() + LONGEST_RUN_SECONDS, 0
    for call in waiting[:MOST]:
        if monotonic() > deadline:
            break
        try:
            _fetch(call, now=now)
            kept += 1
        except UNAVAILABLE as error:
            PhoneCall.objects.filter(pk=call.pk).update(recording_tries=F("recording_tries") + 1)
            if call.recording_tries + 1 == WORRYING_TRIES:
                logger.error("a recording cannot be fetched", call=call.pk, error=type(error).__name__)
    return kept


def sound_of(call: PhoneCall) -> bytes:
    """Return a recording as MP3: kept here, else as the provider has it. Raises LostRecordingError."""
    if call.recording_removed_at is not None or not call.recording_id:
        raise LostRecordingError(str(call.pk))
    if call.recording_kept_at is not None:
        with suppress(OSError):
            kept = _file(call).read_bytes()
            if sha256(kept).hexdigest() == call.recording_sha256:
                return kept
        logger.critical("a recording is not as it was kept", call=call.pk)
    try:
        return _ask_provider(call)
    except UNAVAILABLE as error:
        raise LostRecordingError(str(call.pk)) from error


def forget_old(*, now: datetime) -> int:
    """Remove recordings older than RECORDINGS_KEPT_DAYS, here and at the provider; return how many.

    One that the provider does not let go of yet is gone here, and asked about again next time.
    """
    if not settings.RECORDINGS_KEPT_DAYS:
        return 0
    before = now - timedelta(days=settings.RECORDINGS_KEPT_DAYS)
    old = PhoneCall.objects.filter(rung_at__lt=before, recording_removed_at=None).exclude(recording_id="")
    deadline, removed, last = monotonic() + LONGEST_RUN_SECONDS, 0, 0
    while monotonic() < deadline:
        call = old.filter(pk__gt=last).order_by("pk").first()
        if call is None:
            break
        last = call.pk
        _file(call).unlink(missing_ok=True)
        if _provider_lets_go(call):
            removed += PhoneCall.objects.filter(pk=call.pk).update(recording_removed_at=now)
    return removed


def _provider_lets_go(call: PhoneCall) -> bool:
    try:
        return twilio_recordings.remove(registry.twilio_account(), call.recording_id)
    except UNAVAILABLE as error:
        logger.error("a recording cannot be removed", call=call.pk, error=type(error).__name__)
        return False


def _fetch(call: PhoneCall, *, now: datetime) -> None:
    """Fetch a recording and keep it. Raises one of UNAVAILABLE."""
    content = _ask_provider(call)
    kept_files.put_whole(_file(call), content)
    is_wanted = PhoneCall.objects.filter(pk=call.pk, recording_removed_at=None).update(
        recording_sha256=sha256(content).hexdigest(), recording_kept_at=now
    )
    if not is_wanted:  # removed meanwhile
        _file(call).unlink(missing_ok=True)


def _ask_provider(call: PhoneCall) -> bytes:
    """Return the recording as the provider has it: what was kept before, it must be to the byte."""
    content = twilio_recordings.fetch(registry.twilio_account(), call.recording_id)
    if call.recording_sha256 not in ("", sha256(content).hexdigest()):
        raise NotFetchedError("it is not what was kept before")
    return content


def _file(call: PhoneCall) -> Path:
    return Path(settings.RECORDINGS_DIR) / f"{call.attempt_id}.mp3"
