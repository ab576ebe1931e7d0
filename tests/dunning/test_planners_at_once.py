"""Several planners at the same moment: each step of each case is written once, each message wanted once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import connection, connections

from contacts.models import Contact
from contacts.vocabulary import Channel
from dunning.models import Case, ScheduledStep
from dunning.services import planner
from tests.factories import make_case, make_strategy, make_template

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CASES, PLANNERS = 40, 4


@pytest.fixture
def late_cases(monday_10am):
    """Cases whose first step is due."""
    for channel in (Channel.EMAIL, Channel.SMS):
        make_template(key="first_notice", channel=channel)
    strategy = make_strategy()
    return [
        make_case(now=monday_10am, strategy=strategy, days_late=5, is_callable=False) for _ in range(CASES)
    ]


def test_planners_who_plan_at_once_want_each_message_once(late_cases, monday_10am):
    _at_once(lambda: planner.plan(now=monday_10am))

    # What one planner had locked another left to its next run.
    planner.plan(now=monday_10am)
    assert _steps() == _messages() == Counter({case.pk: 1 for case in late_cases})


def test_planners_who_all_saw_the_same_cases_unplanned_want_each_message_once(
    late_cases, monday_10am, monkeypatch
):
    """The second barrier by itself: no locks, and everybody has read before anybody writes."""
    _let_all_read_before_anybody_writes(monkeypatch)

    _at_once(lambda: planner.plan(now=monday_10am))

    assert _steps() == _messages() == Counter({case.pk: 1 for case in late_cases})


def test_without_locks_and_unique_keys_the_same_planners_want_everything_again(
    late_cases, monday_10am, monkeypatch
):
    """The negative control: it is the locks and the keys that hold what the tests above see."""
    _let_all_read_before_anybody_writes(monkeypatch)

    with _without_unique_keys():
        _at_once(lambda: planner.plan(now=monday_10am))
        steps, messages = _steps(), _messages()
        ScheduledStep.objects.all().delete()
        Contact.objects.all().delete()

    assert steps == messages == Counter({case.pk: PLANNERS for case in late_cases})


def test_a_planner_that_dies_in_the_middle_leaves_nothing_half_written(late_cases, monday_10am, monkeypatch):
    def die(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(planner, "_keep_next_looks", die)
        with pytest.raises(KeyboardInterrupt):
            planner.plan(now=monday_10am)
    assert (_steps(), _messages()) == (Counter(), Counter())

    planner.plan(now=monday_10am)

    assert _steps() == _messages() == Counter({case.pk: 1 for case in late_cases})


def _let_all_read_before_anybody_writes(monkeypatch):
    together, write = Barrier(PLANNERS), planner._write

    def without_locks(*, pks, debtors, on):
        return list(Case.objects.filter(pk__in=pks, debtor__in=debtors).select_related("debtor"))

    def all_together(*args, **values):
        together.wait(timeout=30)
        return write(*args, **values)

    monkeypatch.setattr(planner, "_locked", without_locks)
    monkeypatch.setattr(planner, "_write", all_together)


@contextmanager
def _without_unique_keys():
    """Take the two keys away for the block; no rows may be left that they forbid."""
    step_key = next(key for key in ScheduledStep._meta.constraints if key.fields == ("case", "step", "slot"))
    wish = Contact._meta.get_field("wanted_by")
    loose = wish.clone()
    loose._unique = False
    loose.set_attributes_from_name("wanted_by")
    loose.model = Contact
    with connection.schema_editor() as editor:
        editor.remove_constraint(ScheduledStep, step_key)
        editor.alter_field(Contact, wish, loose)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(Contact, loose, wish)
            editor.add_constraint(ScheduledStep, step_key)


def _at_once(work):
    """Do it in as many threads as there are planners, all at the same moment."""
    start = Barrier(PLANNERS)

    def do():
        start.wait()
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PLANNERS) as threads:
        for done in [threads.submit(do) for _ in range(PLANNERS)]:
            done.result()


def _steps():
    return Counter(ScheduledStep.objects.values_list("case", flat=True))


def _messages():
    """Count the wanted messages of each case."""
    return Counter(int(name.split(":")[1]) for name in Contact.objects.values_list("wanted_by", flat=True))
