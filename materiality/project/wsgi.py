import gc
import os

import scipy.special  # noqa: F401, else the first page of the workspace waits for it
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from materiality.project.proxies import believing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "materiality.project.settings")
# Only a proxy of ours may say who visits and whether it was by HTTPS.
application = believing(get_wsgi_application(), settings.TRUSTED_PROXIES)

from materiality.project.welcome import welcome  # noqa: E402, it needs the models
from surveys.views.warm import warm  # noqa: E402

warm()  # a server takes visitors, and says so at /readyz, once this module is imported
welcome()

# What is there now stays: a full collection would look through it for a tenth of a second.
gc.collect()
gc.freeze()
