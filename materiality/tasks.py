"""Background work. The rows say what is to do; a task only says that there is something."""

from django_tasks import task

from materiality.report import packing


@task()
def make_package(package: int) -> None:
    packing.make(package)
