"""The project's files, and how a house check says what it found."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def files(root, *suffixes):
    """Every file of the project under root, new ones too, but nothing that git ignores; only those with such an ending."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (pathlib.Path(root, name) for name in sorted(set(listed.stdout.split("\0"))) if name)
    return [path for path in paths if path.is_file() and (not suffixes or path.name.endswith(suffixes))]


def report(complaints):
    """Prints what is wrong, and ends with 1 if anything is."""
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
