"""A worker that is killed while it writes to whoever wants the result leaves nobody unwritten."""

import time

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from surveys.actions.feedback import deliver_left_feedback
from surveys.models import FeedbackRequest, Survey
from surveys.models.feedback import LEASE
from tests.builders import make_survey
from tests.surveys.mail.killing import FORK, connections, database_of_processes

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20  # seconds


class Slow(BaseEmailBackend):
    """A mail server that does not answer within this test."""

    def send_messages(self, messages):
        time.sleep(10 * PATIENCE)
        return 0


def wanted_by(*addresses):
    survey = make_survey(topics=2)
    Survey.objects.filter(pk=survey.pk).update(feedback_path="/h/result/")
    for email in addresses:
        FeedbackRequest.objects.create(survey=survey, email=email, language="en")


def killed_at_its_first_mail():
    connections["default"].close()
    worker = FORK.Process(target=deliver_left_feedback)
    worker.start()
    end = time.monotonic() + PATIENCE
    while not FeedbackRequest.objects.exclude(taken_at=None).exists():
        assert time.monotonic() < end, "it never began"
        time.sleep(0.05)
    worker.kill()
    worker.join()


def written_to():
    return [sent.to[0] for sent in mail.outbox]


def test_whom_a_killed_worker_left_is_written_to_once_its_lease_is_over(tmp_path, settings):
    settings.MAIL_IS_LIVE = True
    usual = settings.EMAIL_BACKEND
    with database_of_processes(tmp_path):
        wanted_by("li@example.com", "wu@example.com")
        settings.EMAIL_BACKEND = f"{__name__}.Slow"
        killed_at_its_first_mail()
        settings.EMAIL_BACKEND = usual

        deliver_left_feedback()
        assert written_to() == ["wu@example.com"]  # the other one may be at it still

        FeedbackRequest.objects.update(taken_at=timezone.now() - LEASE)
        deliver_left_feedback()
        assert written_to() == ["wu@example.com", "li@example.com"]
        assert not FeedbackRequest.objects.exists()
