"""The results page of a round of 40 topics, warm, as its owner gets it."""

from tests.bench import scratch
from tests.bench.timing import median_seconds, peak_mb, report

TOPICS = tuple(f"topic-{number}" for number in range(40))


def main() -> None:
    from django.test import Client

    from tests.rounds import make_user, sealed_round

    row = [4, 3, 5, 2] * 10
    ratings = {code: [row] * 8 for code in ("employees", "customers", "regulators", "panel")}
    assessment = sealed_round(ratings, topics=TOPICS)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(
        make_user("alice", assessment.organisation), "django.contrib.auth.backends.ModelBackend"
    )
    address = f"/a/{assessment.pk}/results/"
    assert client.get(address).status_code == 200
    report(
        results_page_ms=1000 * median_seconds(lambda: client.get(address)),
        results_page_peak_mb=peak_mb(),
    )


if __name__ == "__main__":
    with scratch.database():
        main()
