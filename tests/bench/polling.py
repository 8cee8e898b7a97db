#!/usr/bin/env python3
"""How long a poll takes while a report of a Moodle site is written, through python -m trainstat serve.

    build/venv/bin/python tests/bench/polling.py [--rows 1000000] [--site FILE]

The site is generated, at about 20,000 rows a second; --site keeps it there, or takes the one that is there. Polls come 50 a
second, each on a connection of its own. Prints one line.
"""

import argparse
import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOKEN = "of-the-benchmark-alone"
ROWS_OF_A_LEARNER = 2.94
SECONDS_BETWEEN_POLLS = 0.02


def asked(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
    data = json.loads(connection.getresponse().read())["data"]
    connection.close()
    return data


def polled(port, task):
    """Seconds of each poll, until the task ends."""
    found = []
    while True:
        begin = time.monotonic()
        status = asked(port, f"/v2/integration/{task}")["status"]
        found.append(time.monotonic() - begin)
        if status != "progress":
            return status, found
        time.sleep(SECONDS_BETWEEN_POLLS)


def measure(site, directory):
    environment = os.environ | {"PYTHONPATH": str(ROOT / "bindings" / "python"), "TRAINSTAT_TOKEN": TOKEN}
    arguments = ["--moodle", f"sqlite:///{site}", "--port", "0", "--directory", str(directory)]
    server = subprocess.Popen(
        [sys.executable, "-m", "trainstat", "serve", *arguments], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        port = int(server.stderr.readline().rpartition(":")[2])
        begin = time.monotonic()
        task = asked(port, "/v2/trainings/statistic")["integration"]
        status, polls = polled(port, task)
        seconds = time.monotonic() - begin
    finally:
        server.kill()
        server.wait()
    if status != "completed":
        sys.exit(f"the report ended as {status}")
    rows = json.loads((directory / "reports" / f"{task}.summary.json").read_text())["rows"]
    polls.sort()
    p50, p99, worst = polls[len(polls) // 2], polls[len(polls) * 99 // 100], polls[-1]
    print(
        f"{rows} rows in {seconds:.1f} s, {rows / seconds:.0f} rows/s; {len(polls)} polls: "
        f"p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, max {worst * 1000:.1f} ms"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="about so many (default: 1000000)")
    parser.add_argument("--site", type=pathlib.Path, metavar="FILE")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = arguments.site or pathlib.Path(folder, "site.sqlite")
        if not site.exists():
            learners = str(round(arguments.rows / ROWS_OF_A_LEARNER))
            generate = ROOT / "bindings" / "moodle" / "generate.py"
            subprocess.run([sys.executable, generate, site, "--learners", learners], check=True)
        measure(site.absolute(), pathlib.Path(folder, "state"))


if __name__ == "__main__":
    main()
