"""Background work. The rows say what is to do; a task only says that there is something."""

from django_tasks import task


@task()
def make_package(package: int) -> None:
    from materiality.report.packing import make

    make(package)
