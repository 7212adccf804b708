"""Give the workers lists of people to add: `python -m tests.cluster.lists LISTS PEOPLE`."""

import sys

import django


def main(lists: int, people: int) -> None:
    from django.contrib.auth.models import User

    from surveys.actions import lists as adding
    from surveys.models import Survey
    from surveys.tables.upload import Table

    survey = Survey.objects.get()
    audience = survey.audiences.get()
    handed_in = []
    for number in range(lists):
        by = User.objects.create(username=f"editor{number}")
        rows = [[f"list{number}-{row}@example.com", "Bo"] for row in range(people)]
        made = adding.hand_in(survey, Table(["email", "name"], rows), by)
        adding.map_columns(made, {"email": 0, "name": 1}, audience)
        adding.begin(made)
        handed_in.append(made.pk)
    for each in handed_in:
        adding.add_list.enqueue(each)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
