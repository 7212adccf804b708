"""Migrate, publish a survey, invite people; print what answering it takes, as JSON."""

import json
import sys

import django


def main(people: int) -> None:
    from surveys.models import token_hash
    from tests.databases import migrate_quickly

    migrate_quickly()
    from tests.builders import consent_of, make_links, make_survey

    survey = make_survey(topics=4)
    tokens = make_links(survey, people)
    questions = list(survey.questions.values_list("pk", flat=True))
    print(
        json.dumps(
            {
                "tokens": [[token, token_hash(token)] for token in tokens],
                "questions": questions,
                "consent": consent_of(survey),
            }
        )
    )


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
