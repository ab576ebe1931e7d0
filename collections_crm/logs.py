"""How the product logs: one line an event, ids only, nothing by which a debtor could be known.

Code writes `logger.info("contact sent", contact=contact.pk)`. What slips in all the same, from a
library's message or a database error, is blotted out: e-mail addresses, every run of digits long
enough to be a CPF, a CNPJ or a phone number, and the values of rows that a database error quotes.
"""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

BLOT = "[removed]"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# Ten digits or more, however they are parted (529.982.247-25, +55 (11) 98888-7777), but no date.
_NUMBER = re.compile(
    r"(?<![\w-])(?!\d{4}-\d\d-\d\d)\+?(?:\d|\(\d\d\) ?\d)(?:[ ./-]{0,2}\d| ?\(\d\d\) ?\d){8,}(?![\w-])"
)
_CNPJ = re.compile(r"(?<!\w)[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/[0-9A-Z]{4}-?\d{2}(?!\w)")
# What PostgreSQL quotes of rows: `Key (name)=(Maria)`, `Failing row contains (1, Maria, …)`.
_KEY = re.compile(r"\)=\(.*\)")
_ROW = re.compile(r"(?<=row contains )\(.*\)")
OURS = frozenset({"timestamp", "level", "logger"})


def blot(text: str) -> str:
    """Return `text` without e-mail addresses, tax ids, phone numbers and rows that a database quotes."""
    text = _ROW.sub(BLOT, _KEY.sub(f")=({BLOT})", text))
    for pattern in (_EMAIL, _CNPJ, _NUMBER):
        text = pattern.sub(BLOT, text)
    return text


def blot_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blot every text of an event, tracebacks included (structlog's processor protocol)."""
    return {
        key: blot(value) if isinstance(value, str) and key not in OURS else value
        for key, value in event.items()
    }


def configure(*, is_json: bool, level: str) -> dict[str, Any]:
    """Set up structlog and return Django's `LOGGING`, so that both speak through one handler."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "events": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*before, structlog.stdlib.ExtraAdder(allow=())],
                "processors": _rendering(is_json=is_json),
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would print a second, unblotted line.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True, "level": level},
            "django-q": {"level": "WARNING"},
        },
    }


def _rendering(*, is_json: bool) -> list[Processor]:
    last: Processor = (
        structlog.processors.JSONRenderer() if is_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        blot_event,
        last,
    ]
