"""The formats reference: what is stale fails, what was just written does not."""

import pathlib
import tempfile
import unittest

import formats_reference


class Reference(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.readme = pathlib.Path(folder.name) / "README.md"
        self.readme.write_text(f"# Before\n{formats_reference.BEGIN}{formats_reference.END}\nAfter\n")

    def test_written_is_fresh_and_changed_is_stale(self):
        with self.assertRaisesRegex(SystemExit, "stale"):
            formats_reference.main("--check", self.readme)
        formats_reference.main("--write", self.readme)
        formats_reference.main("--check", self.readme)
        text = self.readme.read_text(encoding="utf-8")
        self.assertTrue(text.startswith("# Before\n") and text.endswith("\nAfter\n"))
        self.assertIn("|`user_id`|integer|required|", text)
        self.readme.write_text(text.replace("|`user_id`|integer|required|", "|`user_id`|text|required|"), encoding="utf-8")
        with self.assertRaisesRegex(SystemExit, "stale"):
            formats_reference.main("--check", self.readme)

    def test_needs_its_marks(self):
        self.readme.write_text("# Before\n")
        with self.assertRaisesRegex(SystemExit, "no two marks"):
            formats_reference.main("--write", self.readme)


if __name__ == "__main__":
    unittest.main()
