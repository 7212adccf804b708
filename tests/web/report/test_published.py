"""The figure on other sites."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from materiality.actions import publish_figure, set_look
from materiality.models import Event, PublishedFigure
from tests.markup import page_of
from tests.web.conftest import signed_in
from tests.web.report.exporting import at, text

pytestmark = pytest.mark.django_db


def published_at(assessment, code="en") -> str:
    figure = PublishedFigure.objects.get(snapshot__assessment=assessment)
    return reverse("materiality:published", args=[figure.token, code])


def test_a_published_matrix_is_open_to_everybody_and_may_be_framed(locked, owner):
    owner.post(at(locked, "publish"))

    answered = Client().get(published_at(locked))

    policy = answered.headers["Content-Security-Policy"]
    assert answered.status_code == 200
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in answered.headers
    assert not answered.cookies
    assert "Privacy" in text(answered)


def test_the_published_page_is_light_and_links_to_the_other_language(locked, owner):
    owner.post(at(locked, "publish"))

    answered = Client().get(published_at(locked))

    assert len(answered.content) <= 150_000
    assert f'href="{published_at(locked, "zh-hans")}" hreflang="zh-Hans"' in text(answered)


def test_no_other_page_may_be_framed(locked, owner):
    owner.post(at(locked, "publish"))

    for path in (at(locked), at(locked, "figure"), at(locked, "results"), "/a/", "/join/x/"):
        answered = owner.get(path)
        assert answered.headers["X-Frame-Options"] == "DENY", path
        assert "frame-ancestors 'none'" in answered.headers["Content-Security-Policy"], path


def test_the_page_gives_what_another_site_copies(locked, owner):
    owner.post(at(locked, "publish"))

    page = text(owner.get(at(locked), {"lang": "en"}))

    frame = re.search(r"<iframe [^>]+></iframe>", page)[0]
    assert f'src="http://127.0.0.1:8000{published_at(locked, "zh-hans")}"' in frame
    assert 'width="' in frame
    assert 'height="' in frame
    assert 'title="2020' in frame


def test_a_draft_is_never_published(assessment, owner):
    assert owner.post(at(assessment, "publish")).status_code == 409
    assert not PublishedFigure.objects.exists()


def test_a_withdrawn_matrix_is_gone_and_both_are_in_the_log(locked, owner):
    owner.post(at(locked, "publish"))
    path = published_at(locked)
    owner.post(at(locked, "publish"), {"withdraw": ""})

    assert Client().get(path).status_code == 404
    assert list(Event.objects.values_list("verb", flat=True).order_by("number"))[-2:] == [
        "publish_figure",
        "withdraw_figure",
    ]


@pytest.mark.parametrize("path", ["/f/guessed/en/", "/f/guessed/xx/"])
def test_an_address_that_nobody_published_is_not_found(locked, path):
    assert Client().get(path).status_code == 404


def test_the_address_cannot_be_guessed(locked):
    assert len(publish_figure(assessment=locked, by=None).token) >= 32


def test_a_viewer_does_not_publish(locked):
    assert signed_in("viewer").post(at(locked, "publish")).status_code == 403
    assert Client().post(at(locked, "publish")).status_code == 302


def test_names_are_texts_on_the_published_page(locked, owner):
    titles = {"y": {"en": '<script>alert("1")</script>', "zh-hans": "=1+1"}}
    set_look(assessment=locked, by=None, axis_titles=titles)
    owner.post(at(locked, "publish"))

    page = page_of(Client().get(published_at(locked)))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
