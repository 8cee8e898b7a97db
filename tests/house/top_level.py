"""The top level holds the agreed entries and nothing else."""

import tree

AGREED = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "abi", "bindings", "include", "src", "tests"}


def complaints(root):
    entries = {path.relative_to(root).parts[0] for path in tree.files(root)}
    return [f"{entry}: not an agreed entry of the top level" for entry in sorted(entries - AGREED) if not entry.startswith(".")]


if __name__ == "__main__":
    tree.report(complaints(tree.ROOT))
