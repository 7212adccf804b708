import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from surveys.actions import answer
from surveys.actions.invite import invite, revoke
from surveys.actions.publish import close, publish
from surveys.errors import Conflict, ConsentMissing, NotPublishable
from surveys.fieldwork.readiness import what_is_missing
from surveys.models import Intake, Invitation, Mode, Organisation, Survey
from surveys.people.person import Person
from surveys.questionnaire.consent import consent_hash, consent_text, is_consent
from tests.builders import (
    both,
    consent_of,
    invitation_of,
    make_audience,
    make_link,
    make_organisation,
    make_survey,
)
from tests.markup import page_of

pytestmark = pytest.mark.django_db


def without(**fields):
    survey = make_survey(publish_it=False)
    for name, value in fields.items():
        setattr(survey, name, value)
    return survey


def test_a_complete_survey_opens():
    survey = make_survey(publish_it=False)

    publish(survey)

    assert what_is_missing(survey) == []
    assert Survey.objects.get(pk=survey.pk).is_open()


@pytest.mark.parametrize("field", ["title", "headline", "lead"])
@pytest.mark.parametrize("text", [{}, {"zh-hans": "有"}, {"zh-hans": "有", "en": "  "}])
def test_a_text_missing_in_a_language_keeps_the_survey_shut(field, text):
    survey = without(**{field: text})

    with pytest.raises(NotPublishable, match="English"):
        publish(survey)

    survey.refresh_from_db()
    assert survey.published_at is None


def test_a_survey_without_a_contact_stays_shut():
    survey = make_survey(
        publish_it=False, organisation=make_organisation(contact=both("社会责任办公室", ""))
    )

    with translation.override("en"), pytest.raises(NotPublishable, match="contact for questions"):
        publish(survey)


def test_answers_are_kept_at_least_until_the_survey_closes():
    survey = make_survey(publish_it=False)
    survey.keep_until = (survey.closes_at - timedelta(days=1)).date()

    with pytest.raises(NotPublishable):
        publish(survey)


@pytest.mark.parametrize("part", ["audiences", "questions"])
def test_a_survey_that_asks_nobody_or_nothing_stays_shut(part):
    survey = make_survey(publish_it=False)
    getattr(survey, part).all().delete()

    with pytest.raises(NotPublishable):
        publish(survey)


def test_an_audience_that_is_asked_nothing_is_named():
    survey = make_survey(publish_it=False)
    make_audience(survey, "community")

    with pytest.raises(NotPublishable, match="community"):
        publish(survey)


@pytest.mark.parametrize(
    "labels",
    [{}, [], {"zh-hans": ["一"] * 5}, {"zh-hans": ["一"] * 5, "en": ["a", "b", "c", "d", ""]}],
)
def test_a_scale_without_five_words_in_each_language_is_named(labels):
    survey = make_survey(publish_it=False)
    survey.prompts.update(labels=labels)

    with pytest.raises(NotPublishable, match="importance"):
        publish(survey)


def test_a_survey_is_published_once(survey):
    with pytest.raises(Conflict):
        publish(survey)


def test_closing_ends_a_survey_now(survey):
    close(survey)

    assert not Survey.objects.get(pk=survey.pk).is_open()


def test_an_unpublished_survey_cannot_be_marked_sealed():
    survey = make_survey(publish_it=False)
    survey.sealed_at = timezone.now()

    with pytest.raises(IntegrityError), transaction.atomic():
        survey.save()


# ---- consent: the page says what the survey does ----


@pytest.mark.parametrize("minimum", [5, 10])
def test_the_consent_names_the_real_minimum_group(minimum):
    text = consent_text(make_survey(minimum_group=minimum))

    assert f"under {minimum} are" in text["en"]
    assert f"少于 {minimum} 人" in text["zh-hans"]


def test_an_anonymous_survey_promises_no_name_and_a_named_one_says_it_keeps_it():
    anonymous, named = make_survey(), make_survey(mode=Mode.NAMED)

    assert "times only until closing; no name" in consent_text(anonymous)["en"]
    assert "Reviewers see who rated what" in consent_text(named)["en"]
    assert "Reviewers" not in consent_text(anonymous)["en"]
    assert "能看到谁评了什么" in consent_text(named)["zh-hans"]


def test_the_date_of_erasure_is_in_the_consent(survey):
    assert "31 December 2099" in survey.consent["en"]
    assert "2099 年 12 月 31 日" in survey.consent["zh-hans"]


def test_the_consent_of_a_published_survey_does_not_change_with_its_settings(survey):
    before = consent_of(survey)
    survey.minimum_group = 10
    survey.save()

    assert consent_of(Survey.objects.get(pk=survey.pk)) == before


def test_only_the_hash_of_this_surveys_text_is_consent(survey):
    other = make_survey(mode=Mode.NAMED)

    assert is_consent(survey, consent_hash(survey.consent, "zh-hans"))
    assert is_consent(survey, consent_hash(survey.consent, "en"))
    assert not is_consent(survey, consent_of(other))
    assert not is_consent(survey, "")


# ---- links ----


def test_a_token_is_long_random_and_kept_only_as_its_hash(survey):
    links = invite(survey.audiences.get(), [Person() for _person in range(50)])

    assert len({token for _made, token in links}) == 50
    assert all(re.fullmatch("[A-Za-z0-9_-]{24}", token) for _made, token in links)  # 18 bytes
    stored = list(Invitation.objects.values())
    assert not any(token in str(row) for row in stored for _made, token in links)
    assert all(invitation_of(token) == made for made, token in links)


def test_people_keep_their_name_mail_and_language(survey):
    [(made, _token)] = invite(
        survey.audiences.get(), [Person(" Ana ", " Ana@Example.org ", language="en")]
    )

    made.refresh_from_db()
    assert (made.name, made.email, made.language) == ("Ana", "ana@example.org", "en")


def test_somebody_invited_twice_adds_nobody(survey):
    audience = survey.audiences.get()
    invite(audience, [Person(email="a@example.org")])

    with pytest.raises(Conflict):
        invite(audience, [Person(email="b@example.org"), Person(email="A@example.org")])

    assert audience.invitations.count() == 1


def test_a_revoked_link_loses_its_draft(survey):
    from surveys.actions import answer

    token = make_link(survey)
    answer.start(token, consent_of(survey))
    made = invitation_of(token)

    revoke(made)

    assert not Intake.objects.exists()
    assert invitation_of(token).state == Invitation.State.REVOKED


def test_whose_survey_it_is_is_not_told_to_strangers(survey, django_user_model):
    stranger = django_user_model.objects.create_user("stranger")

    assert not Survey.objects.visible_to(stranger).exists()
    assert not Invitation.objects.visible_to(stranger).exists()
    assert not Organisation.objects.visible_to(stranger).exists()


def test_a_survey_in_one_language_needs_no_text_in_the_other(visitor):
    survey = make_survey(publish_it=False)
    survey.questions.update(title={"zh-hans": "议题"}, help={})
    survey.prompts.update(labels={"zh-hans": ["一", "二", "三", "四", "五"]})
    assert what_is_missing(survey)  # control: in both, English is missing

    survey.languages = ["zh-hans"]
    survey.save()
    publish(survey)

    token = make_link(survey)
    visitor.post(f"/r/{token}/", {"consent": consent_of(survey, "zh-hans")})
    for path in ("", "1/", "end/"):
        page = visitor.get(f"/r/{token}/{path}?lang=en")
        assert page.headers["Content-Language"] == "zh-hans"
        assert '<html lang="zh-hans">' in page_of(page)
        assert 'href="?lang=' not in page_of(page)


def test_a_survey_in_one_language_lacks_its_texts(db):
    survey = make_survey(publish_it=False, languages=["en"])
    survey.questions.update(title={"zh-hans": "议题"})

    with pytest.raises(NotPublishable, match="English"):
        publish(survey)


def test_who_agreed_to_an_earlier_text_keeps_its_hash_and_another_text_needs_consent_anew(survey):
    """Case 51."""
    first, before = make_link(survey), consent_of(survey)
    answer.start(first, before)
    later = make_survey(minimum_group=7, organisation=survey.organisation)

    with pytest.raises(ConsentMissing):
        answer.start(make_link(later), before)
    answer.start(make_link(later), consent_of(later))

    kept = dict(Intake.objects.values_list("survey__slug", "consent"))
    assert kept == {survey.slug: before, later.slug: consent_of(later)}
    assert consent_of(later) != before


@pytest.mark.parametrize("words", [{"labels": {"en": ["Low", "low", "c", "d", "e"]}},
                                   {"labels": {"en": ["x" * 33, "b", "c", "d", "e"]}},
                                   {"text": {"en": "x" * 161}}])  # fmt: skip
def test_a_question_that_cannot_be_told_apart_or_fits_no_phone_keeps_the_survey_shut(words):
    survey = make_survey(publish_it=False, languages=["en"])
    assert what_is_missing(survey) == []  # control
    survey.prompts.update(**words)

    with pytest.raises(NotPublishable, match="importance"):
        publish(survey)
