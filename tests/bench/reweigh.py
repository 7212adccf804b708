"""Other weights, everything else cached: what moving a slider costs the server."""

from materiality.analysis import summarise
from materiality.method import evaluate
from tests.bench.answers import block
from tests.bench.inputs import bundle_inputs
from tests.bench.timing import median_seconds, peak_mb, report

if __name__ == "__main__":
    found = {}
    for size in (1_000, 1_000_000):
        inputs = bundle_inputs(summarise(*block(size), 6))
        evaluate(inputs)
        inputs["units"]["stakeholder"][0]["weight"] = 3.0
        found[str(size)] = 1000 * median_seconds(lambda given=inputs: evaluate(given), 15)
    report(reweigh_ms=found, reweigh_peak_mb=peak_mb())
