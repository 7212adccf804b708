"""All report files of one language."""

from materiality.report.edition import Edition
from materiality.report.files.package import files
from tests.bench.timing import median_seconds, peak_mb, report
from tests.samples import sample_results

if __name__ == "__main__":
    found = {}
    for topics in (14, 40):
        results = sample_results(topics)
        found[str(topics)] = median_seconds(
            lambda given=results: files(Edition(given, "zh-hans")), 3
        )
    report(report_files_s=found, report_files_peak_mb=peak_mb())
