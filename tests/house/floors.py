"""Includes point down only, and each dependency has one door."""

import re

import tree

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)

# Third parties and the only folders that may see them.
DOORS = {"fmt/": ("src", "abi"), "rapidjson/": ("src/json",), "trainstat.h": ("abi",), "sys/": ("src", "abi")}

# What brings RapidJSON's Reader along; it has one file, which knows its weaknesses.
READER = ("rapidjson/reader.h", "rapidjson/document.h", "rapidjson/schema.h")


def floors(root):
    """Folder -> how high it is."""
    lines = (root / "tests/house/floors.txt").read_text().splitlines()
    levels = [line.split() for line in lines if line and not line.startswith("#")]
    return {folder: level for level, folders in enumerate(levels) for folder in folders}


def folder_of(path, known):
    """The floor that a path of the project belongs to."""
    return next((folder for folder in known if path.startswith(folder + "/")), None)


def complaints(root):
    known = floors(root)
    found = []
    readers = []
    for path in tree.files(root, ".c", ".h", ".cpp", ".hpp"):
        source = path.relative_to(root).as_posix()
        if not source.startswith(("src/", "abi/")):
            continue
        here = folder_of(source, known)
        if here is None:
            found.append(f"{source}: stands on no floor of tests/house/floors.txt")
            continue
        for mark, name in INCLUDE.findall(path.read_text()):
            if name in READER:
                readers.append(source)
            door = next((door for door in DOORS if name.startswith(door)), None)
            if door is not None:
                if not source.startswith(tuple(folder + "/" for folder in DOORS[door])):
                    found.append(f"{source}: includes {name}, which is for {' and '.join(DOORS[door])} only")
            elif mark == "<":
                if "/" in name:
                    found.append(f"{source}: includes {name} of a library that has no door in tests/house/floors.py")
            elif not name.endswith(".inc"):  # Those are made by the build, constant data without includes.
                places = (f"src/{name}", name, f"abi/{name}", (path.parent / name).resolve().relative_to(root).as_posix())
                target = next((place for place in places if (root / place).is_file()), None)
                there = folder_of(target, known) if target else None
                if there is None:
                    found.append(f"{source}: includes {name}, which is no file of a floor")
                elif here != there and known[there] >= known[here]:
                    found.append(f"{source}: includes {target}, which does not stand below it")
    if len(set(readers)) > 1:
        found.append(f"RapidJSON's Reader belongs into one file, not into {', '.join(sorted(set(readers)))}")
    return found


if __name__ == "__main__":
    tree.report(complaints(tree.ROOT))
