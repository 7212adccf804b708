"""Background work. The rows say what is to do; a task only says that there is something."""

from django.utils import timezone
from django_tasks import task

from materiality.models import Package
from materiality.report.files import make


@task()
def make_package(package: int) -> None:
    make.make(package)


def call_makers_again() -> int:
    """Call a worker for the packages whose maker was killed or never came; return how many."""
    left = list(Package.objects.free(timezone.now()).values_list("pk", flat=True))
    for package in left:
        make_package.enqueue(package)
    return len(left)
