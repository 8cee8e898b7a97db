"""The library exports the approved names under its version node, and nothing else.

    python3 exports.py libtrainstat.so abi/trainstat.symbols
"""

import pathlib
import re
import subprocess
import sys

import tree

NODE = "TRAINSTAT_1"


def complaints(library, approved):
    lines = pathlib.Path(approved).read_text().splitlines()
    wanted = {f"{line.strip()}@@{NODE}" for line in lines if line.strip() and not line.startswith("#")}
    listed = subprocess.run(
        ["nm", "--dynamic", "--defined-only", "--with-symbol-versions", library], capture_output=True, text=True, check=True
    )
    rows = [line.split()[-2:] for line in listed.stdout.splitlines()]
    unique = [name for kind, name in rows if kind == "u"]
    found = [f"{name}: unique over the whole process, so the library could never be unloaded" for name in unique]
    exported = {name for kind, name in rows if kind != "A"}
    found += [f"{name}: exported, but not in {approved}" for name in sorted(exported - wanted)]
    found += [f"{name}: in {approved}, but not exported" for name in sorted(wanted - exported)]
    found += [f"{name}: not a ts_ name" for name in sorted(wanted) if not re.match(r"ts_[a-z0-9_]+@@", name)]
    return found


if __name__ == "__main__":
    tree.report(complaints(*sys.argv[1:]))
