"""The formats reference of README.md, from the library's own description.

    python3 formats_reference.py --write|--check README.md

It stands between two marks, which stay. Needs TRAINSTAT_LIBRARY and the Python binding.
"""

import json
import pathlib
import sys

import trainstat

BEGIN = "<!-- formats reference: made by tests/docs/formats_reference.py --write -->\n"
END = "<!-- end of the formats reference -->"


def code(value):
    return f"`{json.dumps(value, ensure_ascii=False)}`" if not isinstance(value, str) else f"`{value}`"


def default(member):
    """What is written for a cell that is not given; an empty cell of the table where there is none."""
    if "default" not in member:
        return ""
    value = member["default"]
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def presence(column):
    if "required_when" in column:
        ((key, value),) = column["required_when"].items()
        return f"required when {key} is `{value}`"
    return column["presence"]


def rule(column):
    """All that narrows the values of a column, in words."""
    parts = []
    low, high = column.get("minimum"), column.get("maximum")
    if low is not None and high is not None:
        parts.append(f"{low}..{high}")
    elif low is not None:
        parts.append(f">= {low}")
    elif high is not None:
        parts.append(f"<= {high}")
    if "choices" in column:
        parts.append(", ".join(code(word) for word in column["choices"]))
    for other, word in column.get("other_words", {}).items():
        parts.append(f'`"{other}"` is taken as `{word}`')
    if column.get("nullable"):
        parts.append("null is legal")
    if "written_as" in column:
        parts.append(f"written as `{column['written_as']}`")
    if column.get("extended"):
        parts.append("written in extended mode only")
    if column.get("omitted_when_null"):
        parts.append("left out when null")
    return "; ".join(parts)


def table(head, rows):
    lines = [head, ["--"] * len(head), *rows]
    return "".join("|" + "|".join(str(cell).replace("|", "\\|") for cell in line) + "|\n" for line in lines)


def rows_taken(description):
    low, high = description["rows"]["minimum"], description["rows"]["maximum"]
    if high == 0:
        return "no rows"
    if low == high:
        return f"exactly {low} row" + ("s" if low != 1 else "")
    return "any number of rows" if low == 0 else f"at least {low} row" + ("s" if low != 1 else "")


def section(name):
    description = trainstat.describe(name)
    text = f"### `{name}`\n\n{description['meaning']} Takes {rows_taken(description)}.\n\n"
    columns = [
        (f"`{column['key']}`", column["type"], presence(column), default(column), rule(column), column["meaning"])
        for column in description["columns"]
    ]
    if columns:
        text += table(["column", "type", "presence", "default", "rule", "meaning"], columns) + "\n"
    options = [
        (f"`{option['name']}`", option["type"], default(option), rule(option), option["meaning"])
        for option in description["options"]
    ]
    return text + table(["option", "type", "default", "rule", "meaning"], options)


def main(mode, path):
    readme = pathlib.Path(path)
    text = readme.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{path} has no two marks for the formats reference:\n{BEGIN}{END}")
    fresh = before + BEGIN + "\n" + "\n".join(section(name) for name in trainstat.formats()) + "\n" + END + after
    if mode == "--write":
        readme.write_text(fresh, encoding="utf-8")
    elif mode != "--check":
        sys.exit(__doc__)
    elif fresh != text:
        sys.exit(f"The formats reference of {path} is stale: run formats_reference.py --write {path}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
