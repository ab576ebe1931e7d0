"""A preview is worked out part by part, can be stopped, outlives its workers, and grows out of date."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connections

from collections_crm.engines.testing import RaisingBackend
from contacts.models import Contact, ContactPolicy, PolicyPreview, PreviewPart
from contacts.queries import replay
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import policy, policy_drafts, previewing
from contacts.tasks import work_out_previews
from contacts.vocabulary import ContactState, PreviewState
from tests.factories import make_contact, make_debt, make_debtor, make_manager

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)  # a Wednesday, noon in São Paulo
MORNINGS = DEFAULT_POLICY | {
    "windows": {day: [["09:00", "11:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_manager(username="helena")


@pytest.fixture
def draft(manager) -> ContactPolicy:
    in_force = policy.ship_default(now=NOW - timedelta(days=9))
    draft = policy_drafts.write(source=in_force, by=manager, now=NOW)
    return policy_drafts.edit(draft.pk, terms=MORNINGS, note="só de manhã", revision=1, by=manager, now=NOW)


@pytest.fixture
def contacts() -> list[Contact]:
    """Three debtors, each with one contact at noon yesterday and one that waits for now."""
    made = []
    for _number in range(3):
        debtor = make_debtor()
        make_debt(debtor=debtor)
        made.append(make_contact(debtor=debtor, at=NOW - timedelta(days=1)))
        made.append(make_contact(debtor=debtor, at=NOW, state=ContactState.PLANNED, channel="email"))
    return made


@pytest.fixture(autouse=True)
def one_debtor_a_part(monkeypatch):
    monkeypatch.setattr(previewing, "CONTACTS_OF_A_PART", 1)


def work(*, at: datetime = NOW, seconds: float = 45.0) -> bool:
    return previewing.work(clock=lambda: at, longest_run_seconds=seconds)


def a_worker_is_killed(where: Any, what: str, *, at: datetime = NOW) -> None:
    """Let a worker begin, and be killed as soon as it gets there."""

    def dies(*_given: Any, **_named: Any) -> Any:
        raise SystemExit

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, what, dies)
        with pytest.raises(SystemExit):
            work(at=at)


def states() -> list[str]:
    return list(PolicyPreview.objects.order_by("pk").values_list("state", flat=True))


def test_a_preview_counts_what_the_draft_would_move(manager, draft, contacts):
    asked = previewing.ask(draft.pk, by=manager, now=NOW)
    assert (asked.state, asked.base, asked.revision, asked.total) == (
        PreviewState.WAITING,
        policy.in_force().policy,
        draft.revision,
        None,
    )

    assert not work()

    preview = PolicyPreview.objects.get()
    assert (preview.state, preview.done, preview.total, preview.finished_at) == (PreviewState.DONE, 6, 6, NOW)
    assert preview.result["counts"] == {"past": {"later": 3}, "planned": {"later": 3}}
    assert preview.result["rules"] == {"OUTSIDE_HOURS": {"later": 6}}
    assert preview.result["states"] == {"SP": {"judged": 6, "later": 6}}
    assert {example["contact"] for example in preview.result["examples"]["later"]} < {
        one.pk for one in contacts
    }


def test_the_first_policy_of_the_house_is_previewed_against_none(manager, contacts):
    draft = policy_drafts.write(source=None, by=manager, now=NOW)
    previewing.ask(draft.pk, by=manager, now=NOW)

    work()

    assert PolicyPreview.objects.get().result["counts"] == {"past": {"newly": 3}, "planned": {"newly": 3}}


def test_to_ask_twice_is_to_ask_once_until_it_is_finished(manager, draft):
    first = previewing.ask(draft.pk, by=manager, now=NOW)
    assert previewing.ask(draft.pk, by=manager, now=NOW) == first

    work()

    assert previewing.ask(draft.pk, by=manager, now=NOW) != first


def test_whoever_may_not_write_drafts_neither_asks_nor_stops(manager, draft):
    reader = make_manager(permissions=["view_contactpolicy"])
    preview = previewing.ask(draft.pk, by=manager, now=NOW)

    with pytest.raises(PermissionDenied):
        previewing.ask(draft.pk, by=reader, now=NOW)
    with pytest.raises(PermissionDenied):
        previewing.stop(preview.pk, by=reader, now=NOW)


def test_what_is_no_draft_any_more_is_not_previewed(manager, draft):
    policy_drafts.discard(draft.pk, by=manager, now=NOW)

    with pytest.raises(ContactPolicy.DoesNotExist):
        previewing.ask(draft.pk, by=manager, now=NOW)


def after_the_first_part(monkeypatch, happens) -> list[int]:
    """Let something happen once the first part was judged; return the debtors as they come."""
    judged: list[int] = []
    really = replay.replay

    def judge(debtor_ids: Any, **asked: Any) -> Any:
        judged.extend(debtor_ids)
        found = list(really(debtor_ids, **asked))
        if len(judged) == 1:
            happens()
        return found

    monkeypatch.setattr(replay, "replay", judge)
    return judged


def test_of_a_stopped_preview_no_further_part_is_judged(manager, draft, contacts, monkeypatch):
    preview = previewing.ask(draft.pk, by=manager, now=NOW)
    judged = after_the_first_part(monkeypatch, lambda: previewing.stop(preview.pk, by=manager, now=NOW))

    assert not work()

    assert len(judged) == 1
    assert states() == [PreviewState.CANCELLED]
    assert not previewing.stop(preview.pk, by=manager, now=NOW)


def test_a_draft_that_is_edited_while_it_is_previewed_has_no_preview(manager, draft, contacts, monkeypatch):
    previewing.ask(draft.pk, by=manager, now=NOW)
    edit = {"terms": DEFAULT_POLICY, "note": "x", "revision": draft.revision, "by": manager, "now": NOW}
    judged = after_the_first_part(monkeypatch, lambda: policy_drafts.edit(draft.pk, **edit))

    work()

    assert len(judged) == 1
    assert states() == [PreviewState.OUTDATED]


def test_another_version_in_force_makes_previews_outdated(manager, draft, contacts):
    previewing.ask(draft.pk, by=manager, now=NOW)
    work()

    policy.publish(terms=DEFAULT_POLICY | {"minor_age": 21}, note="x", by=manager, now=NOW)

    assert states() == [PreviewState.OUTDATED]


def test_when_the_time_is_up_the_rest_is_left_to_the_next_bell_and_nothing_is_judged_twice(
    manager, draft, contacts, monkeypatch
):
    previewing.ask(draft.pk, by=manager, now=NOW)
    judged = after_the_first_part(monkeypatch, lambda: None)

    assert work(seconds=0)
    preview = PolicyPreview.objects.get()
    assert (preview.state, preview.done, preview.total) == (PreviewState.RUNNING, 2, 6)
    assert not work()

    assert len(judged) == len(set(judged)) == 3
    assert PolicyPreview.objects.get().result["counts"]["planned"] == {"later": 3}
    assert not PreviewPart.objects.exists()


def test_the_parts_of_several_workers_add_up_to_what_one_would_have_counted(
    manager, draft, contacts, monkeypatch
):
    previewing.ask(draft.pk, by=manager, now=NOW)
    after_the_first_part(monkeypatch, work)  # another one comes and judges all that is free
    work()
    of_several = PolicyPreview.objects.get()

    monkeypatch.setattr(previewing, "CONTACTS_OF_A_PART", 1_000)
    previewing.ask(draft.pk, by=manager, now=NOW)
    work()

    assert of_several.result == PolicyPreview.objects.first().result
    assert (of_several.state, of_several.done) == (PreviewState.DONE, 6)
    assert [len(examples) for examples in of_several.result["examples"].values()] == [3]


def test_what_a_lost_worker_left_is_gone_on_with_after_its_lease(manager, draft, contacts, monkeypatch):
    previewing.ask(draft.pk, by=manager, now=NOW)
    a_worker_is_killed(replay, "replay")
    judged = after_the_first_part(monkeypatch, lambda: None)

    work(at=NOW + previewing.LEASE)
    assert (states(), len(judged)) == ([PreviewState.RUNNING], 2)
    work(at=NOW + previewing.LEASE + timedelta(seconds=1))

    assert states() == [PreviewState.DONE]
    assert len(judged) == len(set(judged)) == 3


def test_a_worker_that_was_taken_for_lost_keeps_nothing_any_more(manager, draft, contacts, monkeypatch):
    previewing.ask(draft.pk, by=manager, now=NOW)
    judged = after_the_first_part(
        monkeypatch,
        lambda: PreviewPart.objects.filter(number=0).update(starts=7),  # another took over meanwhile
    )

    work()

    assert len(judged) == 3
    preview, part = PolicyPreview.objects.get(), PreviewPart.objects.get(result__isnull=True)
    assert (preview.state, preview.done, part.starts) == (PreviewState.RUNNING, 4, 7)


def test_a_worker_killed_before_it_added_up_the_last_part_leaves_that_to_the_next(manager, draft, contacts):
    previewing.ask(draft.pk, by=manager, now=NOW)
    a_worker_is_killed(previewing, "_finish")
    assert states() == [PreviewState.RUNNING]

    assert not work()

    assert states() == [PreviewState.DONE]
    assert PolicyPreview.objects.get().done == 6


def test_a_part_that_kills_every_worker_that_takes_it_fails_the_preview_after_three(manager, draft, contacts):
    previewing.ask(draft.pk, by=manager, now=NOW)
    for kills in range(previewing.MOST_STARTS):
        a_worker_is_killed(replay, "replay", at=NOW + kills * 2 * previewing.LEASE)
        assert states() == [PreviewState.RUNNING]

    assert not work(at=NOW + previewing.MOST_STARTS * 2 * previewing.LEASE)

    assert states() == [PreviewState.FAILED]


def test_one_that_gets_further_with_each_start_does_not_fail(manager, draft, contacts):
    previewing.ask(draft.pk, by=manager, now=NOW)
    for _start in range(3):
        work(seconds=0)

    assert states() == [PreviewState.DONE]


def test_what_a_stopped_preview_left_goes_when_the_next_one_begins(manager, draft, contacts):
    stopped = previewing.ask(draft.pk, by=manager, now=NOW)
    work(seconds=0)
    previewing.stop(stopped.pk, by=manager, now=NOW)
    previewing.ask(draft.pk, by=manager, now=NOW)

    work(seconds=0)

    assert set(PreviewPart.objects.values_list("preview", "number")) == {
        (PolicyPreview.objects.get(state=PreviewState.RUNNING).pk, number) for number in range(3)
    }


def test_a_fault_of_ours_fails_the_preview_and_trouble_with_the_database_does_not(
    manager, draft, contacts, monkeypatch, caplog
):
    previewing.ask(draft.pk, by=manager, now=NOW)

    def restarts(*_ids: Any, **_asked: Any) -> Any:
        raise OperationalError("the server is restarting")

    monkeypatch.setattr(replay, "replay", restarts)
    with pytest.raises(OperationalError):
        work()
    assert states() == [PreviewState.RUNNING]

    def breaks(*_ids: Any, **_asked: Any) -> Any:
        raise KeyError("a fault")

    monkeypatch.setattr(replay, "replay", breaks)
    assert not work(at=NOW + timedelta(hours=1))
    assert states() == [PreviewState.FAILED]
    assert "cannot be worked out" in caplog.text


def test_the_bell_works_out_what_was_asked_for(manager, draft, contacts):
    previewing.ask(draft.pk, by=manager, now=NOW)

    work_out_previews.enqueue()

    assert states() == [PreviewState.DONE]


@pytest.mark.parametrize(("workers", "others"), [(1, 0), (2, 1), (9, 2)])
def test_the_bell_rings_for_the_other_workers_too_where_there_is_a_part_for_them(
    manager, draft, contacts, monkeypatch, settings, workers, others
):
    settings.TASK_WORKERS = workers
    rung: list[str] = []
    monkeypatch.setattr(RaisingBackend, "enqueue", lambda _self, task, *_given: rung.append(task.module_path))
    previewing.ask(draft.pk, by=manager, now=NOW)

    work_out_previews.call()

    assert rung == ["contacts.tasks.work_out_previews"] * others
    assert states() == [PreviewState.DONE]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_judge_each_part_once(manager, draft, contacts, monkeypatch):
    for _more in range(9):
        make_contact(debtor=make_debtor(), at=NOW - timedelta(days=1))
    judged = after_the_first_part(monkeypatch, lambda: None)
    previewing.ask(draft.pk, by=manager, now=NOW)

    def one() -> bool:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        answers = [threads.submit(one), threads.submit(one)]

    assert [answer.result() for answer in answers] == [False, False]
    assert len(judged) == len(set(judged)) == 12
    preview = PolicyPreview.objects.get()
    assert (preview.state, preview.done, preview.result["counts"]["past"]) == ("done", 15, {"later": 12})
