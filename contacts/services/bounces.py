"""Takes in what came back: our mail server puts it into a Maildir, and each mail in it is read once."""

import mailbox
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from django.db.models.functions import Lower

from contacts.models import Attempt
from contacts.rules.bounces import Bounce, bounces_in
from contacts.services import delivery
from contacts.vocabulary import Outcome

logger = structlog.get_logger(__name__)

LARGEST_MAIL_BYTES = 2 * 1024 * 1024
READ = "S"  # the Maildir's own flag for a mail that was seen


class NotAMaildirError(Exception):
    """The folder does not exist, or is no Maildir."""


@dataclass(slots=True)
class Read:
    """What a look into the folder came to: mails read, bounces applied, and those that were not ours."""

    mails: int = 0
    applied: int = 0
    strangers: int = 0


def read_maildir(folder: Path, *, now: datetime, most: int = 500) -> Read:
    """Read up to `most` new mails of a Maildir, apply the bounces among them and mark them as seen.

    A mail is marked after what it says was committed: read twice, it changes nothing. Nothing is
    deleted. Raises NotAMaildirError.
    """
    if not all((folder / part).is_dir() for part in ("cur", "new", "tmp")):
        raise NotAMaildirError(str(folder))
    done = Read()
    box = mailbox.Maildir(folder, create=False)
    for key in [key for key in sorted(box.keys()) if READ not in box.get_message(key).get_flags()][:most]:
        for bounce in bounces_in(box.get_bytes(key)[:LARGEST_MAIL_BYTES]):
            if apply(bounce, now=now):
                done.applied += 1
            else:
                done.strangers += 1
        _mark(box, key)
        done.mails += 1
    return done


def apply(bounce: Bounce, *, now: datetime) -> bool:
    """Let the contact follow what came back; return whether it was about a mail of ours.

    Anybody can write such a mail: it is believed where it names both the Message-ID, which only
    whoever got our mail knows, and the address this one went to.
    """
    attempt_id = _attempt_id(bounce.message_id)
    attempts = Attempt.objects.annotate(to_folded=Lower("to"))
    if attempt_id is None or not attempts.filter(pk=attempt_id, to_folded=bounce.recipient).exists():
        logger.warning("bounce of a mail that is not ours", status=bounce.status)
        return False
    delivery.apply_report(
        delivery.Report(
            provider="mail",
            provider_id=bounce.message_id,
            status=f"bounced {bounce.status}"[:30],
            payload={"status": bounce.status},
            attempt_id=attempt_id,
            outcome=Outcome.DELIVERED if bounce.is_complaint else Outcome.FAILED,
            error_code=bounce.status,
            is_bad_address=bounce.is_bad_address,
            is_opt_out=bounce.is_complaint,
        ),
        now=now,
    )
    return True


def _attempt_id(message_id: str) -> UUID | None:
    try:
        return UUID(message_id.strip("<>").partition("@")[0])
    except ValueError:
        return None


def _mark(box: mailbox.Maildir, key: str) -> None:
    message = box.get_message(key)
    message.set_subdir("cur")
    message.add_flag(READ)
    box[key] = message
