"""Sums up what ctest wrote into build trees: the output of each failed test, then one line of counts.

    python3 summary.py build/release build/clang

A tree without results counts as one failed test.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree

LINES = 60

# Lines of dots, by which test runners show that they are alive.
PROGRESS = re.compile(r"[.A-Za-z]+ +(\d+ / \d+ +\(|\[) *\d+%[)\]]")


def verdict(case):
    """passed, failed or skipped. A test that could not be started has failed."""
    if case.get("status") == "run":
        return "passed"
    skipped = case.find("skipped")
    if case.get("status") == "disabled" or (skipped is not None and skipped.get("message", "").startswith("SKIP_")):
        return "skipped"
    return "failed"


def results(tree):
    """Of each test in a build tree: verdict, name, output."""
    try:
        suite = xml.etree.ElementTree.parse(tree / "ctest.xml")
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        return [("failed", "the tests were not run", str(error))]
    cases = [(verdict(case), case.get("name"), case.findtext("system-out") or "") for case in suite.iter("testcase")]
    return cases or [("failed", "there is no test", "")]


def main(trees):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for tree in map(pathlib.Path, trees):
        for outcome, name, output in results(tree):
            counts[outcome] += 1
            if outcome != "passed":
                print(f"{outcome}: {tree.name}: {name}")
            if outcome == "failed":
                lines = [line for line in output.rstrip().splitlines() if not PROGRESS.fullmatch(line.strip())]
                print("".join(f"    {line}\n" for line in (["..."] if len(lines) > LINES else []) + lines[-LINES:]), end="")
    if not counts["skipped"]:
        del counts["skipped"]
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    sys.exit(1 if counts["failed"] or not counts["passed"] else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
