"""What the product writes into its log is a fixed sentence and ids: checked call by call, in the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("debtors", "contacts", "dunning", "collections_crm")
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
LOGGERS = frozenset({"logger", "log"})
#: The last names of what may be said: ids, states, kinds and codes. None of them is about a person.
ALLOWED = frozenset(
    {
        "__name__", "attempt", "attempt_id", "because", "call_id", "channel", "code", "complaint", "contact",
        "colleague", "contact_id", "contradiction", "creditor", "detail", "DRAIN_SECONDS", "error",
        "first_line", "found", "isoformat", "kind", "left", "looks", "path", "pk", "poll", "preview",
        "provider", "provider_id", "reason", "round", "rule_name", "seconds", "sender",
        "silence", "stands", "status", "str", "type", "vars", "why", "word",
    }
)  # fmt: skip
#: What must never be among them, whatever somebody adds above.
PERSONAL = frozenset(
    {
        "name", "full_name", "short_name", "preferred_name", "tax_id", "birth_date", "phone", "email", "to",
        "address", "value", "number", "body", "subject", "text", "payload", "note", "POST", "GET",
    }
)  # fmt: skip


def sources() -> list[Path]:
    return [
        path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
    ]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call of a logger's level in a module."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        if isinstance(owner, ast.Name) and owner.id in LOGGERS and node.func.attr in LEVELS:
            yield node


def complaints(call: ast.Call) -> list[str]:
    """Return what of a call is no fixed sentence and no id."""
    sentence, *rest = call.args
    found = []
    if not (isinstance(sentence, ast.Constant) and isinstance(sentence.value, str)):
        found.append("its sentence is not fixed")
    for value in [*rest, *(word.value for word in call.keywords)]:
        found += [name for name in last_names(value) if name not in ALLOWED or name in PERSONAL]
    return found


def last_names(value: ast.expr) -> Iterator[str]:
    """Yield the names of what is said: of `contact.debtor.name` it is `name`."""
    match value:
        case ast.Attribute():
            yield value.attr
        case ast.Name():
            yield value.id
        case ast.Constant():
            return
        case ast.Call():
            yield from last_names(value.func)
            for each in value.args:
                yield from last_names(each)
        case ast.BinOp():
            yield from last_names(value.left)
            yield from last_names(value.right)
        case ast.ListComp():
            yield from last_names(value.elt) if not isinstance(value.elt, ast.Call) else ()
        case _:
            yield ast.dump(value)


def logging_calls() -> list[tuple[str, ast.Call]]:
    return [
        (f"{path.relative_to(ROOT)}:{call.lineno}", call)
        for path in sources()
        for call in calls(ast.parse(path.read_text()))
    ]


def test_every_line_of_the_log_is_a_fixed_sentence_with_ids():
    found = {where: complaints(call) for where, call in logging_calls() if complaints(call)}

    assert found == {}


def test_there_are_logging_calls_to_be_checked():
    assert len(logging_calls()) >= 15


def test_what_may_be_said_is_never_about_a_person():
    assert not ALLOWED & PERSONAL


@pytest.mark.parametrize(
    "line",
    [
        "logger.info(f'sent to {contact.point}')",
        "logger.info('sent to %s', contact.point.value)",
        "logger.info('sent', debtor=debtor.name)",
        "logger.info('sent', body=contact.body)",
        "logger.warning('a text', text=text)",
        "logger.info('sent to ' + phone)",
        "logger.info('sent', to=str(attempt.to))",
        "logger.info('sent', who={'name': debtor})",
    ],
)
def test_a_line_that_names_a_person_is_found(line):
    [call] = calls(ast.parse(line))

    assert complaints(call)


@pytest.mark.parametrize(
    "line",
    [
        "logger.info('sent', contact=contact.pk, channel=contact.channel)",
        "logger.exception('contact %s cannot be judged', usable[0].contact_id)",
        "logger.error('webhook not kept', error=type(error).__name__)",
    ],
)
def test_a_line_of_ids_passes(line):
    [call] = calls(ast.parse(line))

    assert complaints(call) == []


def test_nothing_is_printed_outside_of_commands():
    printing = [
        str(path.relative_to(ROOT))
        for path in sources()
        if "management" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]

    assert printing == []
