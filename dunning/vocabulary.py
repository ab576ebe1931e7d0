"""The words of the app that wants: ladders, cases, and what a call may come to."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Actor(TextChoices):
    """Who takes a step of the ladder."""

    SYSTEM = "system", _("the system")
    AGENT = "agent", _("an agent")


class CaseState(TextChoices):
    """How a case stands."""

    OPEN = "open", _("open")
    PROMISED = "promised", _("payment promised")
    HELD = "held", _("on hold")
    CLOSED = "closed", _("closed")


class CloseReason(TextChoices):
    """Why a case ended."""

    PAID = "paid", _("paid")
    WITHDRAWN = "withdrawn", _("withdrawn by the creditor")


class Disposition(TextChoices):
    """What a call or an answer came to, as the agent records it."""

    SPOKE = "spoke", _("spoke with the person")
    PROMISE = "promise", _("promised to pay")
    CALLBACK = "callback", _("asked to be called at another time")
    NO_ANSWER = "no_answer", _("no answer")
    BUSY = "busy", _("busy")
    VOICEMAIL = "voicemail", _("voicemail, nothing left on it")
    WRONG_PERSON = "wrong_person", _("someone else's number")
    THIRD_PARTY = "third_party", _("another person answered; nothing was told")
    ALREADY_PAID = "already_paid", _("says it is paid already")
    DISPUTE = "dispute", _("disputes the debt")
    OPT_OUT = "opt_out", _("asked not to be contacted")
    DECEASED = "deceased", _("deceased")


class StepResult(TextChoices):
    """What planning a step came to."""

    WANTED = "wanted", _("message wanted")
    QUEUED = "queued", _("handed to the agents")
    NO_ADDRESS = "no_address", _("skipped: no address for it")


class Department(TextChoices):
    """Who else knows something of a customer."""

    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")
    CREDIT = "credit", _("Credit")
