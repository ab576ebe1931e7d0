"""The words of the app that speaks: channels, states, outcomes, and what forbids or permits."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """The ways out of the house."""

    SMS = "sms", _("SMS")
    WHATSAPP = "whatsapp", _("WhatsApp")
    EMAIL = "email", _("e-mail")
    VOICE = "voice", _("call")
    LETTER = "letter", _("letter")


class Purpose(TextChoices):
    """Why we want to speak. Before the due date it is a reminder, never collection.

    `agreed` reminds of the next payment of an agreement, before its day. The agreement is why contact
    rests, so the policy may let a promise not hold this purpose back; whatever else forbids contact binds.
    """

    COLLECTION = "collection", _("collection")
    REMINDER = "reminder", _("reminder")
    AGREED = "agreed", _("reminder of an agreed payment")
    THANK_YOU = "thank_you", _("thank you")
    REPLY = "reply", _("reply")
    SERVICE = "service", _("service")
    TEST = "test", _("test")


class ContactState(TextChoices):
    """Where one wanted contact stands. Blocked is not failed, failed is not unknown, unknown is not sent."""

    PLANNED = "planned", _("planned")
    CLAIMED = "claimed", _("being prepared")
    SENDING = "sending", _("leaving")
    SENT = "sent", _("sent")
    CONCLUDED = "concluded", _("concluded")
    BLOCKED = "blocked", _("not allowed")
    EXPIRED = "expired", _("too late")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("unclear whether it left")
    PARKED = "parked", _("waiting for a person")
    CANCELLED = "cancelled", _("cancelled")


class AttemptState(TextChoices):
    """One try at a provider."""

    SENDING = "sending", _("leaving")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("refused")
    NOT_SENT = "not_sent", _("did not leave")
    UNKNOWN = "unknown", _("unclear")
    PARKED = "parked", _("waiting for a person")


class HeldBecause(TextChoices):
    """Why nothing leaves: what the journal beside the database says, and the database does not know."""

    OLDER = "older", _("the database is older than what was sent from here")
    NO_JOURNAL = "no_journal", _("there is no journal of this database here")
    PROVIDER = "provider", _("the provider has messages that the database does not know")


class Outcome(TextChoices):
    """How a contact ended; the words the frequency caps count by."""

    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("did not arrive")
    NO_ANSWER = "no_answer", _("no answer")
    VOICEMAIL = "voicemail", _("voicemail, nothing left on it")
    CONVERSATION = "conversation", _("conversation")
    WRONG_PERSON = "wrong_person", _("someone else")
    INBOUND = "inbound", _("wrote to us")


class HoldKind(TextChoices):
    """Why contact rests. The kinds the policy lists block; the courteous default blocks all of them."""

    DISPUTE = "dispute", _("the debt is disputed")
    FRAUD = "fraud", _("says it is fraud: somebody else made the debt")
    ALREADY_PAID = "already_paid", _("says it is paid already")
    VULNERABLE = "vulnerable", _("vulnerable person")
    OVER_INDEBTED = "over_indebted", _("over-indebted")
    LEGAL = "legal", _("represented by counsel")
    COMPLAINT = "complaint", _("complaint")
    BANKRUPTCY = "bankruptcy", _("bankruptcy")
    DECEASED = "deceased", _("deceased")
    STATUTE_BARRED = "statute_barred", _("prescribed debt")
    OTHER = "other", _("other reason")


class FindingKind(TextChoices):
    """What stopped contact although nobody wished it."""

    NO_POLICY = "no_policy", _("no contact policy is in force")
    TERMS = "terms", _("the policy, a local rule or a debtor's wish cannot be read")
    RULE = "rule", _("a rule of the gate failed")
    DATABASE = "database", _("the database did not answer as it should")
    CONTACT = "contact", _("a contact could not be judged")
    CLOCK = "clock", _("the clocks of our machines and of the providers differ")
    CASES = "cases", _("cases to which nobody would come back")


class OptOutScope(TextChoices):
    """How far a wish not to be contacted reaches."""

    GLOBAL = "global", _("any contact")
    CHANNEL = "channel", _("one channel")
    POINT = "point", _("one number or address")


class Tone(TextChoices):
    """How a message speaks; never harder than its step."""

    REMINDER = "reminder", _("reminder")
    FRIENDLY = "friendly", _("friendly")
    DIRECT = "direct", _("direct and courteous")
    FORMAL = "formal", _("formal")


class Disclosure(TextChoices):
    """How much a text tells whoever reads it."""

    NEUTRAL = "neutral", _("neutral: no debt, amount or creditor detail")
    IDENTIFIED = "identified", _("names the creditor, no amount")
    FULL = "full", _("amounts, itemised")


class TemplateState(TextChoices):
    """A text is written, approved by a colleague and then used, until another version takes its place."""

    DRAFT = "draft", _("draft")
    WAITING = "waiting", _("waiting for approval")
    APPROVED = "approved", _("in use")
    RETIRED = "retired", _("no longer used")
    DISCARDED = "discarded", _("thrown away")


class RestBecause(TextChoices):
    """Why one of our numbers or addresses rests."""

    UNREACHABLE = "unreachable", _("its provider cannot be reached")
    UNCLEAR = "unclear", _("its provider gives no clear answers")
    REFUSES_US = "refuses_us", _("its provider refuses us: credentials, account or balance")


class PolicyState(TextChoices):
    """A policy version is drafted, then published, or thrown away; a published one is never edited."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    DISCARDED = "discarded", _("thrown away")


class ProposalState(TextChoices):
    """Where a request for a second manager's approval stands."""

    WAITING = "waiting", _("waiting for approval")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("not approved")
    WITHDRAWN = "withdrawn", _("withdrawn")
    OVERTAKEN = "overtaken", _("overtaken by another version")


class PreviewState(TextChoices):
    """How far the replay of a draft has come."""

    WAITING = "waiting", _("about to begin")
    RUNNING = "running", _("being worked out")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("stopped")
    OUTDATED = "outdated", _("no longer true of the draft")
    FAILED = "failed", _("failed")


class PolicyEventKind(TextChoices):
    """What happened to the contact policy."""

    PUBLISHED = "published", _("published")
    PROPOSED = "proposed", _("approval asked for")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("not approved")
    WITHDRAWN = "withdrawn", _("request withdrawn")
    OVERTAKEN = "overtaken", _("overtaken by another version")
    DISCARDED = "discarded", _("draft thrown away")
    PAUSED = "paused", _("everything paused")
    RESUMED = "resumed", _("contact resumed")


class OverlayLevel(TextChoices):
    """Whose rule narrows the policy: a creditor's, that of a place, or one for a set of debtors."""

    CREDITOR = "creditor", _("creditor")
    STATE = "state", _("state")
    CITY = "city", _("municipality")
    SEGMENT = "segment", _("segment")


class Certainty(TextChoices):
    """How sure it is that a law says what is written here, and is in force."""

    READ = "read", _("read in the text of the law")
    SECONDARY = "secondary", _("from secondary sources")
    UNCONFIRMED = "unconfirmed", _("not confirmed to be in force")


class OverlayEvent(TextChoices):
    """What happened to a local rule."""

    WRITTEN = "written", _("written")
    CHANGED = "changed", _("changed")
    SWITCHED_ON = "on", _("switched on")
    SWITCHED_OFF = "off", _("switched off")


class BlockListEventKind(TextChoices):
    """What happened to a do-not-call list."""

    IMPORTED = "imported", _("imported")
    CHANGED = "changed", _("changed")
    SWITCHED_ON = "on", _("switched on")
    SWITCHED_OFF = "off", _("switched off")
