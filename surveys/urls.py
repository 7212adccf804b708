from django.urls import path

from surveys import views
from surveys.kinds import KINDS

app_name = "surveys"

# Most visited first: a request tries them in turn.
urlpatterns = [
    path("r/<str:token>/<int:number>/", views.page, name="page"),
    path("r/<str:token>/", views.landing, name="landing"),
    path("r/<str:token>/end/", views.end, name="end"),
    path("r/<str:token>/done/", views.done, name="done"),
    *[
        path(f"r/<str:token>/{kind.step}/<int:number>/", views.choose, {"kind": kind}, kind.step)
        for kind in KINDS
    ],
    path("r/<str:token>/withdraw/", views.withdraw, name="withdraw"),
    path("r/<str:token>/opt-out/", views.opt_out, name="opt_out"),
    path("r/", views.code, name="code"),
    path("s/<slug:slug>/", views.open_link, name="open"),
    path("s/<slug:slug>/privacy/", views.privacy, name="privacy"),
    path("s/<slug:slug>/receipt/", views.receipt, name="receipt"),
    path("s/<slug:slug>/<slug:code>/", views.open_link, name="open_audience"),
    path("bounces/<slug:service>/<str:secret>/", views.bounces, name="bounces"),
]
