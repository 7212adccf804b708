"""From the sealed block to everything on the results page, against a plain pandas loop."""

import json
import subprocess
import sys
import time

import numpy as np

from materiality.analysis import summarise
from materiality.method import evaluate
from tests.bench.answers import block
from tests.bench.inputs import bundle_inputs
from tests.bench.timing import peak_mb, report

SIZES = (1_000, 10_000, 100_000, 1_000_000)
RESAMPLES = 1000
PANDAS_AT_MOST = {1_000: 40, 10_000: 20, 100_000: 4, 1_000_000: 1}


def ours(respondents: int) -> dict[str, float]:
    """Count, Gram, scores, intervals, 2000 joint draws, tiers."""
    ratings, group = block(respondents)
    evaluate(bundle_inputs(summarise(ratings[:600], group[:600] % 6, 6)))  # imports, warm caches
    before = peak_mb()
    start = time.perf_counter()
    statistics = summarise(ratings, group, 6)
    evaluate(bundle_inputs(statistics))
    return {"s": time.perf_counter() - start, "mb": peak_mb(), "mb_before": before}


def pandas_loop(respondents: int) -> dict[str, float]:
    """The usual bootstrap: resample each group, average, 1000 times; few are run, then scaled."""
    import pandas as pd

    ratings, group = block(respondents)
    frame = pd.DataFrame(np.where(ratings == 255, np.nan, ratings.astype(np.float64)))
    frame["group"] = group
    repeats = PANDAS_AT_MOST[respondents]
    start = time.perf_counter()
    for repeat in range(repeats):
        sample = frame.groupby("group").sample(frac=1, replace=True, random_state=repeat)
        sample.groupby("group").mean().mean()
    return {"s": (time.perf_counter() - start) / repeats * RESAMPLES, "mb": peak_mb()}


def apart(what: str, respondents: int) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.score", what, str(respondents)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure = {"ours": ours, "pandas": pandas_loop}[sys.argv[1]]
        report(**measure(int(sys.argv[2])))
    else:
        cold = {str(size): apart("ours", size) for size in SIZES}
        pandas = {str(size): apart("pandas", size) for size in SIZES}
        report(
            score_cold_s={size: found["s"] for size, found in cold.items()},
            score_cold_peak_mb={size: found["mb"] for size, found in cold.items()},
            score_cold_block_mb={size: found["mb_before"] for size, found in cold.items()},
            score_pandas_s={size: found["s"] for size, found in pandas.items()},
            score_pandas_peak_mb={size: found["mb"] for size, found in pandas.items()},
            score_ratio={size: pandas[size]["s"] / cold[size]["s"] for size in cold},
        )
