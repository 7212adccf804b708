"""Bytes of an answer page and all it loads, as sent with gzip."""

import gzip
import re

from tests.bench import scratch
from tests.bench.timing import report


def main() -> None:
    from django.test import Client

    from tests.builders import consent_of, make_link, make_survey

    survey = make_survey(topics=14)
    token = make_link(survey)
    client = Client(SERVER_NAME="127.0.0.1")
    client.post(f"/r/{token}/", {"consent": consent_of(survey), "go": "start"})
    page = client.get(f"/r/{token}/1/").content
    assets = re.findall(rb'(?:href|src)="(/static/[^"]+)"', page)
    contents = [page, *(b"".join(client.get(path.decode())) for path in assets)]
    report(
        page_gzip_bytes=sum(len(gzip.compress(content, 9)) for content in contents),
        page_requests=len(contents),
    )


if __name__ == "__main__":
    with scratch.database():
        main()
