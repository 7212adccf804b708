"""The pages of the workspace: one round, five steps."""

from django.urls import path
from django.views.generic import RedirectView

from materiality.web import signin
from materiality.web.views import (
    asking,
    assessments,
    changes,
    engagement,
    export,
    locking,
    overview,
    people,
    results,
    topics,
)

app_name = "materiality"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="materiality:assessments"), name="home"),
    path("signin/<uid>/<token>/", signin.sign_in, name="sign_in"),
    path("a/", assessments.assessments, name="assessments"),
    path("a/new/", assessments.new, name="new"),
    path("a/<int:pk>/", overview.overview, name="overview"),
    path("a/<int:pk>/topics/", topics.topics, name="topics"),
    path("a/<int:pk>/topics/<slug:code>/", topics.topic, name="topic"),
    path("a/<int:pk>/results/", results.results, name="results"),
    path("a/<int:pk>/results/weights/", results.weights, name="weights"),
    path("a/<int:pk>/results/matrix/", results.matrix, name="matrix"),
    path("a/<int:pk>/results/rule/", results.rule, name="rule"),
    path("a/<int:pk>/results/review/", results.review, name="review"),
    path("a/<int:pk>/results/explore/", results.explore, name="explore"),
    path("a/<int:pk>/lock/", locking.lock, name="lock"),
    path("a/<int:pk>/lock/approve/", locking.approve, name="approve"),
    path("a/<int:pk>/lock/second-person/", locking.second_person, name="second_person"),
    path("a/<int:pk>/changes/", changes.changes, name="changes"),
    path("a/<int:pk>/engagement/", engagement.engagement, name="engagement"),
    path("a/<int:pk>/people/", people.people, name="people"),
    path("a/<int:pk>/log/", people.log, name="log"),
    path("a/<int:pk>/log.csv", people.log_csv, name="log_csv"),
    path("a/<int:pk>/export/", export.export, name="export"),
    path("a/<int:pk>/export/matrix.svg", export.figure, name="figure"),
    path("a/<int:pk>/ask/", asking.ask, name="ask"),
    path("a/<int:pk>/ask/<int:survey>/end/", asking.end, name="end"),
    path("a/<int:pk>/export/files/", export.files, name="files"),
]
