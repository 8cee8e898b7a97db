#!/usr/bin/env python3
"""How long Python's rows take to become a document: by json, by orjson and by the library, to the same bytes.

    python dicts.py DOCUMENT ROUNDS ROWS...

The rows are those of the document, decoded anew for each measurement, cut into lists of ROWS; each list is written while it is new, and
all of them once more. Prints JSON: nanoseconds a row of the processor's time, new and again, medians of interleaved rounds.

A page that a process never had costs about as much as two rows. So no documents are kept beyond their measurement, and the writers take
turns in going first: else the one that comes when there is no freed memory left pays for all. What orjson gains when it writes again is
the UTF-8 that it left with the texts of the rows, an eighth more memory for as long as they live; the library leaves none.
"""

import hashlib
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


def written_by(write, lists):
    begin = time.process_time_ns()
    documents = [write(rows) for rows in lists]
    taken = (time.process_time_ns() - begin) / sum(map(len, lists))
    return taken, [hashlib.sha256(document).digest() for document in documents]


def measured(write, document, size):
    rows = json.loads(document)["data"]
    lists = [rows[begin : begin + size] for begin in range(0, len(rows), size)]
    new, written = written_by(write, lists)
    again, rewritten = written_by(write, lists)
    return {"new": new, "again": again}, [*written, *rewritten]


def main(path, rounds, *sizes):
    document = pathlib.Path(path).read_bytes()
    writers = {"json": by_json, "orjson": by_orjson, "trainstat": by_trainstat}
    times = {size: {when: {name: [] for name in writers} for when in ("new", "again")} for size in sizes}
    turns = list(writers)
    for _ in range(int(rounds)):
        for size in sizes:
            written = {}
            for name in turns:
                taken, written[name] = measured(writers[name], document, int(size))
                for when, nanoseconds in taken.items():
                    times[size][when][name].append(nanoseconds)
            if any(digests != written["json"] for digests in written.values()):
                sys.exit("the writers disagree")
        turns.append(turns.pop(0))
    medians = {
        size: {when: {name: statistics.median(all) for name, all in of.items()} for when, of in both.items()}
        for size, both in times.items()
    }
    print(json.dumps(medians))


if __name__ == "__main__":
    main(*sys.argv[1:])
