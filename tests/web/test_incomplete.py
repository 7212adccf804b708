"""A form that arrives cut short deletes nothing: an absent field is not an emptied one."""

import re

import pytest

from materiality.locking.snapshots import results_for
from materiality.models import Assessment, Decision, Engagement
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db
SENTENCE = "The form arrived incomplete; nothing was saved."
ENGAGEMENT = [
    f"{group}:{kind}:{language}"
    for group in ("employees", "customers", "regulators")
    for kind in ("expectation", "channel", "how_chosen", "frequency")
    for language in ("zh-hans", "en")
]


def decisions(assessment, **changes):
    sent = {f"tier:{topic.code}": "1" for topic in assessment.topics.all()}
    for topic in assessment.topics.all():
        sent |= {f"reason:{topic.code}": "The board", f"reason:{topic.code}:en": "The board"}
    return sent | {"version": Assessment.objects.get(pk=assessment.pk).version} | changes


def weights(assessment, **changes):
    sent = {f"y:{code}": 50 for code in ("employees", "customers", "regulators")}
    sent |= {"x:panel": 50, "reason": "Agreed", "version": assessment.version}
    return sent | changes


def refuses(answered) -> bool:
    return answered.status_code == 409 and SENTENCE in text(answered)


def test_only_the_version_deletes_no_decision(assessment, owner):
    owner.post(url(assessment), decisions(assessment))
    kept = Decision.objects.count()
    version = Assessment.objects.get(pk=assessment.pk).version

    assert refuses(owner.post(url(assessment) + "?lang=en", {"version": version}))
    assert Decision.objects.count() == kept == 4


def test_decisions_that_are_all_sent_are_taken_back_when_they_are_emptied(assessment, owner):
    owner.post(url(assessment), decisions(assessment))
    emptied = {}
    for topic in results_for(Assessment.objects.get(pk=assessment.pk)).topics:
        emptied |= {f"tier:{topic.code}": topic.suggested_tier or "", f"reason:{topic.code}": ""}
        emptied |= {f"reason:{topic.code}:en": ""}

    assert owner.post(url(assessment), decisions(assessment, **emptied)).status_code == 302
    assert not Decision.objects.exists()


def test_only_the_version_deletes_no_line_of_the_engagement(assessment, owner):
    page = url(assessment, "engagement")

    assert refuses(owner.post(page + "?lang=en", {"version": assessment.version}))
    assert Engagement.objects.count() == 6


def test_lines_of_the_engagement_that_are_sent_empty_are_deleted(assessment, owner):
    emptied = dict.fromkeys(ENGAGEMENT, "") | {"version": assessment.version}

    assert owner.post(url(assessment, "engagement"), emptied).status_code == 302
    assert not Engagement.objects.exists()


def test_a_form_that_does_not_say_what_it_was_made_from_is_refused(assessment, owner):
    sent = weights(assessment, version="")

    assert refuses(owner.post(url(assessment, "results/weights") + "?lang=en", sent))
    assert Assessment.objects.get(pk=assessment.pk).version == assessment.version


def test_a_form_without_any_version_is_refused(assessment, owner):
    sent = weights(assessment)
    del sent["version"]

    assert refuses(owner.post(url(assessment, "results/weights") + "?lang=en", sent))


def test_weights_that_arrive_whole_are_saved(assessment, owner):
    answered = owner.post(url(assessment, "results/weights"), weights(assessment))

    assert answered.status_code == 302


def test_a_box_left_unticked_is_not_missing(assessment, owner):
    page = text(owner.get(url(assessment, "lock")))
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    sent = {"version": version, "reason": "Small team"}

    assert owner.post(url(assessment, "lock/second-person"), sent).status_code == 302
