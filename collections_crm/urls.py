"""The addresses of the house: each app brings its own."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from collections_crm import health, operations
from collections_crm.language import set_language
from collections_crm.metrics import metrics
from collections_crm.styleguide import styleguide
from collections_crm.theme import set_theme
from collections_crm.views import home
from contacts.views import answers
from debtors.views import pay_public, proposal_public
from dunning.views import escalations

urlpatterns = [
    path("", home, name="home"),
    path("login/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", auth_views.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("language/", set_language, name="set_language"),
    path("theme/", set_theme, name="set_theme"),
    path("styleguide/", styleguide, name="styleguide"),
    path("desk/", include("dunning.urls")),
    path("debtors/", include("debtors.urls")),
    path("contacts/", include("contacts.urls")),
    path("n/<str:token>/", answers.not_me, name="not_me"),  # short: they stand in SMS
    path("s/<str:token>/", answers.stop, name="stop"),
    path("p/<str:token>/", pay_public.pay, name="pay"),
    path("p/<str:token>/boleto.pdf", pay_public.boleto_print, name="pay_boleto"),
    path("a/<str:token>/", proposal_public.proposal, name="proposal"),
    path("a/<str:token>/acordo.pdf", proposal_public.document, name="proposal_document"),
    path("operations/", operations.operations, name="operations"),
    path("operations/senders/<int:sender_id>/wake/", operations.wake, name="wake_sender"),
    path("escalation/", escalations.escalation_list, name="escalations"),
    path("escalation/debts/<int:debt_id>/", escalations.escalation, name="escalation"),
    path("escalation/debts/<int:debt_id>/ask/", escalations.ask, name="escalation_ask"),
    path("escalation/debts/<int:debt_id>/decide/", escalations.decide, name="escalation_decide"),
    path("escalation/debts/<int:debt_id>/proof/", escalations.prove, name="escalation_proof"),
    path("escalation/export/<int:creditor_id>/", escalations.export, name="escalation_export"),
    path("escalation/files/<int:export_id>/", escalations.download, name="escalation_file"),
    path("admin/", admin.site.urls),
    path("health/", health.ready, name="health"),
    path("health/live/", health.live, name="health_live"),
    path("health/workers/", health.workers, name="health_workers"),
    path("metrics", metrics, name="metrics"),
]
