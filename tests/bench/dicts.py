#!/usr/bin/env python3
"""How long Python's rows take to become a document: by json, by orjson and by the library, to the same bytes.

    python dicts.py DOCUMENT ROUNDS ROWS...

The rows are those of the document, decoded anew for each measurement, cut into lists of ROWS. Prints JSON: nanoseconds a row of the
processor's time, medians of interleaved rounds.
"""

import json
import pathlib
import statistics
import sys
import time

import orjson
import trainstat


def by_json(rows):
    return json.dumps({"data": rows}, ensure_ascii=False, separators=(",", ":")).encode()


def by_orjson(rows):
    return orjson.dumps({"data": rows})


def by_trainstat(rows):
    return trainstat.document("ekvio.trainings_statistic", rows, forms=[10])


def measured(write, document, size):
    rows = json.loads(document)["data"]
    lists = [rows[begin : begin + size] for begin in range(0, len(rows), size)]
    taken, documents = 0, []
    for some in lists:
        begin = time.process_time_ns()
        written = write(some)
        taken += time.process_time_ns() - begin
        documents.append(written)
    return taken / len(rows), documents


def main(path, rounds, *sizes):
    document = pathlib.Path(path).read_bytes()
    writers = {"json": by_json, "orjson": by_orjson, "trainstat": by_trainstat}
    times = {size: {name: [] for name in writers} for size in sizes}
    for _ in range(int(rounds)):
        for size in sizes:
            written = []
            for name, write in writers.items():
                taken, documents = measured(write, document, int(size))
                times[size][name].append(taken)
                written.append(documents)
            if any(documents != written[0] for documents in written):
                sys.exit("the writers disagree")
    print(json.dumps({size: {name: statistics.median(all) for name, all in of.items()} for size, of in times.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
