"""Placing the labels of a matrix and writing its SVG."""

from materiality.report.edition import Edition
from materiality.report.figure.svg import figure
from tests.bench.timing import median_seconds, peak_mb, report
from tests.samples import sample_results

if __name__ == "__main__":
    found = {}
    for topics in (14, 40):
        results = sample_results(topics)
        figure(Edition(results, "zh-hans"))
        found[str(topics)] = 1000 * median_seconds(
            lambda given=results: figure(Edition(given, "zh-hans"))
        )
    report(figure_svg_ms=found, figure_peak_mb=peak_mb())
