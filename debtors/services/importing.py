"""Take in files of debts in two steps: check and report, then all rows, the good ones, or none."""

import hashlib
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from debtors.models import Creditor, ImportRun, Portfolio, User
from debtors.services import import_plans, import_writing
from debtors.services.import_plans import Plan, ReadFile
from debtors.vocabulary import ImportState

ERRORS_KEPT = 1_000  # of a file wrong from end to end, the first are enough to mend it


class RowsAreWrongError(Exception):
    """Some rows are wrong and all were wanted, or no row is right: nothing was written. See `plan`."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{plan.counts['wrong_rows']} of {plan.counts['rows']} rows are wrong")
        self.plan = plan


class AlreadyImportedError(Exception):
    """This run was imported, or refused, before."""


class RecordsChangedError(Exception):
    """Somebody else wrote the same debts in the meantime: nothing was written, check again."""


class PortfolioNotNamedError(Exception):
    """The creditor has several portfolios and none was named."""


def check_file(
    content: bytes,
    *,
    file_name: str,
    creditor: Creditor,
    portfolio: Portfolio,
    created_by: User | None,
    now: datetime,
) -> ImportRun:
    """Return a run that says what the file would change and what is wrong with it, row by row.

    Nothing is written but the run itself, which keeps the file until it is imported. A file whose
    titles are wrong, or with no good row, is refused at once.

    Raises UnreadableFileError (of `services.reading_files`) when the file is no table.
    """
    plan = look_at(content, creditor=creditor, now=now)
    sha256 = hashlib.sha256(content).hexdigest()
    is_useful = plan.counts["good_rows"] > 0
    return ImportRun.objects.create(
        creditor=creditor,
        portfolio=portfolio,
        file_name=file_name[-200:],
        sha256=sha256,
        content=content if is_useful else None,
        state=ImportState.CHECKED if is_useful else ImportState.REFUSED,
        counts=_told_counts(plan),
        errors=_kept(plan),
        created_by=created_by,
        created_at=now,
    )


def look_at(content: bytes, *, creditor: Creditor, now: datetime) -> Plan:
    """Return what the file would change, keeping nothing at all; raises UnreadableFileError."""
    file = import_plans.read(content, on=timezone.localdate(now))
    return import_plans.make_plan(file, creditor=creditor)


def import_file(run: ImportRun, *, only_good: bool, now: datetime) -> ImportRun:
    """Write the rows of a checked file in one transaction: all of them, or with `only_good` the good ones.

    The file is read and compared anew, so that what was recorded since the check is respected.
    The same file again changes nothing.

    Raises RowsAreWrongError, AlreadyImportedError, RecordsChangedError; then nothing was written.
    """
    file = import_plans.read(bytes(run.content or b""), on=timezone.localdate(now)) if run.content else None
    try:
        with transaction.atomic():
            # One import for a creditor at a time: two would both take a contract for new.
            creditor = Creditor.objects.select_for_update().get(pk=run.creditor_id)
            run = ImportRun.objects.select_for_update(of=("self",)).select_related("portfolio").get(pk=run.pk)
            if run.state != ImportState.CHECKED or file is None:
                raise AlreadyImportedError(str(run.pk))
            plan = _acceptable_plan(file, creditor=creditor, only_good=only_good)
            return _written(run, plan=plan, creditor=creditor, now=now)
    except IntegrityError as error:
        raise RecordsChangedError(str(run.pk)) from error


def import_at_once(
    content: bytes, *, file_name: str, creditor: Creditor, portfolio_name: str, only_good: bool, now: datetime
) -> Plan:
    """Check and import a file in one go, in one transaction, and return what was done.

    Raises UnreadableFileError, RowsAreWrongError, PortfolioNotNamedError, RecordsChangedError; then
    nothing was written.
    """
    file = import_plans.read(content, on=timezone.localdate(now))
    try:
        with transaction.atomic():
            creditor = Creditor.objects.select_for_update().get(pk=creditor.pk)
            plan = _acceptable_plan(file, creditor=creditor, only_good=only_good)
            portfolio = portfolio_of(creditor, name=portfolio_name)
            run = ImportRun(
                creditor=creditor, portfolio=portfolio, file_name=file_name[-200:], created_at=now
            )
            run.sha256 = hashlib.sha256(content).hexdigest()
            _written(run, plan=plan, creditor=creditor, now=now)
    except IntegrityError as error:
        raise RecordsChangedError(file_name) from error
    return plan


def check_again(run: ImportRun, *, now: datetime) -> None:
    """Bring the report of a checked file up to date with what was recorded since; writes nothing else."""
    if run.content is None:
        return
    plan = look_at(bytes(run.content), creditor=run.creditor, now=now)
    ImportRun.objects.filter(pk=run.pk, state=ImportState.CHECKED).update(
        counts=_told_counts(plan), errors=_kept(plan)
    )


def earlier_import(run: ImportRun) -> ImportRun | None:
    """Return the last import of exactly this file for this creditor before `run`; None if there is none."""
    done = ImportRun.objects.filter(creditor=run.creditor_id, sha256=run.sha256, state=ImportState.DONE)
    return done.exclude(pk__gte=run.pk).defer("content").order_by("-pk").first()


def refuse(run: ImportRun, *, now: datetime) -> None:
    """Put a checked file away without importing it; its content is forgotten."""
    ImportRun.objects.filter(pk=run.pk, state=ImportState.CHECKED).update(
        state=ImportState.REFUSED, content=None, finished_at=now
    )


def portfolio_of(creditor: Creditor, *, name: str = "") -> Portfolio:
    """Return the creditor's portfolio of that name, made if need be; without a name his only one.

    Raises PortfolioNotNamedError when there are several to choose from; a creditor without any
    gets one under his own name.
    """
    if not name:
        known = list(Portfolio.objects.filter(creditor=creditor)[:2])
        if len(known) > 1:
            raise PortfolioNotNamedError(str(creditor))
        if known:
            return known[0]
    portfolio, _made = Portfolio.objects.get_or_create(creditor=creditor, name=name or creditor.brand)
    return portfolio


def _acceptable_plan(file: ReadFile, *, creditor: Creditor, only_good: bool) -> Plan:
    """Return what the file changes; raises RowsAreWrongError unless that is what was wanted."""
    plan = import_plans.make_plan(file, creditor=creditor)
    if plan.errors and not (only_good and plan.counts["good_rows"]):
        raise RowsAreWrongError(plan)
    return plan


def _written(run: ImportRun, *, plan: Plan, creditor: Creditor, now: datetime) -> ImportRun:
    """Write the plan and close the run."""
    points_new = import_writing.write(
        plan, creditor=creditor, portfolio=run.portfolio, recorded_by=run.created_by, now=now
    )
    run.state = ImportState.DONE
    run.content = None
    run.finished_at = now
    run.errors = _kept(plan)
    run.counts = {**_told_counts(plan), "points_new": points_new}
    run.save()
    return run


def _told_counts(plan: Plan) -> dict[str, object]:
    return {**plan.counts, "ignored_titles": list(plan.ignored_titles)}


def _kept(plan: Plan) -> list[dict[str, object]]:
    return [asdict(error) for error in plan.errors[:ERRORS_KEPT]]
