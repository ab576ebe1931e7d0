"""Who is answered what at which address: the declared matrix that every address of the house must stand in.

The answers: `ok` a page; `on` sent on to another page; `login` sent to log in; or the status: 403
not yours to do, 404 there is no such thing, 405 not by this method, 409 no longer yours, 422 a form
with errors. What is asked for belongs to the first agent's portfolio; everything is posted empty.
"""

ROLES = ("anonymous", "agent", "agent_elsewhere", "manager", "administrator")

#: name | GET by each role | POST by each role; the roles in the order above.
_PAGES = """
home                         | login on  on  on  on    | login on  on  on  on
login                        | ok    on  on  on  on    | ok    on  on  on  on
logout                       | 405   405 405 405 405   | login login login login login
password_change              | login ok  ok  ok  ok    | login ok  ok  ok  ok
password_change_done         | login ok  ok  ok  ok    | login 405 405 405 405
set_language                 | 405   405 405 405 405   | on    on  on  on  on
set_theme                    | 405   405 405 405 405   | on    on  on  on  on
styleguide                   | 404   404 404 ok  ok    | 404   404 404 ok  ok
health                       | ok    ok  ok  ok  ok    | 405   405 405 405 405
health_live                  | ok    ok  ok  ok  ok    | 405   405 405 405 405
not_me                       | ok    ok  ok  ok  ok    | ok    ok  ok  ok  ok
pay                          | ok    ok  ok  ok  ok    | 405   405 405 405 405
pay_boleto                   | 404   404 404 404 404   | 405   405 405 405 405
proposal                     | ok    ok  ok  ok  ok    | 422   422 422 422 422
proposal_document            | on    on  on  on  on    | 405   405 405 405 405
stop                         | ok    ok  ok  ok  ok    | ok    ok  ok  ok  ok
escalations                  | login 403 403 ok  ok    | login 403 403 405 405
escalation                   | login 403 403 ok  ok    | login 403 403 405 405
escalation_ask               | login 403 403 405 405   | login 403 403 422 422
escalation_decide            | login 403 403 405 405   | login 403 403 422 422
escalation_proof             | login 403 403 405 405   | login 403 403 422 422
escalation_export            | login 403 403 405 405   | login 403 403 on  on
escalation_file              | login 403 403 ok  ok    | login 403 403 405 405
operations                   | login 403 403 ok  ok    | login 403 403 405 405
wake_sender                  | login 403 403 405 405   | login 403 403 on  on
health_workers               | 503   503 503 503 503   | 405   405 405 405 405
metrics                      | 403   403 403 403 403   | 405   405 405 405 405
dunning:desk                 | login ok  ok  ok  ok    | 405   405 405 405 405
dunning:call_next            | 405   405 405 405 405   | login on  on  on  on
dunning:case                 | login ok  404 ok  ok    | 405   405 405 405 405
dunning:take                 | 405   405 405 405 405   | login on  404 on  on
dunning:call                 | login ok  404 ok  ok    | 405   405 405 405 405
dunning:dial                 | 405   405 405 405 405   | login 409 404 409 409
dunning:confirm              | 405   405 405 405 405   | login 409 404 409 409
dunning:talk                 | 405   405 405 405 405   | login 409 404 409 409
dunning:note                 | 405   405 405 405 405   | login 409 404 409 409
dunning:add_point            | 405   405 405 405 405   | login 409 404 409 409
dunning:offers               | 405   405 405 405 405   | login 409 404 409 409
dunning:agree                | 405   405 405 405 405   | login 409 404 409 409
dunning:send_proposal        | 405   405 405 405 405   | login 409 404 409 409
dunning:objections           | 405   405 405 405 405   | login 409 404 409 409
dunning:practice             | login ok  ok  ok  ok    | login ok  ok  ok  ok
dunning:outcome              | 405   405 405 405 405   | login 409 404 409 409
dunning:renew                | 405   405 405 405 405   | login ok  404 ok  ok
dunning:give_back            | 405   405 405 405 405   | login 409 404 409 409
dunning:hand_over            | login on  404 on  on    | login 409 404 409 409
dunning:departments          | login ok  404 ok  ok    | login 422 404 422 422
dunning:tell_fact            | 405   405 405 405 405   | login 403 403 422 422
dunning:save_view            | 405   405 405 405 405   | login on  on  on  on
dunning:forget_view          | 405   405 405 405 405   | login on  404 404 404
dunning:my_day               | login ok  ok  ok  ok    | 405   405 405 405 405
dunning:weights              | login 403 403 ok  ok    | login 403 403 422 422
dunning:forgotten            | login 403 403 ok  ok    | 405   405 405 405 405
dunning:bring_back           | 405   405 405 405 405   | login 403 403 on  on
dunning:strategies           | login 403 403 ok  ok    | 405   405 405 405 405
debtors:list                 | login ok  ok  ok  ok    | login 405 405 405 405
debtors:search               | login 405 405 405 405   | login on  on  on  on
debtors:agreements           | login ok  ok  ok  ok    | login 405 405 405 405
debtors:agreement            | login ok  404 ok  ok    | login 405 405 405 405
debtors:agreement_decide     | login 403 403 405 405   | login 403 403 422 422
debtors:agreement_accept     | login 405 405 405 405   | login 422 404 422 422
debtors:agreement_withdraw   | login 405 405 405 405   | login 422 404 422 422
debtors:agreement_document   | login ok  404 ok  ok    | login 405 405 405 405
debtors:negotiate            | login ok  404 ok  ok    | login 422 404 422 422
debtors:promises             | login ok  ok  ok  ok    | login 405 405 405 405
debtors:payment              | login 403 403 ok  ok    | login 403 403 ok  ok
debtors:payment_reverse      | login 403 403 ok  ok    | login 403 403 ok  ok
debtors:import               | login 403 403 ok  ok    | login 403 403 ok  ok
debtors:import_template      | login 403 403 ok  ok    | login 403 403 405 405
debtors:import_report        | login 403 403 ok  ok    | login 403 403 405 405
debtors:import_take_in       | login 403 403 405 405   | login 403 403 on  on
debtors:transit              | login ok  404 ok  ok    | login ok  404 ok  ok
debtors:transit_withdraw     | login 405 405 405 405   | login on  404 on  on
debtors:pay                  | login ok  404 ok  ok    | login 422 404 422 422
debtors:request_withdraw     | login 405 405 405 405   | login on  404 on  on
debtors:request_boleto       | login on  404 on  on    | login 405 405 405 405
debtors:request_qr           | login ok  404 ok  ok    | login 405 405 405 405
debtors:bank_files           | login 403 403 ok  ok    | login 403 403 ok  ok
debtors:bank_file            | login 403 403 ok  ok    | login 403 403 405 405
debtors:bank_file_decide     | login 403 403 405 405   | login 403 403 on  on
debtors:arrivals             | login 403 403 ok  ok    | login 403 403 405 405
debtors:arrival              | login 403 403 ok  ok    | login 403 403 ok  ok
debtors:pix_webhook          | 405   405 405 405 405   | 503   503 503 503 503
debtors:pix_webhook_of_bank  | 405   405 405 405 405   | 503   503 503 503 503
debtors:limitations          | login 403 403 ok  ok    | login 403 403 405 405
debtors:doubts               | login 403 403 ok  ok    | login 403 403 405 405
debtors:doubt_again          | login 403 403 405 405   | login 403 403 on  on
debtors:indices              | login 403 403 ok  ok    | login 403 403 ok  ok
debtors:payments_import      | login 403 403 ok  ok    | login 403 403 ok  ok
debtors:payments_import_check| login 403 403 on  on    | login 403 403 on  on
debtors:colleagues           | login 403 403 ok  ok    | login 403 403 405 405
debtors:colleague_phone      | login 403 403 ok  ok    | login 403 403 on  on
contacts:debtor              | login ok  404 ok  ok    | login 405 405 405 405
contacts:place_hold          | login 405 405 405 405   | login 422 404 422 422
contacts:lift_hold           | login 403 403 405 405   | login 403 403 422 422
contacts:opt_out             | login 405 405 405 405   | login 422 404 422 422
contacts:withdraw_opt_out    | login 403 403 405 405   | login 403 403 422 422
contacts:lift_refusal        | login 403 403 405 405   | login 403 403 422 422
contacts:grant_consent       | login 403 403 405 405   | login 403 403 422 422
contacts:take_back_consent   | login 405 405 405 405   | login 422 404 422 422
contacts:keep_preference     | login 405 405 405 405   | login 422 404 422 422
contacts:end_preference      | login 403 403 405 405   | login 403 403 422 422
contacts:point               | login ok  404 ok  ok    | login 422 404 422 422
contacts:send_copy           | login 405 405 405 405   | login on  404 on  on
contacts:send_proposal       | login 405 405 405 405   | login on  404 on  on
contacts:findings            | login 403 403 ok  ok    | login 403 403 405 405
contacts:close_finding       | login 403 403 405 405   | login 403 403 on  on
contacts:pressure            | login 403 403 ok  ok    | login 403 403 405 405
contacts:messages            | login 403 403 ok  ok    | login 403 403 405 405
contacts:outbox              | login 403 403 ok  ok    | login 403 403 405 405
contacts:unclear             | login 403 403 ok  ok    | login 403 403 405 405
contacts:decide_unclear      | login 403 403 405 405   | login 403 403 422 422
contacts:letters             | login 403 403 ok  ok    | login 403 403 405 405
contacts:recording           | login 403 403 ok  ok    | login 403 403 405 405
contacts:letters_gather      | login 403 403 405 405   | login 403 403 on  on
contacts:letter_print        | login 403 403 ok  ok    | login 403 403 405 405
contacts:letter_take_back    | login 403 403 405 405   | login 403 403 on  on
contacts:letter_batch        | login 403 403 ok  ok    | login 403 403 405 405
contacts:letter_batch_download | login 403 403 ok  ok  | login 403 403 405 405
contacts:letter_batch_posted | login 403 403 405 405   | login 403 403 422 422
contacts:policy              | login 403 403 ok  ok    | login 403 403 405 405
contacts:policy_version      | login 403 403 ok  ok    | login 403 403 405 405
contacts:pause               | login 403 403 405 405   | login 403 403 on  on
contacts:policy_history      | login 403 403 ok  ok    | login 403 403 405 405
contacts:policy_compare      | login 403 403 ok  ok    | login 403 403 405 405
contacts:policy_write        | login 403 403 405 405   | login 403 403 on  on
contacts:policy_draft        | login 403 403 ok  ok    | login 403 403 405 405
contacts:policy_draft_edit   | login 403 403 ok  ok    | login 403 403 422 422
contacts:policy_judge        | login 403 403 405 405   | login 403 403 ok  ok
contacts:policy_discard      | login 403 403 405 405   | login 403 403 on  on
contacts:policy_publish      | login 403 403 405 405   | login 403 403 on  on
contacts:policy_propose      | login 403 403 405 405   | login 403 403 on  on
contacts:policy_preview      | login 403 403 ok  ok    | login 403 403 on  on
contacts:policy_preview_stop | login 403 403 405 405   | login 403 403 on  on
contacts:policy_approve      | login 403 403 405 405   | login 403 403 on  on
contacts:policy_refuse       | login 403 403 405 405   | login 403 403 on  on
contacts:policy_withdraw     | login 403 403 405 405   | login 403 403 on  on
contacts:templates           | login 403 403 ok  ok    | login 403 403 405 405
contacts:template            | login 403 403 ok  ok    | login 403 403 405 405
contacts:template_new        | login 403 403 ok  ok    | login 403 403 422 422
contacts:template_edit       | login 403 403 on  on    | login 403 403 on  on
contacts:template_check      | login 403 403 405 405   | login 403 403 404 404
contacts:template_version    | login 403 403 405 405   | login 403 403 on  on
contacts:template_move       | login 403 403 405 405   | login 403 403 404 404
contacts:twilio_status       | 405   405 405 405 405   | 403   403 403 403 403
contacts:twilio_inbound      | 405   405 405 405 405   | 403   403 403 403 403
contacts:voice_agent         | 405   405 405 405 405   | 403   403 403 403 403
contacts:voice_ready         | 405   405 405 405 405   | 403   403 403 403 403
contacts:voice_waiting       | 405   405 405 405 405   | 403   403 403 403 403
contacts:voice_answered      | 405   405 405 405 405   | 403   403 403 403 403
contacts:voice_status        | 405   405 405 405 405   | 403   403 403 403 403
contacts:voice_recording     | 405   405 405 405 405   | 403   403 403 403 403
admin:index                  | login login login ok  ok  | login login login ok  ok
admin:login                  | ok    ok    ok    on  on  | ok    ok    ok    ok  ok
admin:logout                 | on    on    on    405 405 | on    on    on    login login
admin:password_change        | login login login ok  ok  | login login login ok  ok
admin:password_change_done   | login login login ok  ok  | login login login 405 405
admin:autocomplete           | login login login 403 403 | login login login 405 405
admin:jsi18n                 | login login login ok  ok  | login login login 405 405
admin:view_on_site           | login login login 404 404 | login login login 404 404
admin:app_list               | login login login ok  ok  | login login login ok  ok
admin:auth_user_password_change | login login login 403 ok | login login login 403 ok
"""

#: model | what a manager may do in the admin | what an administrator may do there.
_ADMIN = """
debtors_creditor       | read add change | read add change
debtors_portfolio      | read add change | read add change
debtors_debtor         | read add change | read add change
debtors_debt           | read add change | read add change
debtors_payment        | read add        | read add
debtors_cost           | read add        | read add
debtors_ledgerentry    | read            | read
debtors_promisetopay   | read            | read
debtors_agreement      | read            | read
debtors_offerrules     | read add change | read add change
debtors_loyaltyrules   | read add change | read add change
debtors_receivingaccount | read add change | read add change
debtors_paymentrequest | read            | read
debtors_importrun      | read            | read
debtors_user           | read            | read add change
debtors_segment        | read add change | read add change
auth_group             | nothing         | read add change delete
contacts_contactpolicy | read            | read
contacts_sender        | read change     | read change
contacts_policyhead    | read            | read
contacts_providertext  | read add change | read add change
contacts_optout        | read add        | read add
contacts_hold          | read add        | read add
contacts_consent       | read add        | read add
contacts_preference    | read add        | read add
contacts_overlay       | read add change | read add change
contacts_blocklist     | read add change | read add change
contacts_closedday     | read add change | read add change
contacts_contact       | read            | read
contacts_attempt       | read            | read
contacts_providerevent | read            | read
contacts_phonecall     | read            | read
dunning_strategy       | read add change | read add change
dunning_scripttext     | read add change | read add change
dunning_delayreason    | read add change | read add change
dunning_objection      | read add change | read add change
dunning_outcomeword    | read add change | read add change
dunning_callback       | read            | read
dunning_case           | read            | read
dunning_scheduledstep  | read            | read
dunning_caseoutcome    | read            | read
dunning_queueweights   | read            | read
dunning_handover       | read            | read
dunning_talk           | read            | read
debtors_customerfact   | read            | read
contacts_internalnotice | read           | read
dunning_departmentnote | read            | read
dunning_departmentaddress | read add change | read add change
"""

#: Which right opens which page of the admin, by method.
_RIGHTS = {
    "changelist": {"GET": "read", "POST": "read"},
    "history": {"GET": "read", "POST": "read"},
    "add": {"GET": "add", "POST": "add"},
    "change": {"GET": "read", "POST": "change"},
    "delete": {"GET": "delete", "POST": "delete"},
}

#: Pages of a link in a message: one that is not ours looks like any other, so that nobody learns from it.
ALIKE = {"not_me", "stop"}

#: Addresses without a name: they send on to a row's own page, or tell staff that there is none.
NAMELESS = {"admin/…/<path:object_id>/", "admin/(?P<url>.*)$"}

Row = dict[str, tuple[str, ...]]


def _pages() -> dict[str, Row]:
    lines = ([part.strip() for part in line.split("|")] for line in _PAGES.strip().splitlines())
    return {name: {"GET": tuple(get.split()), "POST": tuple(post.split())} for name, get, post in lines}


def _admin() -> dict[str, Row]:
    rows = {}
    for line in _ADMIN.strip().splitlines():
        model, manager, administrator = (part.strip() for part in line.split("|"))
        for page, rights in _RIGHTS.items():
            rows[f"admin:{model}_{page}"] = {
                method: ("login",) * 3
                + tuple("ok" if right in may.split() else "403" for may in (manager, administrator))
                for method, right in rights.items()
            }
    return rows


ADDRESSES: dict[str, Row] = _pages() | _admin()


def answer_for_what_is_not_there(name: str, *, method: str, role: str) -> str:
    """Return what an id of nothing is answered: 404 to whoever would be let in, else what a row's own id is.

    The admin's pages of rows send staff back to its front page, unless the model is none of theirs.
    """
    column = ROLES.index("agent" if role == "agent_elsewhere" else role)
    answer, page = ADDRESSES[name][method][column], name.rpartition("_")[2]
    if answer == "login" or name in ALIKE:
        return answer
    if name not in _pages() and page in _RIGHTS:
        opens = ADDRESSES[name]["GET"][column] == "ok" or page == "history"
        return "on" if opens else "403"
    return "404" if answer in {"ok", "on", "409", "422"} else answer
