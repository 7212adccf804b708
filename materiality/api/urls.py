from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from materiality.api.answers import AnswersViewSet, EntryViewSet, ImportViewSet
from materiality.api.mail import FailureViewSet, MailTextViewSet, MailViewSet
from materiality.api.people import HandOutViewSet, InvitationViewSet, LinkViewSet
from materiality.api.people_files import PeopleFileViewSet
from materiality.api.register import (
    RegisterExpertsViewSet,
    RegisterLinesViewSet,
    RegisterScalesViewSet,
    RegisterThresholdsViewSet,
    RegisterVerdictsViewSet,
    RegisterViewSet,
)
from materiality.api.register_many import RegisterManyViewSet, RegisterSheetViewSet
from materiality.api.review import ExclusionViewSet, ReviewViewSet
from materiality.api.rounds import OrganisationViewSet, WebhookViewSet
from materiality.api.surveys import PromptViewSet, SurveysViewSet, SurveyViewSet, VersionViewSet
from materiality.api.views import AssessmentViewSet

router = SimpleRouter(use_regex_path=False)
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("organisations/<int:pk>/webhooks", WebhookViewSet, basename="webhook")
router.register("assessments", AssessmentViewSet, basename="assessment")
for name, of_round in {
    "register": RegisterViewSet,
    "register-lines": RegisterLinesViewSet,
    "register-experts": RegisterExpertsViewSet,
    "register-verdicts": RegisterVerdictsViewSet,
}.items():
    router.register(f"assessments/<int:pk>/{name}", of_round, basename=f"round-{name}")
router.register("surveys", SurveysViewSet, basename="surveys")
router.register("surveys", SurveyViewSet, basename="survey")
for name, views in {
    "prompts": PromptViewSet,
    "versions": VersionViewSet,
    "invitations": InvitationViewSet,
    "people-files": PeopleFileViewSet,
    "links": LinkViewSet,
    "hand-outs": HandOutViewSet,
    "answers": AnswersViewSet,
    "imports": ImportViewSet,
    "entries": EntryViewSet,
    "mail/failures": FailureViewSet,
    "mail/texts": MailTextViewSet,
    "mail": MailViewSet,
    "exclusions": ExclusionViewSet,
    "": ReviewViewSet,
}.items():
    router.register(f"surveys/<int:pk>/{name}".rstrip("/"), views, basename=f"survey-{name}")

app_name = "api"
urlpatterns = [
    path("", include(router.urls)),
    path(
        "assessments/<int:pk>/register-thresholds/",
        RegisterThresholdsViewSet.as_view({"get": "list", "patch": "set_some"}),
        name="round-register-thresholds",
    ),
    path(
        "assessments/<int:pk>/register-scales/",
        RegisterScalesViewSet.as_view({"get": "list", "patch": "set_some"}),
        name="round-register-scales",
    ),
    path(
        "assessments/<int:pk>/register-sheet/",
        RegisterSheetViewSet.as_view({"get": "download", "post": "take_in"}),
        name="round-register-sheet",
    ),
    path(
        "assessments/<int:pk>/register-many/",
        RegisterManyViewSet.as_view({"patch": "change"}),
        name="round-register-many",
    ),
    path(
        "assessments/<int:pk>/register-many/closing/",
        RegisterManyViewSet.as_view({"put": "close"}),
        name="round-register-many-closing",
    ),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
