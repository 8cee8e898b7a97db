#!/usr/bin/env python3
"""Measures what is built and prints one table: the library beside its peers, same rows, same bytes, interleaved rounds.

    python table.py TREE [--quick]

TREE is the build tree. --quick takes at most 200,000 rows and few rounds. Fails where bytes differ, memory is not kept or a program fails;
never for a time.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent

MEMORY_KIB = 16 * 1024
REPORTS = (1000, 200_000)
LISTS = (1000, 20_000)


class Bench:
    """The programs of one build tree, and how many rounds they get."""

    def __init__(self, tree, quick):
        self.tree, self.quick = tree, quick
        library, plain = tree / "libtrainstat.so", tree / "plain" / "libtrainstat.so"
        self.library = library
        has_avx512 = "avx512bw" in pathlib.Path("/proc/cpuinfo").read_text()
        self.variants = {"plain": plain, "AVX-512": library} if plain.exists() and has_avx512 else {"plain": library}
        python = os.pathsep.join(filter(None, [str(ROOT / "bindings" / "python"), os.environ.get("PYTHONPATH")]))
        self.environment = os.environ | {"TRAINSTAT_LIBRARY": str(library), "PYTHONPATH": python}

    def run(self, *command, **more):
        return subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, env=self.environment, **more).stdout

    def program(self, name, *arguments):
        return self.run(self.tree / "tests" / "bench" / name, *arguments)

    def asked(self, *command):
        return json.loads(self.run(*command))

    def writers(self):
        """Nanoseconds a row by (writer, rows)."""
        answer = json.loads(
            self.program(
                "writers_bench",
                "--benchmark_format=json",
                f"--benchmark_repetitions={3 if self.quick else 15}",
                "--benchmark_enable_random_interleaving=true",
                "--benchmark_report_aggregates_only=true",
                *(["--benchmark_filter=-nlohmann/200000"] if self.quick else []),
                *(f"{name}={path}" for name, path in self.variants.items()),
            )
        )
        medians = {}
        for run in answer["benchmarks"]:
            if run["aggregate_name"] == "median":
                writer, rows = run["run_name"].split("/")[:2]
                medians[writer, int(rows)] = 1e9 / run["items_per_second"] if "items_per_second" in run else run["cpu_time"]
        return medians


def factor(ours, peer):
    return f"{peer / ours:.2f}x"


def is_missed(found, goal):
    """Whether "5.79x" misses ">= 9x", or "2.14" "<= 2.05"."""
    number = float(re.match(r"[\d.]+", found)[0])
    if goal == "ahead":
        return number <= 1
    kind, limit = re.match(r"([<>]=) ([\d.]+)", goal).groups()
    return number < float(limit) if kind == ">=" else number > float(limit)


class Table:
    HEADS = ("work", "rows", "ours", "peer", "ratio", "goal")

    def __init__(self):
        self.lines = [self.HEADS]
        self.broken = []  # promises, in words

    def add(self, work, rows, ours, peer, ratio, goal=""):
        missed = ", missed" if goal and is_missed(ratio or ours, goal) else ""
        self.lines.append((work, f"{rows:,}", ours, peer, ratio, goal + missed))

    def beside(self, work, rows, ours, peer, goal=""):
        """Both in nanoseconds a row."""
        self.add(work, rows, f"{ours:.0f} ns", f"{peer:.0f} ns", factor(ours, peer), goal)

    def __str__(self):
        widths = [max(map(len, column)) for column in zip(*self.lines)]
        return "\n".join(
            "  ".join(cell.rjust(width) if 0 < place < 5 else cell.ljust(width) for place, (cell, width) in enumerate(zip(line, widths))).rstrip()
            for line in self.lines
        )


GOALS = {
    ("cells", "RapidJSON"): {"plain": ">= 6.5x", "AVX-512": ">= 7.5x"},
    ("cells", "RapidJSON validating"): {"plain": ">= 8.8x", "AVX-512": ">= 10x"},
    ("batch", "RapidJSON"): {"plain": ">= 6.5x", "AVX-512": ">= 7.3x"},
}


def add_writers(table, bench):
    times = bench.writers()
    peers = [name for name in ("RapidJSON", "RapidJSON validating", "nlohmann", "jsoncons", "yyjson", "simdjson builder") if (name, 1000) in times]
    for variant in bench.variants:
        for rows in REPORTS:
            for peer in peers:
                if (peer, rows) in times:
                    goal = GOALS["cells", peer][variant] if rows == 1000 and ("cells", peer) in GOALS else "ahead"
                    table.beside(f"C cells, {variant}: {peer}", rows, times[f"cells {variant}", rows], times[peer, rows], goal)
            for way in ("read", "taken"):
                ours = times[f"cells {way} {variant}", rows]
                table.beside(f"C cells {way} while appending, {variant}: RapidJSON", rows, ours, times["RapidJSON", rows])
            goal = GOALS["batch", "RapidJSON"][variant]
            table.beside(f"ts_batch_append alone, {variant}: RapidJSON", rows, times[f"batch {variant}", rows], times["RapidJSON", rows], goal)
        goal = {"plain": ">= 50 %", "AVX-512": ">= 57 %"}[variant]
        for way, copy in {"cells": "memcpy new", "cells read": "memcpy", "cells taken": "memcpy"}.items():
            ours, copied = times[f"{way} {variant}", 200_000], times[copy, 200_000]
            share = f"{100 * copied / ours:.0f} %"
            table.add(f"C {way}, {variant}: share of the speed of {copy}", 200_000, f"{ours:.0f} ns", f"{copied:.0f} ns", share, goal)
    for variant in bench.variants:
        table.add(f"open, 10 rows, build, close, {variant}", 10, f"{times[f'open {variant}', 10] / 1000:.1f} us", "", "", "<= 60 us")


def add_participants(table, bench):
    rounds = 3 if bench.quick else 15
    libraries = (f"{name}={path}" for name, path in bench.variants.items())
    times = bench.asked(bench.tree / "tests/bench/bench_participants", rounds, *libraries)
    for variant in bench.variants:
        table.beside(f"C cells of eloomi.participants, {variant}: RapidJSON", 1000, times[variant], times["RapidJSON"], "ahead")


WHEN = {"new": "new rows", "again": "rows written again"}


def add_hosts(table, bench, folder):
    document = folder / "document.json"
    document.write_bytes(bench.program("bench_document", bench.library, max(LISTS)))
    rounds = 3 if bench.quick else 9
    arrays = bench.asked("php", HERE / "arrays.php", document, rounds, *LISTS)
    for rows, goal in zip(LISTS, (">= 1.15x", ">= 1.4x")):
        of = arrays[str(rows)]
        table.beside("PHP array of arrays -> string: json_encode", rows, of["trainstat"], of["json_encode"], goal)
    dicts = bench.asked(sys.executable, HERE / "dicts.py", document, rounds, *LISTS)
    for peer, goal in {"json": ">= 9x", "orjson": "ahead"}.items():
        for when in ("new", "again"):
            for rows in LISTS:
                of = dicts[str(rows)][when]
                table.beside(f"Python list of dicts ({WHEN[when]}) -> bytes: {peer}", rows, of["trainstat"], of[peer], goal)


def add_columns(table, bench, folder):
    document, rounds = folder / "document.json", 3 if bench.quick else 7
    count = 20_000 if bench.quick else 200_000
    own = {"pyarrow": "to_pylist + orjson", "polars": "write_json", "DuckDB": "COPY"}
    for name, of in bench.asked(sys.executable, HERE / "columns.py", document, rounds, count).items():
        table.beside(f"Arrow, {name} -> file: {own[name]}", count, of["trainstat"], of["own"], "ahead")
    count = 200_000 if bench.quick else 1_000_000
    of = bench.asked(sys.executable, HERE / "columns.py", document, rounds, count, "--threads")
    table.beside("two threads, rows in Arrow columns: one", count, of["two"], of["one"], ">= 1.7x")


def add_memory(table, bench):
    count = 100_000 if bench.quick else 10_000_000
    sizes = [count // 2**halved for halved in range(3 if bench.quick else 6, -1, -1)]
    lengths = bench.asked(bench.tree / "tests/bench/bench_reading", bench.library, 3 if bench.quick else 7, *sizes)
    growth = max(
        statistics.median(two / one for one, two in zip(half["seconds"], whole["seconds"])) for half, whole in zip(lengths, lengths[1:])
    )
    table.add("C cells read while appending: time(2n) / time(n)", count, "", "", f"{growth:.2f}", "<= 2.05")
    found = {
        "C cells read while appending": lengths[-1]["memory_kib"],
        "PHP generator -> file": bench.asked("php", HERE / "generator.php", count)["memory_kib"],
        "Python generator -> file": bench.asked(sys.executable, HERE / "generator.py", count)["memory_kib"],
    }
    for work, kib in found.items():
        table.add(f"{work}: memory above start", count, f"{kib / 1024:.1f} MiB", "", "", "<= 16 MiB")
    table.broken += [f"{work} takes {kib} KiB" for work, kib in found.items() if kib > MEMORY_KIB]


def add_loading(table, bench):
    times = bench.asked(bench.tree / "tests/bench/bench_loading", bench.library, 1000)
    table.add("dlopen, libstdc++ there", 0, f"{times['dlopen']:.0f} us", "", "", "<= 100 us")


def about(bench):
    """What was measured on."""
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    compiler = bench.run("g++", "--version").decode().splitlines()[0]
    return f"{processor[1] if processor else 'unknown processor'}; {compiler}; medians of interleaved rounds\nTimes are for a row where not said otherwise: the processor's for C, PHP and dicts, the clock's for columns and threads."


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tree", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    bench = Bench(arguments.tree.resolve(), arguments.quick)
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        add_writers(table, bench)
        add_participants(table, bench)
        add_hosts(table, bench, pathlib.Path(folder))
        add_columns(table, bench, pathlib.Path(folder))
    add_memory(table, bench)
    add_loading(table, bench)
    print(about(bench), table, *table.broken, sep="\n")
    return 1 if table.broken else 0


if __name__ == "__main__":
    sys.exit(main())
