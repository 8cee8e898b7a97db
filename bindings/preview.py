"""Shows the first rows of a report as a small table.

    python3 preview.py report.json user_id,course_id,progress
"""

import json
import sys
import unicodedata

ROWS = 5
WIDEST = 26
CHUNK = 1 << 20


def first_rows(path):
    """The first rows. Reads no further, since a report may be larger than memory."""
    decoder = json.JSONDecoder()
    with open(path, encoding="utf-8") as file:
        text = file.read(CHUNK)
        position = text.index("[") + 1
        rows = []
        while len(rows) < ROWS and text[position] != "]":
            row, position = decoder.raw_decode(text, position)
            rows.append(row)
            position += text[position] == ","
    return rows


def width(text):
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def cell(value):
    """A value on one line, cut to the widest that a column may be."""
    text = "-" if value is None else value if isinstance(value, str) else json.dumps(value)
    text = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
    if width(text) <= WIDEST:
        return text
    while width(text) > WIDEST - 3:
        text = text[:-1]
    return text + "..."


def main():
    path, columns = sys.argv[1], sys.argv[2].split(",")
    table = [columns] + [[cell(row[column]) for column in columns] for row in first_rows(path)]
    widths = [max(width(line[i]) for line in table) for i in range(len(columns))]
    for line in table:
        print("  " + "  ".join(text + " " * (wide - width(text)) for text, wide in zip(line, widths)).rstrip())


if __name__ == "__main__":
    main()
