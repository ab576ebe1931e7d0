"""E-mail to a department through Django's mail: among colleagues, so no gate is asked."""

import smtplib

from django.core.mail import EmailMessage


class NotTakenError(Exception):
    """The mail server did not take it; it may be tried again."""


def send(*, to_email: str, subject: str, body: str) -> None:
    """Hand one plain message to the mail server. Raises NotTakenError."""
    try:
        EmailMessage(subject=" ".join(subject.split()), body=body, to=[to_email]).send()
    except (OSError, smtplib.SMTPException) as error:
        raise NotTakenError(type(error).__name__) from error
