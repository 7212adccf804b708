"""Background work. The rows say what is to do; a task only says that there is something."""

from django_tasks import task

from surveys.actions import lists
from surveys.actions.answer_tables import check
from surveys.actions.deliver import deliver
from surveys.models import AnswerTable, Survey


@task()
def deliver_mail(survey: int) -> None:
    deliver(Survey.objects.get(pk=survey))


@task()
def read_table(table: int) -> None:
    check(AnswerTable.objects.get(pk=table))


@task()
def add_list(people: int) -> None:
    lists.add(people)
