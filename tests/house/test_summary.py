"""The last line of tests/run.sh: what it counts, and when it fails."""

import pathlib
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from io import StringIO

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import summary  # noqa: E402

CASE = '<testcase name="%s" status="%s">%s<system-out>%s</system-out></testcase>'
PASSED = CASE % ("good", "run", "", "")
FAILED = CASE % ("bad", "fail", '<failure message=""/>', "\n".join(["....  63 / 90 ( 70%)", ".F..  [ 99%]", "what went wrong"]))
SKIPPED = CASE % ("later", "notrun", '<skipped message="SKIP_RETURN_CODE=77"/>', "")
DISABLED = CASE % ("off", "disabled", "", "")
NOT_FOUND = CASE % ("lost", "notrun", '<skipped message="Unable to find executable"/>', "")
WITHOUT_FIXTURE = CASE % ("needy", "notrun", '<skipped message="Fixture dependency failed"/>', "")


class Counts(unittest.TestCase):
    def summed(self, *trees):
        """Exit code and lines for build trees with these test cases."""
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()) as said:
            paths = [pathlib.Path(folder, f"tree{number}") for number in range(len(trees))]
            for path, cases in zip(paths, trees):
                path.mkdir()
                if cases is not None:
                    (path / "ctest.xml").write_text(f"<testsuite>{''.join(cases)}</testsuite>")
            with self.assertRaises(SystemExit) as ended:
                summary.main(paths)
        return ended.exception.code, said.getvalue().splitlines()

    def test_sums_over_trees(self):
        self.assertEqual(self.summed([PASSED, PASSED], [PASSED]), (0, ["3 passed, 0 failed"]))

    def test_shows_what_failed_without_progress_lines(self):
        lines = ["failed: tree0: bad", "    what went wrong", "1 passed, 1 failed"]
        self.assertEqual(self.summed([PASSED, FAILED]), (1, lines))

    def test_names_skipped_tests(self):
        lines = ["skipped: tree0: later", "skipped: tree0: off", "1 passed, 0 failed, 2 skipped"]
        self.assertEqual(self.summed([PASSED, SKIPPED, DISABLED]), (0, lines))

    def test_counts_what_could_not_start_as_failed(self):
        code, lines = self.summed([PASSED, NOT_FOUND, WITHOUT_FIXTURE])
        self.assertEqual((code, lines[-1]), (1, "1 passed, 2 failed"))

    def test_counts_a_tree_without_results_as_failed(self):
        self.assertEqual(self.summed([PASSED], None)[1][-1], "1 passed, 1 failed")
        self.assertEqual(self.summed([PASSED], [])[1][-1], "1 passed, 1 failed")

    def test_fails_when_nothing_ran(self):
        self.assertEqual(self.summed([SKIPPED])[0], 1)


if __name__ == "__main__":
    unittest.main()
