"""Ask: a draft's question, its five ratings and “cannot judge” in words of one's own."""

import pytest
from django.utils import timezone

from materiality.actions import lastyear
from materiality.actions.drafting import draft_survey
from surveys.actions import answer
from surveys.actions.publish import publish
from surveys.actions.revise import OtherQuestions, revise_prompt
from surveys.actions.wording import revise_wording
from surveys.fieldwork.readiness import lacks_of
from surveys.models import Prompt, Role, Survey
from surveys.visit.visits import find
from tests.builders import both, consent_of, make_link
from tests.markup import page_of
from tests.rounds import make_round
from tests.web.ask.asking import last_event, page, sent_form, tab
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
WORDS = "questionnaire/wording/?lang=en"
RATINGS = ["None", "Little", "Some", "Much", "Most"]
OURS = {
    "text:zh-hans": "您有多关心这些议题？",
    "text:en": "How much do you care about these topics?",
    "hint:en": "Take your time.",
    **{f"labels:en:{at}": word for at, word in enumerate(RATINGS, 1)},
    **{f"labels:zh-hans:{at}": word for at, word in enumerate("无少中多极", 1)},
    "cannot_judge:zh-hans": "说不上来",
    "cannot_judge:en": "No idea",
}


@pytest.fixture
def draft(round_) -> Survey:
    about = round_.dimensions.get(code="stakeholder")
    return draft_survey(assessment=round_, dimension=about, by=None)


def sent(client, survey, **words):
    return sent_form(client, survey, WORDS) | words


def test_an_editor_words_question_ratings_and_cannot_judge_and_sees_them_at_once(
    round_, draft, editor
):
    before = Prompt.objects.get()

    done = editor.post(tab(draft, WORDS), sent(editor, draft, **OURS), follow=True)

    assert "Saved. The preview shows the new words." in page_of(done)
    assert "None · Little · Some · Much · Most<br>No idea" in page_of(done)
    for language, words in {"en": ["Most", "No idea"], "zh-hans": ["极", "说不上来"]}.items():
        content = page_of(editor.get(tab(draft, f"preview/customers/{language}/1/")))
        assert OURS[f"text:{language}"] in content
        assert all(f">{word}</label>" in content for word in words)
    event = last_event(round_)
    assert (event.verb, event.subject) == ("set_survey", f"{draft.slug}: stakeholder")
    assert (event.by.username, event.before["labels"]) == ("editor", before.labels)
    assert event.after["labels"]["en"] == RATINGS
    assert event.after["cannot_judge"] == both("说不上来", "No idea")


WRONG = {
    "text:en": ("", "The question has no text in English. Write it."),
    "cannot_judge:zh-hans": (" ", "“Cannot judge” has no text in 中文. Write it."),
    "labels:en:4": ("", "Rating 4 has no text in English. Write it."),
    "labels:zh-hans:2": ("非常重要", "Rating 2 and Rating 5 both read “非常重要”"),
    "labels:en:2": ("ＶＥＲＹ ", "Rating 2 and Rating 4 both read “ＶＥＲＹ”"),
    "labels:en:1": ("I don't know enough to say", "Rating 1 and “Cannot judge” both read"),
    "labels:en:5": ("x" * 33, "Rating 5 is 33 letters wide; at most 32 fit a phone"),
    "labels:zh-hans:5": ("重" * 17, "Rating 5 is 34 letters wide; at most 32 fit a phone"),
    "cannot_judge:en": ("x" * 61, "“Cannot judge” is 61 letters wide; at most 60 fit"),
    "text:zh-hans": ("问" * 81, "The question is 162 letters wide; at most 160 fit"),
    "hint:en": ("a\x00", "Null characters are not allowed."),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_cannot_be_asked_is_told_in_one_sentence_and_nothing_typed_is_lost(
    draft, editor, field
):
    typed, sentence = WRONG[field]
    words = sent(editor, draft, **{"hint:zh-hans": "我的提示", field: typed})

    refused = editor.post(tab(draft, WORDS), words)

    content = page_of(refused)
    assert sentence in content.replace("&#x27;", "'")
    assert '<li><a href="#id_' in content
    assert "我的提示" in content
    assert typed.strip().replace("'", "&#x27;") in content
    assert Prompt.objects.get().hint["zh-hans"] != "我的提示"
    del words[field]
    kept = sent_form(editor, draft, WORDS)[field]
    again = editor.post(tab(draft, WORDS), words | {field: kept})
    assert again.status_code == 302  # control: it was this field


def test_words_as_long_as_may_be_fit(draft, editor):
    longest = {"labels:en:5": "x" * 32, "labels:zh-hans:5": "重" * 16, "text:zh-hans": "问" * 80}

    assert editor.post(tab(draft, WORDS), sent(editor, draft, **longest)).status_code == 302


def test_in_one_language_the_other_has_no_fields(draft, editor):
    Survey.objects.filter(pk=draft.pk).update(languages=["zh-hans"])

    content = page(editor, draft, "questionnaire/wording/", text="prompt:stakeholder")
    saved = editor.post(tab(draft, WORDS), sent(editor, draft))

    assert "labels:zh-hans:1" in content
    assert "labels:en:1" not in content
    assert saved.status_code == 302
    assert list(Prompt.objects.get().labels) == ["zh-hans"]
    for name in ("preview/customers/en/1/", "questionnaire/", "entry/"):
        assert editor.get(tab(draft, name) + "?lang=en").status_code == 200, name
    Survey.objects.filter(pk=draft.pk).update(languages=["zh-hans", "en"])
    told = (
        "The question stakeholder: The ratings have no words in English. "
        "Write them, or the two ends alone."
    )
    assert told in page(editor, draft, "questionnaire/")  # control


def test_once_published_the_scale_stands_and_answers_keep_their_words(draft, editor, round_):
    editor.post(tab(draft, WORDS), sent(editor, draft, **OURS))
    draft.opens_at = timezone.now()
    draft.save()
    publish(draft)
    token = make_link(draft)
    answer.start(token, consent_of(draft))

    form = page(editor, draft, "questionnaire/wording/", text="prompt:stakeholder")
    with pytest.raises(OtherQuestions):
        revise_prompt(draft.prompts.get(), {"cannot_judge": both("换", "Other")})
    revise_wording(draft, prompts={"stakeholder": {"text": both("新", "New")}}, reason="Clearer")

    assert "labels:en:1" not in form
    assert "The set of questions and the scale stand" in form
    begun = find(token).form.items[0].questions[0].prompt
    assert begun.text["en"] == OURS["text:en"]
    kept = draft.versions.get(number=1).texts["prompts"]["stakeholder"]
    assert (kept["labels"]["en"][4], kept["cannot_judge"]["en"]) == ("Most", "No idea")


def test_a_published_question_too_is_not_worded_too_long(anonymous, editor):
    name = "questionnaire/wording/?text=prompt:stakeholder&lang=en"
    words = sent_form(editor, anonymous, name) | {"text:en": "x" * 161, "reason": "Clearer"}

    refused = editor.post(tab(anonymous, name), words)

    assert refused.status_code == 409
    assert "The question is 161 letters wide; at most 160 fit a phone" in page_of(refused)
    fits = editor.post(tab(anonymous, name), words | {"text:en": "x" * 160})  # control
    assert fits.status_code == 302


def test_somebody_elses_change_since_is_noticed_and_what_was_typed_stays(draft, editor):
    first, second = sent(editor, draft, **OURS), sent(editor, draft, **{"text:en": "Mine?"})
    assert editor.post(tab(draft, WORDS), first).status_code == 302

    refused = editor.post(tab(draft, WORDS), second)

    assert refused.status_code == 409
    assert "Mine?" in page_of(refused)
    assert Prompt.objects.get().text["en"] == OURS["text:en"]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER])
def test_who_may_not_edit_reads_the_ratings_and_changes_none(draft, editor, role):
    client = signed_in(role)

    assert "Not at all · Slightly" in page(client, draft, "questionnaire/")
    assert "Change words" not in page(client, draft, "questionnaire/")
    assert client.post(tab(draft, WORDS), sent(editor, draft, **OURS)).status_code == 403
    assert "Change words" in page(editor, draft, "questionnaire/")  # control


def test_each_line_of_what_is_missing_leads_to_where_it_is_put_right(round_, draft, editor):
    Survey.objects.filter(pk=draft.pk).update(
        lead={"en": "Why"}, keep_until="2000-01-01", best_worst=True
    )
    draft.audiences.filter(code="customers").update(you_are={})
    draft.audiences.get(code="employees").questions.clear()
    draft.prompts.update(cannot_judge=both("不了解", ""))
    draft.questions.filter(item="energy").update(title=both("能源", ""))
    organisation = draft.organisation
    organisation.contact = {}
    organisation.save()
    draft.refresh_from_db()
    ask = f"/a/{round_.pk}/ask/{draft.pk}/"
    wanted = {
        "reason for asking": f"{ask}questionnaire/#id_lead:zh-hans",
        "cannot be erased": f"{ask}questionnaire/#id_keep_until",
        "Best and worst": f"{ask}questionnaire/#id_best_worst",
        "“You are”": ask,
        "employees is not asked": ask,
        "“Cannot judge” has no text in English": f"{ask}questionnaire/wording/?text=prompt:",
        "The item “能源”": f"/a/{round_.pk}/topics/#t-energy",
        "contact for questions": "",
    }

    told = editor.get(tab(draft, "questionnaire/") + "?lang=en").context["missing"]

    for part, address in wanted.items():
        result = {where for sentence, where in told if part in sentence}
        assert result, part
        assert all(where.startswith(address) for where in result), part
        for where in result - {""}:
            path, _hash, anchor = where.partition("#")
            opened = page_of(editor.get(path))
            assert not anchor or f'id="{anchor}"' in opened, where
    assert [lack.sentence for lack in lacks_of(draft)]
    listed = page_of(editor.get(f"/a/{round_.pk}/ask/?lang=en"))
    assert f'<a href="{ask}questionnaire/#id_lead:zh-hans">' in listed


def test_next_round_asks_in_the_same_own_words(round_, draft, editor):
    editor.post(tab(draft, WORDS), sent(editor, draft, **OURS))
    second = make_round(year="2031", previous=round_)

    [again] = lastyear.ask_again(assessment=second, by=None)

    names = ("text", "hint", "labels", "cannot_judge")
    assert list(again.prompts.values(*names)) == list(draft.prompts.values(*names))
