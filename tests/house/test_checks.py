"""The house checks themselves: each of them fails when it should, and only then."""

import pathlib
import subprocess
import tempfile
import unittest

import exports
import floors
import loading
import plain_text
import top_level
import tree

HOUSE = pathlib.Path(__file__).resolve().parent
MAP = "TRAINSTAT_1 { global: ts_*; local: *; };"


class TreeChecks(unittest.TestCase):
    """On a small tree with one defect at a time."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        subprocess.run(["git", "init", "--quiet", self.root], check=True)
        self.write("tests/house/floors.txt", (HOUSE / "floors.txt").read_text())
        self.write("src/base/value.hpp", "#include <cstdint>\n#include <fmt/format.h>\n")
        self.write("src/check/check.hpp", '#include "base/value.hpp"\n')
        self.write("src/sink/buffer.hpp", '#include "base/value.hpp"\n')
        self.write("src/json/writer.cpp", '#include <rapidjson/writer.h>\n#include "sink/buffer.hpp"\n')
        self.write("src/json/reader.cpp", "#include <rapidjson/reader.h>\n")
        self.write("abi/report.cpp", '#include <trainstat.h>\n#include "check/check.hpp"\n')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    def refuses(self, check, message):
        self.assertEqual(len(check.complaints(self.root)), 1, check.complaints(self.root))
        self.assertIn(message, check.complaints(self.root)[0])

    def test_takes_a_tree_without_defects(self):
        for check in (floors, plain_text, top_level):
            self.assertEqual(check.complaints(self.root), [])

    def test_refuses_an_upward_include(self):
        self.write("src/base/value.hpp", '#include "json/writer.cpp"\n')
        self.refuses(floors, "does not stand below it")

    def test_refuses_an_upward_include_by_a_relative_path(self):
        self.write("src/base/value.hpp", '#include "../json/writer.cpp"\n')
        self.refuses(floors, "does not stand below it")

    def test_refuses_an_include_of_a_neighbour(self):
        self.write("src/sink/buffer.hpp", '#  include "check/check.hpp"\n')
        self.refuses(floors, "does not stand below it")

    def test_refuses_an_include_of_a_file_that_is_not_there(self):
        self.write("src/sink/buffer.hpp", '#include "base/nothing.hpp"\n')
        self.refuses(floors, "no file of a floor")

    def test_refuses_rapidjson_outside_its_floor(self):
        self.write("src/report/report.cpp", "#include <rapidjson/writer.h>\n")
        self.refuses(floors, "for src/json only")

    def test_refuses_a_second_file_with_the_reader(self):
        self.write("src/json/writer.cpp", "#include <rapidjson/document.h>\n")
        self.refuses(floors, "one file")

    def test_refuses_the_c_header_below_the_abi(self):
        self.write("src/report/report.cpp", "#include <trainstat.h>\n")
        self.refuses(floors, "for abi only")

    def test_refuses_a_library_without_a_door(self):
        self.write("src/report/report.cpp", "#include <boost/any.hpp>\n")
        self.refuses(floors, "no door")

    def test_refuses_a_file_on_no_floor(self):
        self.write("src/utils/strings.cpp", "\n")
        self.refuses(floors, "no floor")

    def test_refuses_letters_beyond_ascii_in_sources(self):
        self.write("src/base/value.hpp", "// \u00e9\n")
        self.refuses(plain_text, "src/base/value.hpp:1: not ASCII")

    def test_takes_letters_beyond_ascii_in_vectors(self):
        self.write("tests/vectors/ok_names.json", '"\u00e9"\n')
        self.assertEqual(plain_text.complaints(self.root), [])

    def test_refuses_windows_line_ends(self):
        self.write("src/base/value.hpp", "int a;\r\n")
        self.refuses(plain_text, "white space at the end")

    def test_refuses_a_path_of_one_machine(self):
        self.write("README.md", "see /" + "home/someone/file\n")
        self.refuses(plain_text, "a path of one machine")

    def test_refuses_a_further_entry_at_the_top(self):
        self.write("scripts/run.sh", "\n")
        self.refuses(top_level, "scripts: not an agreed entry")


class LibraryChecks(unittest.TestCase):
    """On small shared libraries with one defect at a time."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.library = self.folder / "libtrainstat.so"
        self.approved = self.folder / "trainstat.symbols"
        self.approved.write_text("ts_one\n")

    def build(self, source, *flags, version=MAP, soname="libtrainstat.so.1", binding="-Wl,-Bsymbolic"):
        (self.folder / "source.cpp").write_text(source)
        (self.folder / "version.map").write_text(version)
        subprocess.run(
            ["g++", "-g", "-shared", "-fPIC", binding, f"-Wl,-soname,{soname}"]
            + [f"-Wl,--version-script={self.folder}/version.map", "-o", self.library, self.folder / "source.cpp", *flags],
            check=True,
        )

    def exports(self):
        return exports.complaints(self.library, self.approved)

    def loading(self):
        return loading.complaints(self.library)

    GOOD = 'extern "C" int ts_one(int a) { return a; }\n'

    def test_takes_a_library_without_defects(self):
        self.build(self.GOOD)
        self.assertEqual(self.exports(), [])
        self.assertEqual(self.loading(), [])

    def test_refuses_an_export_that_is_not_approved(self):
        self.build(self.GOOD + 'extern "C" int ts_two() { return 2; }\n')
        self.assertIn("ts_two@@TRAINSTAT_1: exported, but not", self.exports()[0])

    def test_refuses_a_leaking_cpp_symbol(self):
        self.build(self.GOOD + "int leak() { return 2; }\n", version="TRAINSTAT_1 { global: *; };")
        self.assertIn("_Z4leakv@@TRAINSTAT_1: exported, but not", self.exports()[0])

    def test_refuses_a_missing_export(self):
        self.approved.write_text("ts_one\nts_two\n")
        self.build(self.GOOD)
        self.assertIn("ts_two@@TRAINSTAT_1: in", self.exports()[0])

    def test_refuses_an_export_of_another_version(self):
        self.build(self.GOOD, version="TRAINSTAT_2 { global: ts_*; local: *; };")
        self.assertEqual(len(self.exports()), 2)

    def test_refuses_a_symbol_that_is_unique_in_the_process(self):
        unique = "template <class T> struct A { static int n; };\ntemplate <class T> int A<T>::n = 1;\n"
        self.build(self.GOOD + unique + "int use() { return ++A<int>::n; }\n", version="TRAINSTAT_1 { global: *; };")
        self.assertIn("could never be unloaded", self.exports()[0])

    def test_refuses_a_function_at_load_time(self):
        self.build(self.GOOD + "int make();\nint made = make();\nint make() { return 3; }\n", "-O0")
        self.assertIn("runs 1 functions of its own at load time", self.loading())

    def test_refuses_a_further_library(self):
        self.build(self.GOOD, "-Wl,--no-as-needed", "-lsqlite3")
        self.assertEqual(self.loading(), ["needs libsqlite3.so.0"])

    def test_refuses_a_run_path(self):
        self.build(self.GOOD, "-Wl,-rpath,/opt")
        self.assertEqual(self.loading(), ["has a run path"])

    def test_refuses_a_soname_without_a_number(self):
        self.build(self.GOOD, soname="libtrainstat.so")
        self.assertEqual(self.loading(), ["its soname is not libtrainstat.so.N"])

    def test_refuses_functions_that_a_host_could_replace(self):
        self.build(self.GOOD, binding="-Wl,-O1")
        self.assertEqual(self.loading(), ["is not linked with -Bsymbolic: a host could replace its functions"])

    def test_refuses_a_thread_local_with_a_destructor(self):
        self.build(self.GOOD + "struct D { ~D(); };\nD::~D() {}\nthread_local D d;\nvoid touch() { (void)&d; }\n")
        self.assertIn("has a thread_local with a destructor: it could not be unloaded", self.loading())

    def abi(self, *arguments):
        script = [HOUSE / "abi.sh", self.library, self.folder / "trainstat.abi", *arguments]
        return subprocess.run(["bash", *script], stdout=subprocess.DEVNULL).returncode

    def test_baseline_takes_the_same_interface_and_refuses_another(self):
        self.build(self.GOOD)
        self.assertEqual(self.abi(), 1)
        self.assertEqual(self.abi("--write"), 0)
        self.assertEqual(self.abi(), 0)
        self.build('extern "C" int ts_one(long a) { return static_cast<int>(a); }\n')
        self.assertEqual(self.abi(), 1)
        self.assertEqual(self.abi("--write"), 1)

    def test_baseline_grows_when_told_to(self):
        self.build(self.GOOD)
        self.assertEqual(self.abi("--write"), 0)
        self.build(self.GOOD + 'extern "C" int ts_two() { return 2; }\n')
        self.assertEqual(self.abi(), 1)
        self.assertEqual(self.abi("--write"), 0)
        self.assertEqual(self.abi(), 0)

    def test_baseline_refuses_another_layout_of_a_struct(self):
        source = '#include <trainstat.h>\nextern "C" int ts_one(const ts_value* cell) { return cell->kind; }\n'
        self.build(source, f"-I{tree.ROOT}/include")
        self.assertEqual(self.abi("--write"), 0)
        self.assertEqual(self.abi(), 0)
        changed = (tree.ROOT / "include/trainstat.h").read_text().replace("size_t length; /*", "size_t length, more; /*")
        (self.folder / "trainstat.h").write_text(changed)
        self.build(source, f"-I{self.folder}")
        self.assertEqual(self.abi(), 1)
        self.assertEqual(self.abi("--write"), 1)

    def header(self, text):
        (self.folder / "promise.h").write_text(text)
        run = subprocess.run(["bash", HOUSE / "header.sh", self.folder / "promise.h"], capture_output=True, text=True)
        return run.returncode, run.stdout

    def test_refuses_preprocessor_lines_between_the_marks(self):
        marked = "/* <declarations> */\n%s\n/* </declarations> */\n"
        self.assertEqual(self.header(marked % "int ts_one(int a);")[0], 0)
        self.assertIn("preprocessor", self.header(marked % "#define TS_ONE 1\nint ts_one(int a);")[1])

    def test_refuses_a_header_that_is_not_c99(self):
        code, said = self.header("/* <declarations> */\nint ts_one(int a);\n/* </declarations> */\n")
        self.assertEqual((code, said), (0, ""))
        code, said = self.header("/* <declarations> */\nint ts_one(int a = 1);\n\n/* </declarations> */\n")
        self.assertIn("does not compile as c99 with gcc", said)


if __name__ == "__main__":
    unittest.main()
