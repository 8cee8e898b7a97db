#!/usr/bin/env python3
"""The memory that a report of generated rows takes on its way into a file.

    python generator.py ROWS

Prints JSON: the peak above the start, in KiB, and seconds.
"""

import json
import pathlib
import sys
import tempfile
import time

import trainstat

FIRST = {
    "user_id": 1, "material_id": 7, "fio": "Smith John", "user_status": "active", "login": "smith", "is_required": 0, "user_scores": 1,
    "max_interaction_scores": 2, "pdf_viewed": 1, "pdf_total": 1, "link_viewed": 1, "link_total": 1, "html_viewed": 1, "html_total": 1,
    "group_region": "North", "start_time": 1650000000,
}  # fmt: skip


def peak_kib():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def write(count, path):
    with trainstat.Report("ekvio.trainings_statistic", file=path) as report:
        report.extend(FIRST | {"user_id": number} for number in range(count))
        report.build()


def main(count):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "report.json")
        write(1, path)  # what is loaded and learned once
        pathlib.Path("/proc/self/clear_refs").write_text("5")
        start, begin = peak_kib(), time.perf_counter()
        write(count, path)
        print(json.dumps({"memory_kib": peak_kib() - start, "seconds": time.perf_counter() - begin}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
