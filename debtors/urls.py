"""Addresses of debtors."""

from django.urls import path

from debtors.views import (
    agreements,
    arrivals,
    bank_files,
    colleagues,
    doubts,
    imports,
    indices,
    limitations,
    pay,
    payment_files,
    payments,
    people,
    promises,
    transits,
)
from debtors.webhooks import pix

app_name = "debtors"

urlpatterns = [
    path("", people.people, name="list"),
    path("search/", people.search, name="search"),
    path("promises/", promises.promises, name="promises"),
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/<int:agreement_id>/", agreements.agreement, name="agreement"),
    path("agreements/<int:agreement_id>/decide/", agreements.decide, name="agreement_decide"),
    path("agreements/<int:agreement_id>/accept/", agreements.accept, name="agreement_accept"),
    path("agreements/<int:agreement_id>/withdraw/", agreements.withdraw, name="agreement_withdraw"),
    path("agreements/<int:agreement_id>/document/", agreements.document, name="agreement_document"),
    path("<int:debtor_id>/agreement/<int:creditor_id>/", agreements.negotiate, name="negotiate"),
    path("<int:debtor_id>/payment/<int:creditor_id>/", payments.record, name="payment"),
    path("payments/<int:payment_id>/reverse/", payments.reverse, name="payment_reverse"),
    path("colleagues/", colleagues.colleagues, name="colleagues"),
    path("colleagues/<int:colleague_id>/phone/", colleagues.phone, name="colleague_phone"),
    path("import/", imports.hand_in, name="import"),
    path("import/template.csv", imports.template, name="import_template"),
    path("import/<int:run_id>/", imports.report, name="import_report"),
    path("import/<int:run_id>/take-in/", imports.take_in, name="import_take_in"),
    path("<int:debtor_id>/on-its-way/<int:creditor_id>/", transits.note, name="transit"),
    path("on-its-way/<int:transit_id>/withdraw/", transits.withdraw, name="transit_withdraw"),
    path("bank-files/", bank_files.hand_in, name="bank_files"),
    path("bank-files/<int:file_id>/", bank_files.report, name="bank_file"),
    path("bank-files/<int:file_id>/decide/", bank_files.decide, name="bank_file_decide"),
    path("arrivals/", arrivals.waiting, name="arrivals"),
    path("arrivals/<int:arrival_id>/", arrivals.arrival, name="arrival"),
    path("<int:debtor_id>/pay/<int:creditor_id>/", pay.pay, name="pay"),
    path("issued/<int:request_id>/withdraw/", pay.withdraw, name="request_withdraw"),
    path("issued/<int:request_id>/boleto.pdf", pay.boleto_print, name="request_boleto"),
    path("issued/<int:request_id>/pix.png", pay.qr_picture, name="request_qr"),
    path("hooks/pix/<int:creditor_id>/", pix.arrived, name="pix_webhook"),
    path("hooks/pix/<int:creditor_id>/pix", pix.arrived, name="pix_webhook_of_bank"),  # banks add /pix
    path("limitations/", limitations.limitations, name="limitations"),
    path("doubts/", doubts.doubts, name="doubts"),
    path("doubts/<int:pk>/look-again/", doubts.look_again, name="doubt_again"),
    path("indices/", indices.indices, name="indices"),
    path("payments/import/", payment_files.hand_in, name="payments_import"),
    path("payments/import/check/", payment_files.look, name="payments_import_check"),
]
