"""The pages of “Ask”, below `a/<round>/ask/`."""

from django.urls import path

from materiality.web.ask import (
    asking,
    comments,
    entry,
    exclusions,
    following,
    further,
    importing,
    invitations,
    mailing,
    people_lists,
    previewing,
    wording,
)

urlpatterns = [
    path("", asking.ask, name="ask"),
    path("<int:survey>/", asking.groups, name="groups"),
    path("<int:survey>/further-group/", further.further_group, name="further_group"),
    path("<int:survey>/questionnaire/", asking.questionnaire, name="questionnaire"),
    path("<int:survey>/questionnaire/wording/", wording.wording, name="wording"),
    path("<int:survey>/end/", asking.end, name="end"),
    path("<int:survey>/preview/", previewing.preview_tab, name="preview"),
    path(
        "<int:survey>/preview/<slug:code>/<slug:tongue>/<int:number>/",
        previewing.preview_page,
        name="preview_page",
    ),
    path("<int:survey>/invitations/", invitations.invitations, name="invitations"),
    path("<int:survey>/invitations/many/", invitations.let_in, name="let_many_in"),
    path("<int:survey>/invitations/list/", people_lists.people_list, name="people_list"),
    path("<int:survey>/invitations/links/", invitations.hand_out_links, name="hand_out"),
    path("<int:survey>/invitations/<int:person>/", invitations.person, name="person"),
    path("<int:survey>/invitations/<int:person>/data.json", invitations.data, name="person_data"),
    path("<int:survey>/open/<slug:code>.svg", invitations.qr_as_svg, name="qr_svg"),
    path("<int:survey>/open/<slug:code>.png", invitations.qr_as_png, name="qr_png"),
    path("<int:survey>/mail/", mailing.mail_tab, name="mail"),
    path("<int:survey>/mail/<slug:occasion>/", mailing.words, name="mail_text"),
    path("<int:survey>/progress/", following.progress_tab, name="survey_progress"),
    path("<int:survey>/progress/curve.json", following.curve, name="curve"),
    path("<int:survey>/answers/", importing.answer_tables, name="answer_tables"),
    path("<int:survey>/answers/<int:table>/", importing.answer_table, name="answer_table"),
    path("<int:survey>/entry/", entry.entry, name="entry"),
    path("<int:survey>/open-answers/", entry.open_answers, name="open_answers"),
    path("<int:survey>/picks/", entry.picks, name="picks"),
    path("<int:survey>/comments/", comments.comments, name="comments"),
    path("<int:survey>/comments/comments.csv", comments.comments_csv, name="comments_csv"),
    path("<int:survey>/quality/", exclusions.quality, name="quality"),
]
