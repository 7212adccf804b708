"""The pages of the workspace: one round, five steps."""

from django.urls import include, path
from django.views.generic import RedirectView

from materiality.web.decide import changes, locking, records
from materiality.web.identify import topics
from materiality.web.report import contentindex, evidence, export, look, published
from materiality.web.round import assessments, engagement, overview, people, signin
from materiality.web.score import method, results

app_name = "materiality"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="materiality:assessments"), name="home"),
    path("signin/<uid>/<token>/", signin.sign_in, name="sign_in"),
    path("join/<str:token>/", people.join, name="join"),
    path("a/", assessments.assessments, name="assessments"),
    path("a/new/", assessments.new, name="new"),
    path("a/<int:pk>/", overview.overview, name="overview"),
    path("a/<int:pk>/topics/", topics.topics, name="topics"),
    path("a/<int:pk>/topics/<slug:code>/", topics.topic, name="topic"),
    path("a/<int:pk>/topics/<slug:code>/screen/", topics.screen, name="screen"),
    path("a/<int:pk>/topics/<slug:code>/back/", topics.take_back, name="take_back"),
    path("a/<int:pk>/topics/<slug:code>/remove/", topics.remove, name="remove_topic"),
    path("a/<int:pk>/topics/<slug:code>/dossier/", records.dossier, name="dossier"),
    path("a/<int:pk>/topics/<slug:code>/remark/", records.remark, name="topic_remark"),
    path("a/<int:pk>/topics/<slug:code>/attach/", records.attach, name="topic_attach"),
    path("a/<int:pk>/record/", records.record, name="record"),
    path("a/<int:pk>/record/remark/", records.remark, name="remark"),
    path("a/<int:pk>/record/attach/", records.attach, name="attach"),
    path("a/<int:pk>/record/<int:file>/", records.download, name="evidence_file"),
    path("a/<int:pk>/record/<int:file>/remove/", records.detach, name="detach"),
    path("a/<int:pk>/index/", contentindex.index, name="index"),
    path("a/<int:pk>/index/headings/", contentindex.headings, name="headings"),
    path("a/<int:pk>/index/rows/", contentindex.rows, name="index_rows"),
    path("a/<int:pk>/index/tables/", contentindex.tables, name="index_tables"),
    path("a/<int:pk>/index.csv", contentindex.csv, name="index_csv"),
    path("a/<int:pk>/index.xlsx", contentindex.xlsx, name="index_xlsx"),
    path("a/<int:pk>/evidence/", evidence.evidence, name="evidence"),
    path("a/<int:pk>/evidence/archive.zip", evidence.archive, name="archive"),
    path("a/<int:pk>/evidence/answers/<str:part>.csv", evidence.answers, name="answers_csv"),
    path("a/<int:pk>/identify/add/", topics.add, name="add_topics"),
    path("a/<int:pk>/identify/own/", topics.own, name="own"),
    path("a/<int:pk>/identify/order/", topics.order, name="order"),
    path("a/<int:pk>/identify/carry/", topics.carry, name="carry"),
    path("a/<int:pk>/results/", results.results, name="results"),
    path("a/<int:pk>/results/weights/", results.weights, name="weights"),
    path("a/<int:pk>/results/matrix/", results.matrix, name="matrix"),
    path("a/<int:pk>/method/", method.method, name="scoring"),
    path("a/<int:pk>/method/rule/", method.rule, name="rule"),
    path("a/<int:pk>/method/criteria/", method.criteria, name="criteria"),
    path("a/<int:pk>/method/impacts/", method.impacts, name="impacts"),
    path("a/<int:pk>/results/review/", results.review, name="review"),
    path("a/<int:pk>/results/set-topics/", results.set_topics, name="set_topics"),
    path("a/<int:pk>/results/explore/", results.explore, name="explore"),
    path("a/<int:pk>/lock/", locking.lock, name="lock"),
    path("a/<int:pk>/lock/approve/", locking.approve, name="approve"),
    path("a/<int:pk>/lock/second-person/", locking.second_person, name="second_person"),
    path("a/<int:pk>/changes/", changes.changes, name="changes"),
    path("a/<int:pk>/changes/method/", changes.method, name="method"),
    path("a/<int:pk>/changes/follow/", changes.follow, name="follow"),
    path("a/<int:pk>/changes/last-list/", changes.last_list, name="last_list"),
    path("a/<int:pk>/engagement/", engagement.engagement, name="engagement"),
    path("a/<int:pk>/people/", people.people, name="people"),
    path("a/<int:pk>/log/", people.log, name="log"),
    path("a/<int:pk>/log.csv", people.log_csv, name="log_csv"),
    path("a/<int:pk>/export/", export.export, name="export"),
    path("a/<int:pk>/export/matrix.svg", export.figure, name="figure"),
    path("a/<int:pk>/ask/", include("materiality.web.ask.urls")),
    path("a/<int:pk>/export/files/<slug:key>/", export.files, name="files"),
    path("a/<int:pk>/export/package.json", export.package_state, name="package_state"),
    path("a/<int:pk>/export/look/", look.look, name="look"),
    path("a/<int:pk>/export/look/template/", look.word_template, name="word_template"),
    path("a/<int:pk>/export/labels/", look.labels, name="labels"),
    path("a/<int:pk>/export/publish/", published.publish, name="publish"),
    path("f/<str:token>/<slug:code>/", published.published, name="published"),
]
