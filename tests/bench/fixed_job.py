"""A fixed piece of work, so that figures of two runs can be compared on a noisy machine."""

from tests.bench.timing import median_seconds, report


def work() -> int:
    return sum(number * number for number in range(400_000))


if __name__ == "__main__":
    report(fixed_job_ms=1000 * median_seconds(work, 9))
