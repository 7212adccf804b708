from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from materiality.api.surveys import SurveyViewSet
from materiality.api.views import AssessmentViewSet

router = SimpleRouter(use_regex_path=False)
router.register("assessments", AssessmentViewSet, basename="assessment")
router.register("surveys", SurveyViewSet, basename="survey")

app_name = "api"
urlpatterns = [
    path("", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
