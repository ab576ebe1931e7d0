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


class Meaning(TextChoices):
    """What a disposition means to the house, whatever it is called."""

    HUMAN = "human", _("a person answered")
    RIGHT_PARTY = "right_party", _("the right person")
    CONVERSATION = "conversation", _("a conversation")
    ATTEMPT = "attempt", _("counts as an attempt")
    UNANSWERED = "unanswered", _("nobody reached")
    OPT_OUT = "opt_out", _("asks for no more contact")
    WRONG_NUMBER = "wrong_number", _("the number is retired")
    HOLD = "hold", _("contact rests")
    PROMISE = "promise", _("with amount and day")
    CALLBACK = "callback", _("with day and time")


class CallbackState(TextChoices):
    """What became of a call that was promised for a moment."""

    OPEN = "open", _("open")
    KEPT = "kept", _("kept")
    MISSED = "missed", _("missed")
    DROPPED = "dropped", _("no longer needed")


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


class ScriptPart(TextChoices):
    """A part of what an agent says on the telephone, in its order; the last three are for what may happen."""

    GREET = "greet", _("greet")
    CONFIRM = "confirm", _("confirm the person")
    ARRIVED = "arrived", _("bill and goods arrived?")
    LISTEN = "listen", _("listen")
    REASON = "reason", _("reason of the delay")
    PROPOSE = "propose", _("propose")
    CLOSE = "close", _("take leave")
    THIRD_PARTY = "third_party", _("somebody else answered")
    VOICEMAIL = "voicemail", _("a machine answered")
    CALM = "calm", _("it gets heated")


class IdentityItem(TextChoices):
    """What a person may be asked for to show who he is."""

    BIRTHDAY = "birthday", _("day and month of birth")
    TAX_ID = "tax_id", _("last three digits of CPF or CNPJ")
    CITY = "city", _("city of residence")
    POSTAL_CODE = "postal_code", _("last three digits of the postal code")
    FULL_NAME = "full_name", _("full name")
