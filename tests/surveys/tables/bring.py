"""Bring a file through the API, and look at what the survey holds after it."""

import json

from django.contrib.auth.models import User

from surveys.encryption.contents import decrypt
from surveys.models import Intake, Question
from tests.rounds import token_of

TOPICS = ("user-privacy", "energy-management", "anti-corruption", "data-security")


def send_file(client, survey, file, mapping=None, **more):
    token = token_of(User.objects.get(username="editor"))
    fields = {"file": file, **more}
    if mapping:
        fields["mapping"] = json.dumps(mapping)
    return client.post(
        f"/api/v1/surveys/{survey.pk}/answers/",
        fields,
        headers={"authorization": f"Token {token}", "accept-language": "en"},
    )


def answers_of(survey, topics):
    """Return group and ratings of everybody, sorted; blank is 0."""
    keys = {question.item: str(question.pk) for question in Question.objects.filter(survey=survey)}
    rows = Intake.objects.filter(survey=survey).values_list(
        "invitation__audience__code", "ciphertext"
    )
    told = [(code, decrypt(stored).ratings) for code, stored in rows]
    return sorted(
        (code, tuple(ratings.get(keys[topic], 0) for topic in TOPICS[:topics]))
        for code, ratings in told
    )
