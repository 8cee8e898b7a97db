"""The README's runner itself: a block that is wrong fails, a block that is right does not."""

import os
import pathlib
import tempfile
import unittest
from contextlib import redirect_stdout
from io import StringIO

import readme

LIBRARY = os.environ["TRAINSTAT_LIBRARY"]


class Blocks(unittest.TestCase):
    def failures(self, text):
        """How many blocks fail, and what is said of them."""
        with tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8") as file, redirect_stdout(StringIO()) as said:
            file.write(text)
            file.flush()
            with self.assertRaises(SystemExit) as ended:
                readme.main(file.name, LIBRARY)
        return ended.exception.code, said.getvalue()

    def passes(self, text):
        self.assertEqual(self.failures(text), (0, "1 blocks, 0 failed\n"))

    def fails(self, text, reason):
        code, said = self.failures(text)
        self.assertEqual(code, 1, said)
        self.assertIn(reason, said)

    def test_fails_without_any_block(self):
        self.fails("# Nothing\n", "0 blocks")

    def test_runs_c_and_compares_what_it_prints(self):
        block = '```c\nprintf("%%d\\n", ts_abi_version() > 1);\n```\n\nprints\n\n```text\n%s\n```\n'
        self.passes(block % 1)
        self.fails(block % 2, "instead of")

    def test_fails_on_a_warning_in_c(self):
        self.fails("```c\nint unused;\n```\n", "unused variable")

    def test_runs_a_whole_c_program(self):
        self.passes("```c\n#include <trainstat.h>\nint main(void) { return ts_abi_version() < 1; }\n```\n")
        self.fails("```c\nint main(void) { return 4; }\n```\n", "ends with 4")

    def test_runs_python(self):
        self.passes("```python\nimport trainstat\nprint(len(trainstat.formats()) > 1)\n```\n```text\nTrue\n```\n")
        self.fails("```python\nimport trainstat\ntrainstat.Report('nothing')\n```\n", "unknown format")

    def test_runs_python_sessions(self):
        self.passes("```python\n>>> 1 + 1\n2\n```\n")
        self.fails("```python\n>>> 1 + 1\n3\n```\n", "Expected")

    def test_runs_php(self):
        self.passes("```php\necho count(Trainstat\\Catalogue::formats()) > 1 ? 'many' : 'few';\n```\n```text\nmany\n```\n")
        self.fails("```php\nnew Trainstat\\Report('nothing');\n```\n", "unknown format")

    def test_runs_shell_commands(self):
        self.passes("```bash\necho 7 > left\ncat left\n```\n```text\n7\n```\n")
        self.fails("```bash\nfalse\ntrue\n```\n", "ends with 1")

    def test_runs_what_a_console_shows(self):
        self.passes("```console\n$ echo 1\n1\n$ echo 2\n2\n```\n")
        self.fails("```console\n$ echo 1\n1\n$ echo 2\n3\n```\n", "instead of")

    def test_checks_the_names_in_the_two_main_commands(self):
        self.passes("```bash\nbash bindings/demo.sh\nbash tests/run.sh  # all tests\n```\n")
        self.fails("```bash\nbash tests/walk.sh\n```\n", "there is no tests/walk.sh")
        self.passes("```sh\ncmake --preset release\n```\n")
        self.fails("```sh\ncmake --preset fast\n```\n", "there is no preset fast")

    def test_does_not_take_a_later_section_for_output(self):
        self.passes("```bash\necho 1\n```\n## Next\n```text\nsomething else\n```\n")

    def test_reads_json(self):
        self.passes('```json\n{"data":[]}\n```\n')
        self.fails('```json\n{"data":[]\n```\n', "json block")


if __name__ == "__main__":
    unittest.main()
