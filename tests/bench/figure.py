"""Placing the labels of a matrix and writing its SVG; the weight of the public page."""

from materiality.report.edition import Edition
from materiality.report.figure.svg import figure
from materiality.report.files.webpage import webpage
from tests.bench.timing import median_seconds, peak_mb, report
from tests.samples import sample_results

if __name__ == "__main__":
    found = {}
    for topics in (14, 40, 60, 200):
        results = sample_results(topics)
        figure(Edition(results, "zh-hans"))
        found[str(topics)] = 1000 * median_seconds(
            lambda given=results: figure(Edition(given, "zh-hans"))
        )
    page = webpage(Edition(sample_results(14), "en"), with_groups=False)
    report(figure_svg_ms=found, figure_peak_mb=peak_mb(), public_page_bytes=len(page))
