"""Where a mail service tells who is to get no more mail: /bounces/<service>/<secret>/."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from surveys.actions.bounce import mark_unreachable
from surveys.mail.bounces import SERVICES, Unreadable, notices

logger = logging.getLogger("surveys.mail.bounces")


@csrf_exempt
@require_POST
def bounces(request: HttpRequest, service: str, secret: str) -> HttpResponse:
    """Take one notification. The secret of the address is all the proof that services share."""
    known = settings.BOUNCE_SECRET and constant_time_compare(secret, settings.BOUNCE_SECRET)
    if not known or service not in (*SERVICES, "message"):
        raise Http404
    try:
        marked = mark_unreachable(notices(service, request.body))
    except Unreadable:
        return HttpResponse("Not a notification of this service.", status=400)
    logger.info("%s people get no more mail, says %s.", marked, service)
    return HttpResponse(status=204)
