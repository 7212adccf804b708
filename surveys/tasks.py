"""Background work. The rows say what is to do; a task only says that there is something."""

from django_tasks import task

from surveys.actions.mail import deliver
from surveys.models import Survey


@task()
def deliver_mail(survey: int) -> None:
    deliver(Survey.objects.get(pk=survey))
