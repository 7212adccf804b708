"""Background work. The rows say what is to do; a task only says that there is something."""

from django_tasks import task

from materiality.report.files import make


@task()
def make_package(package: int) -> None:
    make.make(package)
