"""The published shape of the requests that we make: which parameters there are, and what each may hold.

Names, enumerations and patterns are those of Twilio's OpenAPI description of its API of 2010-04-01,
from which the official client is made too. Twilio itself passes over what it does not know; the
stand-in refuses it, so that a misspelt parameter is found by the first test that sends one.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from json import loads
from urllib.parse import urlsplit

type Form = Sequence[tuple[str, str]]
type Check = Callable[[str], bool]

REFUSED = 20001  # "unknown parameters"
LONGEST_URL = 4000
E164 = re.compile(r"\+[1-9]\d{7,14}")
ADDRESS = re.compile(r"(whatsapp:)?\+[1-9]\d{7,14}")
SENDER_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


def _whole(least: int, most: int) -> Check:
    return lambda text: text.isascii() and text.isdecimal() and least <= int(text) <= most


def _one_of(*words: str) -> Check:
    return lambda text: text in words


def _sid(prefix: str) -> Check:
    return lambda text: re.fullmatch(prefix + "[0-9a-fA-F]{32}", text) is not None


def _is_url(text: str) -> bool:
    url = urlsplit(text)
    return url.scheme in ("http", "https") and bool(url.hostname) and len(text) <= LONGEST_URL


def _is_address(text: str) -> bool:
    return ADDRESS.fullmatch(text) is not None


def _is_number(text: str) -> bool:
    return E164.fullmatch(text) is not None


def _is_sender(text: str) -> bool:
    return _is_address(text) or SENDER_NAME.fullmatch(text) is not None


def _are_variables(text: str) -> bool:
    try:
        values = loads(text)
    except ValueError:
        return False
    return isinstance(values, dict) and all(isinstance(value, str) for value in values.values())


def _is_anything(_text: str) -> bool:
    return True


METHOD, FLAG, COUNT = _one_of("GET", "POST"), _one_of("true", "false"), _whole(0, 10**6)
EVENT = _one_of("initiated", "ringing", "answered", "completed")
#: What a debtor's record decides has its own error of Twilio's; the server answers that.
DECIDED_BY_DATA = {"To": _is_anything, "Body": _is_anything}

NEW_MESSAGE: Mapping[str, Check] = DECIDED_BY_DATA | {
    "From": _is_sender,
    "MessagingServiceSid": _sid("MG"),
    "StatusCallback": _is_url,
    "ValidityPeriod": _whole(1, 36_000),
    "ContentSid": _sid("HX"),
    "ContentVariables": _are_variables,
    "ApplicationSid": _sid("AP"),
    "ProvideFeedback": FLAG,
    "ForceDelivery": FLAG,
    "SmartEncoded": FLAG,
    "ShortenUrls": FLAG,
    "SendAsMms": FLAG,
    "MediaUrl": _is_url,
    "ContentRetention": _one_of("retain", "discard"),
    "AddressRetention": _one_of("retain", "obfuscate"),
    "RiskCheck": _one_of("enable", "disable"),
}
NEW_CALL: Mapping[str, Check] = {
    "To": _is_anything,
    "From": _is_number,
    "Url": _is_url,
    "Method": METHOD,
    "FallbackUrl": _is_url,
    "FallbackMethod": METHOD,
    "StatusCallback": _is_url,
    "StatusCallbackEvent": EVENT,
    "StatusCallbackMethod": METHOD,
    "Timeout": _whole(0, 600),
    "TimeLimit": COUNT,
    "Record": FLAG,
    "RecordingStatusCallback": _is_url,
    "RecordingStatusCallbackMethod": METHOD,
    "MachineDetection": _one_of("Enable", "DetectMessageEnd"),
    "MachineDetectionTimeout": _whole(3, 59),
}
CALL_UPDATE: Mapping[str, Check] = {
    "Url": _is_url,
    "Method": METHOD,
    "Status": _one_of("canceled", "completed"),
    "StatusCallback": _is_url,
    "StatusCallbackMethod": METHOD,
    "TimeLimit": COUNT,
}
LIST_OF_MESSAGES: Mapping[str, Check] = {
    "To": _is_address,
    "From": _is_sender,
    "DateSent": _is_anything,
    "DateSent<": _is_anything,
    "DateSent>": _is_anything,
    "PageSize": _whole(1, 1000),
    "Page": COUNT,
    "PageToken": _is_anything,
}
MAY_REPEAT = frozenset({"StatusCallbackEvent", "MediaUrl"})


def complaint(given: Form, shape: Mapping[str, Check]) -> str:
    """Return the first parameter that does not fit, with why; empty for a request of the published shape."""
    times = Counter(name for name, _value in given)
    for name, value in given:
        if name not in shape:
            return f"{name}: there is no such parameter"
        if times[name] > 1 and name not in MAY_REPEAT:
            return f"{name}: given {times[name]} times"
        if not shape[name](value):
            return f"{name}: malformed"
    return ""
