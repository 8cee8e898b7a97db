"""The build's one step of its own: a wheel carries the library, the walk and the queries, which are kept elsewhere in the checkout."""

import shutil
import sys
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # before setuptools 70.1
    try:
        from wheel.bdist_wheel import bdist_wheel
    except ImportError:
        bdist_wheel = None  # nothing but a wheel needs it

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parents[1] / "build" / "release" / "libtrainstat.so"
WALK = LIBRARY.with_name("_walk.abi3.so")
QUERIES = HERE.parent / "moodle"
CARRIED = HERE / "trainstat"  # where a source distribution has them


def carried() -> dict[str, Path]:
    """What goes into the package beside its modules: name there, file here."""
    queries = QUERIES if QUERIES.is_dir() else CARRIED / "queries"
    files = {f"queries/{query.name}": query for query in sorted(queries.glob("*.sql"))}
    for built in (LIBRARY, WALK):
        found = built if built.is_file() else CARRIED / built.name
        if found.is_file():
            files[found.name] = found
    return files


def carry(package: Path) -> None:
    for name, file in carried().items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, package / name)


class BuildPackage(build_py):
    def run(self) -> None:
        super().run()
        if getattr(self, "editable_mode", False):  # finds them where they are kept
            return
        if LIBRARY.name not in carried():
            print("no libtrainstat.so is built: the package will look for it by its soname", file=sys.stderr)
        carry(Path(self.build_lib) / "trainstat")


class SourceDistribution(sdist):
    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        carry(Path(base_dir) / "trainstat")


class Carrying(Distribution):
    """A wheel with the library in it is of one platform, and of any Python: one that does not take the walk goes without."""

    def has_ext_modules(self) -> bool:
        return LIBRARY.name in carried()


commands = {"build_py": BuildPackage, "sdist": SourceDistribution}
if bdist_wheel is not None:

    class Wheel(bdist_wheel):
        def get_tag(self) -> tuple[str, str, str]:
            return "py3", "none", super().get_tag()[2]

    commands["bdist_wheel"] = Wheel

setup(distclass=Carrying, cmdclass=commands)
