"""Sources are ASCII with Unix line ends, and no file names a path of the machine it was written on."""

import re

import tree

# Real letters of the formats and of people stand in these; sources write them as escapes.
ANY_LETTERS = (".md", ".json")

BINARY = (".gz", ".sqlite", ".png")

MACHINE_PATH = re.compile(rb"/(?:work|farm|root|home)/[A-Za-z.]")


def complaints(root):
    found = []
    for path in tree.files(root):
        name = path.relative_to(root).as_posix()
        if name.endswith(BINARY):
            continue
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if not line.isascii() and not name.endswith(ANY_LETTERS):
                found.append(f"{name}:{number}: not ASCII")
            if line.endswith((b"\r", b" ", b"\t")) and not name.endswith(ANY_LETTERS):
                found.append(f"{name}:{number}: white space at the end")
            if MACHINE_PATH.search(line):
                found.append(f"{name}:{number}: a path of one machine")
    return found


if __name__ == "__main__":
    tree.report(complaints(tree.ROOT))
