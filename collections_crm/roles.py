"""Who may do what: the permissions of each role, given to its group by `access.set_up_roles`.

An administrator is a superuser. `debtors.view_portfolio` means "sees every portfolio"; an agent
sees the debtors of the portfolios given to him, and so does a supervisor, who may approve agreements
that go beyond an agent's limits and reads the contact policy. Agents may always make contact rest (a hold, an
opt-out, a consent taken back, a number put out of use); letting it go on again, and money, are a
manager's.
"""

from collections.abc import Mapping

from debtors.services.access import AGENT, MANAGER, SUPERVISOR

_AGENT = """
    debtors.view_debtor debtors.view_contactpoint debtors.view_debt debtors.view_installment
    debtors.change_contactpoint debtors.view_payment debtors.view_promisetopay debtors.add_promisetopay
    debtors.view_moneyintransit debtors.add_moneyintransit
    debtors.view_paymentrequest debtors.add_paymentrequest
    contacts.view_hold contacts.add_hold contacts.view_optout contacts.add_optout
    contacts.view_consent contacts.change_consent
    contacts.view_preference contacts.add_preference
    debtors.view_agreement debtors.negotiate_agreement
    dunning.work_queue dunning.view_case dunning.add_departmentnote
"""
_SUPERVISOR_ONLY = """
    debtors.approve_agreement debtors.request_escalation debtors.approve_escalation
    contacts.listen_to_phonecall contacts.view_contactpolicy
"""
_MANAGER_ONLY = """
    debtors.view_portfolio debtors.add_portfolio debtors.change_portfolio
    debtors.view_creditor debtors.add_creditor debtors.change_creditor
    debtors.add_debtor debtors.change_debtor debtors.add_contactpoint debtors.revive_contactpoint
    debtors.add_debt debtors.change_debt debtors.add_installment
    debtors.view_arrival debtors.match_arrival debtors.view_bankfile
    debtors.view_cost debtors.add_cost
    debtors.view_loyaltyrules debtors.add_loyaltyrules debtors.change_loyaltyrules
    debtors.view_loyaltylevel debtors.add_loyaltylevel debtors.change_loyaltylevel
    debtors.delete_loyaltylevel
    debtors.view_receivingaccount debtors.add_receivingaccount debtors.change_receivingaccount
    debtors.add_payment debtors.change_payment debtors.change_promisetopay
    debtors.view_ledgerentry debtors.view_ledgerdoubt debtors.change_ledgerdoubt
    debtors.view_importrun debtors.import_debts debtors.import_rates
    debtors.view_user debtors.change_agent_phone
    debtors.approve_any_agreement debtors.export_escalation debtors.view_escalationevent
    debtors.view_escalationterms debtors.add_escalationterms debtors.change_escalationterms
    debtors.delete_escalationterms
    debtors.view_offerrules debtors.add_offerrules debtors.change_offerrules
    debtors.view_discountband debtors.add_discountband debtors.change_discountband
    debtors.delete_discountband
    contacts.view_contact contacts.view_attempt contacts.decide_attempt contacts.view_providerevent
    contacts.view_phonecall
    contacts.view_letter contacts.view_letterbatch contacts.add_letterbatch contacts.change_letterbatch
    contacts.add_contactpolicy contacts.change_contactpolicy
    contacts.view_policyhead contacts.view_finding contacts.change_finding
    contacts.view_sender contacts.change_sender
    contacts.view_template contacts.add_template contacts.change_template
    contacts.view_providertext contacts.add_providertext contacts.change_providertext
    contacts.change_hold contacts.change_optout
    contacts.add_consent
    contacts.view_closedday contacts.add_closedday contacts.change_closedday
    contacts.change_preference
    contacts.view_overlay contacts.add_overlay contacts.change_overlay
    contacts.view_blocklist contacts.add_blocklist contacts.change_blocklist
    debtors.view_segment debtors.add_segment debtors.change_segment
    dunning.view_strategy dunning.add_strategy dunning.change_strategy
    dunning.view_step dunning.add_step dunning.change_step dunning.delete_step
    dunning.view_scripttext dunning.add_scripttext dunning.change_scripttext
    dunning.view_delayreason dunning.add_delayreason dunning.change_delayreason
    dunning.view_objection dunning.add_objection dunning.change_objection
    dunning.view_outcomeword dunning.add_outcomeword dunning.change_outcomeword dunning.view_callback
    dunning.view_scheduledstep dunning.view_caseoutcome dunning.mend_case
    debtors.view_customerfact debtors.add_customerfact contacts.view_internalnotice
    dunning.view_departmentnote
    dunning.view_departmentaddress dunning.add_departmentaddress dunning.change_departmentaddress
    dunning.view_queueweights dunning.add_queueweights dunning.view_handover
    dunning.view_talk
"""

ROLES: Mapping[str, frozenset[str]] = {
    AGENT: frozenset(_AGENT.split()),
    SUPERVISOR: frozenset((_AGENT + _SUPERVISOR_ONLY).split()),
    MANAGER: frozenset((_AGENT + _SUPERVISOR_ONLY + _MANAGER_ONLY).split()),
}
