"""Asking 100 000 people: read and check their list, add them, queue the invitation.

What a page waits for is apart from what a worker does.
"""

import io
import resource
import time
from itertools import pairwise

from tests.bench import scratch
from tests.bench.timing import peak_mb, report

PEOPLE = 100_000


def main() -> None:
    from django.conf import settings
    from django.contrib.auth.models import User

    from surveys.actions import lists, mail
    from surveys.models import Invitation, Message
    from surveys.people.columns import read_list
    from surveys.tables.plan import TableOptions
    from tests.builders import make_survey

    settings.MAIL_IS_LIVE = True
    survey = make_survey(topics=2, audiences=("customers", "employees"))
    before, cpu = peak_mb(), [time.process_time()]
    by = User.objects.create(username="editor")
    people = lists.hand_in(survey, read_list(io.BytesIO(content()), TableOptions()), by)
    cpu.append(time.process_time())
    assert lists.begin(people) == PEOPLE
    cpu.append(time.process_time())
    lists.add(people.pk)
    cpu.append(time.process_time())
    assert mail.queue(survey, Message.Kind.INVITATION, PEOPLE) == PEOPLE
    cpu.append(time.process_time())
    assert Invitation.objects.count() == Message.objects.count() == PEOPLE
    reading, checking, adding, queueing = (b - a for a, b in pairwise(cpu))
    report(
        people_100k_read_cpu_s=reading,
        people_100k_check_cpu_s=checking,
        people_100k_add_behind_cpu_s=adding,
        people_100k_queue_cpu_s=queueing,
        people_peak_mb=peak_mb(),
        people_before_mb=before,
        people_reader_peak_mb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    )


def content() -> bytes:
    groups = ("customers", "employees")
    rows = (
        f"王小明{at},person.{at}@example.com,{groups[at % 2]},部门{at % 20},中文\n"
        for at in range(PEOPLE)
    )
    return f"姓名,邮箱,群体,部门,语言\n{''.join(rows)}".encode()


if __name__ == "__main__":
    with scratch.database():
        main()
