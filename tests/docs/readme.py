"""Runs the code blocks of README.md.

    python3 readme.py README.md build/release/libtrainstat.so

* ```c, ```python, ```php: run, in an empty folder with the installed library at hand; without a main, an opening tag and the like
  around them where the block is a fragment.
* ```bash, ```sh: each line that is one of the commands below is checked (the files and presets that it names are there); a block
  with another line is run, in a folder that looks like the checkout.
* ```console: lines after `$ ` are run in the same way, the others are what they print.
* ```text right behind such a block: what it prints, to the letter but for white space at the ends of lines.
* ```json: is JSON. Other blocks are left alone; one of ```py is run by bindings/python/tests/spark, which has Spark at hand.
"""

import doctest
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Commands that would run this test again, need the network or change the machine.
CHECKED_ONLY = ("bash bindings/demo.sh", "bash bindings/install.sh", "bash tests/", "git clone", "cd ", "cmake ", "ctest ")

FENCE = re.compile(r"^(`{3,})([A-Za-z+]*)[^\n`]*\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)

SECONDS = 120

C_FRAME = "#include <stdio.h>\n#include <string.h>\n#include <trainstat.h>\nint main(void) {\n%s\n  return 0;\n}\n"

# Stands for Composer's.
AUTOLOAD = "<?php require_once 'bindings/php/autoload.php';\n"


class Failure(Exception):
    """What is wrong with a block."""


def blocks(text):
    """Each fenced block: line number, language, body, and the body of a text block that follows with nothing in between but prose."""
    found = list(FENCE.finditer(text))
    for match, follower in zip(found, found[1:] + [None]):
        between = text[match.end() : follower.start()] if follower else ""
        shown = follower and follower.group(2) == "text" and "\n#" not in between
        yield text.count("\n", 0, match.start()) + 1, match.group(2), match.group(3), follower.group(3) if shown else None


def run(command, folder, environment):
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode != 0:
        raise Failure(f"ends with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def compare(printed, shown):
    """Both as lines without what stands invisible at their ends."""
    lines = [[line.rstrip() for line in text.rstrip().splitlines()] for text in (printed, shown)]
    if lines[0] != lines[1]:
        raise Failure(f"prints\n{printed}\ninstead of\n{shown}")


def run_c(body, folder, environment):
    source = folder / "block.c"
    source.write_text(body if re.search(r"\bmain\s*\(", body) else C_FRAME % body)
    library = pathlib.Path(environment["TRAINSTAT_LIBRARY"]).parent
    flags = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{ROOT}/include"]
    run(["gcc", *flags, source, "-o", folder / "block", f"-L{library}", "-ltrainstat", f"-Wl,-rpath,{library}"], folder, environment)
    return run([folder / "block"], folder, environment)


def run_python(body, folder, environment):
    if body.lstrip().startswith(">>>"):
        (folder / "block.txt").write_text(body, encoding="utf-8")
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        check = f"import doctest, sys; sys.exit(doctest.testfile('block.txt', False, optionflags={flags}).failed)"
        return run([sys.executable, "-c", check], folder, environment)
    (folder / "block.py").write_text(body, encoding="utf-8")
    return run([sys.executable, "block.py"], folder, environment)


def run_php(body, folder, environment):
    (folder / "block.php").write_text(body if body.lstrip().startswith("<?php") else "<?php\n" + body, encoding="utf-8")
    return run(["php", "-d", "auto_prepend_file=vendor/autoload.php", "block.php"], folder, environment)


def run_shell(body, folder, environment):
    commands = [line for line in body.replace("\\\n", " ").splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if all(line.startswith(CHECKED_ONLY) for line in commands):
        for line in commands:
            check_command(line)
        return None
    return run(["bash", "-euo", "pipefail", "-c", body], folder, environment)


def check_command(line):
    """A command that is not run names scripts and presets that are there."""
    words = shlex.split(line, comments=True)
    if words[0] == "bash" and not (ROOT / words[1]).is_file():
        raise Failure(f"there is no {words[1]}")
    presets = json.loads((ROOT / "CMakePresets.json").read_text())
    names = {preset["name"] for kind in ("configurePresets", "buildPresets", "testPresets") for preset in presets.get(kind, [])}
    for word, following in zip(words, words[1:]):
        if word == "--preset" and following not in names:
            raise Failure(f"there is no preset {following}")


def run_console(body, folder, environment):
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        printed = run_shell(command, folder, environment)
        if printed is not None:
            compare(printed, shown)


def run_json(body, _folder, _environment):
    json.loads(body)


RUNNERS = {
    "c": run_c,
    "python": run_python,
    "php": run_php,
    "bash": run_shell,
    "sh": run_shell,
    "console": run_console,
    "json": run_json,
}


def prepare(folder):
    """Makes the folder look like the checkout, so that what a block writes lands elsewhere."""
    for name in ("bindings", "include", "tests", "build"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "vendor").mkdir()
    (folder / "vendor" / "autoload.php").write_text(AUTOLOAD)


def main(readme, library):
    environment = {
        **os.environ,
        "TRAINSTAT_LIBRARY": str(pathlib.Path(library).resolve()),
        "PYTHONPATH": str(ROOT / "bindings/python"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    ran = failed = 0
    for line, language, body, shown in blocks(pathlib.Path(readme).read_text(encoding="utf-8")):
        if language not in RUNNERS:
            continue
        ran += 1
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            prepare(folder)
            try:
                printed = RUNNERS[language](body, folder, environment)
                if shown is not None and printed is not None:
                    compare(printed, shown)
            except (Failure, ValueError, subprocess.TimeoutExpired) as failure:
                failed += 1
                print(f"{readme}:{line}: {language} block {failure}")
    print(f"{ran} blocks, {failed} failed")
    sys.exit(1 if failed or not ran else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
