#!/usr/bin/env python3
"""How long rows in columns take to become a file: by the library's Arrow door, and by what else their owners have.

    python columns.py DOCUMENT ROUNDS ROWS
    python columns.py DOCUMENT ROUNDS ROWS --threads

The rows are those of the document, as often as ROWS takes. pyarrow, polars and DuckDB have each a table of them; polars and DuckDB
write an array of records, which the envelope alone tells from the report. --threads: one report of all rows beside two at once, each
of half of them. Prints JSON: nanoseconds a row, medians of interleaved rounds.
"""

import argparse
import json
import pathlib
import statistics
import tempfile
import threading
import time

import duckdb
import orjson
import polars
import pyarrow
import trainstat

FORMAT, OPTIONS = "ekvio.trainings_statistic", {"forms": [10]}


def table_of(document, count):
    rows = json.loads(document.read_bytes())["data"]
    some = pyarrow.Table.from_pylist(rows)
    whole = pyarrow.concat_tables([some] * -(-count // len(rows)))
    return whole.slice(0, count).combine_chunks()


def reported(rows, path):
    with trainstat.Report(FORMAT, file=path, **OPTIONS) as report:
        report.extend(rows)
        report.build()


def by_to_pylist(table, path):
    path.write_bytes(orjson.dumps({"data": table.to_pylist()}))


def by_copy(relation, path):
    relation.query("rows", f"COPY (SELECT * FROM rows) TO '{path}' (FORMAT JSON, ARRAY true)")


def writers_of(table):
    frame, relation = polars.from_arrow(table), duckdb.from_arrow(table)
    return {
        "pyarrow": (lambda path: reported(table, path), lambda path: by_to_pylist(table, path)),
        "polars": (lambda path: reported(frame, path), lambda path: frame.write_json(path)),
        "DuckDB": (lambda path: reported(relation, path), lambda path: by_copy(relation, path)),
    }


def measured(write, count):
    begin = time.perf_counter_ns()
    write()
    return (time.perf_counter_ns() - begin) / count


def rows_in(path):
    written = json.loads(path.read_bytes())
    return written["data"] if isinstance(written, dict) else written


def compare(table, rounds, folder):
    times = {}
    for name, (ours, own) in writers_of(table).items():
        paths = folder / f"{name}.ours.json", folder / f"{name}.own.json"
        ours(paths[0]), own(paths[1])
        if rows_in(paths[0]) != rows_in(paths[1]):
            raise SystemExit(f"the library and {name} disagree")
        rounds_of = [[measured(lambda: write(path), len(table)) for write, path in zip((ours, own), paths)] for _ in range(rounds)]
        times[name] = dict(zip(("trainstat", "own"), map(statistics.median, zip(*rounds_of))))
    return times


def read_through(rows):
    with trainstat.Report(FORMAT, **OPTIONS) as report:
        for _ in report.stream(rows):
            pass


def at_once(tables):
    threads = [threading.Thread(target=read_through, args=(table,)) for table in tables]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def two_threads(table, rounds):
    half = len(table) // 2
    halves = table.slice(0, half), table.slice(half)
    pairs = [
        (measured(lambda: read_through(table), len(table)), measured(lambda: at_once(halves), len(table))) for _ in range(rounds)
    ]
    return dict(zip(("one", "two"), map(statistics.median, zip(*pairs))))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("document", type=pathlib.Path)
    parser.add_argument("rounds", type=int)
    parser.add_argument("rows", type=int)
    parser.add_argument("--threads", action="store_true")
    given = parser.parse_args()
    table = table_of(given.document, given.rows)
    with tempfile.TemporaryDirectory() as folder:
        found = two_threads(table, given.rounds) if given.threads else compare(table, given.rounds, pathlib.Path(folder))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
