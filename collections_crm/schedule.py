"""The one table of what runs by itself, and how often; it is written into whichever engine runs.

A task here is a bell without arguments: it does what is due now. Two schedulers ringing the same
bell are harmless for that reason, and no row needs to remember which minute was rung.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Periodic:
    """One line of the table: the dotted path of a task without arguments, and its period."""

    name: str
    task: str
    every_minutes: int


PERIODIC_WORK = (
    Periodic(name="pump", task="contacts.tasks.pump", every_minutes=1),
    Periodic(name="reconcile", task="contacts.tasks.reconcile", every_minutes=1),
    Periodic(name="print letters", task="contacts.tasks.print_letters", every_minutes=1),
    Periodic(name="work out previews", task="contacts.tasks.work_out_previews", every_minutes=1),
    Periodic(name="open and plan", task="dunning.tasks.open_and_plan", every_minutes=5),
    Periodic(name="weigh again", task="dunning.tasks.weigh_again", every_minutes=5),
    Periodic(name="watch next actions", task="dunning.tasks.watch_next_actions", every_minutes=60),
    Periodic(name="judge corrected", task="contacts.tasks.judge_corrected", every_minutes=5),
    Periodic(name="end forgotten calls", task="contacts.tasks.end_forgotten_calls", every_minutes=5),
    Periodic(name="fetch recordings", task="contacts.tasks.fetch_recordings", every_minutes=5),
    Periodic(name="read bounces", task="contacts.tasks.read_bounces", every_minutes=5),
    Periodic(name="send notices", task="contacts.tasks.send_notices", every_minutes=1),
    Periodic(name="book return files", task="debtors.tasks.book_files", every_minutes=1),
    Periodic(name="ask banks again", task="debtors.tasks.ask_banks_again", every_minutes=1),
    Periodic(name="settle by new terms", task="debtors.tasks.settle_by_new_terms", every_minutes=1),
    Periodic(name="settle promises", task="debtors.tasks.settle_promises", every_minutes=60),
    Periodic(name="settle agreements", task="debtors.tasks.settle_agreements", every_minutes=60),
    Periodic(name="find limitations", task="debtors.tasks.find_limitations", every_minutes=24 * 60),
    Periodic(name="audit the ledger", task="debtors.tasks.audit_ledger", every_minutes=24 * 60),
    Periodic(name="forget sent forms", task="debtors.tasks.forget_sent_forms", every_minutes=24 * 60),
    Periodic(name="clear the print folder", task="contacts.tasks.clear_print_folder", every_minutes=24 * 60),
    Periodic(name="forget recordings", task="contacts.tasks.forget_recordings", every_minutes=60),
    Periodic(name="tell of alarms", task="collections_crm.tasks.tell_of_alarms", every_minutes=1),
    Periodic(name="forget old runs", task="contacts.tasks.forget_old_runs", every_minutes=24 * 60),
)
