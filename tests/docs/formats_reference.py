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
    """A value of JSON as the table shows it."""
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def words(values):
    return ", ".join(f"`{value}`" if value else '`""`' for value in values)


def default(member):
    """What is written for a cell that is not given; an empty cell of the table where there is none."""
    return code(member["default"]) if "default" in member else ""


def presence(column):
    if "required_when" in column:
        text = " and ".join(f"required when {key} is `{value}`" for key, value in column["required_when"].items())
    elif column.get("extended") and column["presence"] == "required":
        text = "required in extended mode"
    else:
        text = column["presence"]
    return text + (", nullable" if column.get("nullable") else "")


def rule(member):
    """All that narrows the values of a column or option, in words."""
    parts = []
    low, high = member.get("minimum"), member.get("maximum")
    if low is not None and high is not None:
        parts.append(f"{low}..{high}")
    elif low is not None:
        parts.append(f">= {low}")
    elif high is not None:
        parts.append(f"<= {high}")
    if "choices" in member:
        parts.append(words(member["choices"]))
    others = {}
    for other, word in member.get("other_words", {}).items():
        others.setdefault(word, []).append(other)
    parts += [f"{words(given)} become{'s' if len(given) == 1 else ''} `{word}`" for word, given in others.items()]
    if "sentence" in member:
        parts.append(f"written as `{member['written_as']}`: `{member['sentence']}`")
    elif "written_as" in member:
        parts.append(f"written as `{member['written_as']}`")
    if member.get("extended"):
        parts.append("written in extended mode only")
    if member.get("omitted_when_null"):
        parts.append("left out when null")
    return "; ".join(parts)


def table(head, rows):
    lines = [head, ["--"] * len(head), *rows]
    return "".join("|" + "|".join(cell.replace("|", "\\|") for cell in line) + "|\n" for line in lines)


def rows_taken(description):
    low, high = description["rows"]["minimum"], description["rows"]["maximum"]
    if high == 0:
        return "No rows"
    if high == 1:
        return "Exactly one row"
    return "Any number of rows" if low == 0 else f"At least {low} row{'s' if low > 1 else ''}"


def columns_of(description):
    rows = [
        [f"`{column['key']}`", column["type"], presence(column), default(column), rule(column), column["meaning"]]
        for column in description["columns"]
    ]
    return table(["column", "type", "presence", "default", "rule", "meaning"], rows) if rows else ""


def formats_section(descriptions):
    text = ""
    seen = {}
    for name, description in descriptions.items():
        text += f"### `{name}`\n\n{description['meaning']} {rows_taken(description)}:\n`{description['document']}`\n\n"
        if "constants" in description:
            text += f"Every row begins with {', '.join(f'`{key}`: {code(value)}' for key, value in description['constants'].items())}.\n\n"
        columns = columns_of(description)
        twin = seen.setdefault(columns, name)
        text += columns + "\n" if columns and twin == name else f"Columns as in `{twin}`.\n\n" if columns else ""
    return text


def options_section(descriptions):
    """Every option once, with the formats that have it; twice where two formats describe it differently."""
    formats = {}
    for name, description in descriptions.items():
        for option in description["options"]:
            line = (f"`{option['name']}`", option["type"], default(option), rule(option), option["meaning"])
            formats.setdefault(line, []).append(name)
    rows = [
        [*line[:4], "all" if len(names) == len(descriptions) else words(names), line[4]] for line, names in formats.items()
    ]
    return "### Options\n\n" + table(["option", "type", "default", "rule", "formats", "meaning"], rows)


def reference():
    descriptions = {name: trainstat.describe(name) for name in trainstat.formats()}
    return formats_section(descriptions) + options_section(descriptions)


def main(mode, path):
    readme = pathlib.Path(path)
    text = readme.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{path} has no two marks for the formats reference:\n{BEGIN}{END}")
    fresh = before + BEGIN + "\n" + reference() + "\n" + END + after
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
