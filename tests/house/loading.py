"""What loading and unloading the library costs its host: nothing at load time but constant data, few libraries, no paths.

    python3 loading.py libtrainstat.so
"""

import os
import re
import subprocess
import sys

import tree

MAY_NEED = {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}

POINTER = 8


def read(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}).stdout


def complaints(library):
    dynamic = read("readelf", "--dynamic", "--wide", library)
    found = [f"needs {name}" for name in re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic) if name not in MAY_NEED]
    if re.search(r"\((RPATH|RUNPATH)\)", dynamic):
        found.append("has a run path")
    if not re.search(r"\(SONAME\).*\[libtrainstat\.so\.\d+\]", dynamic):
        found.append("its soname is not libtrainstat.so.N")
    if not re.search(r"\(SYMBOLIC\)|\(FLAGS\).*\bSYMBOLIC\b", dynamic):
        found.append("is not linked with -Bsymbolic: a host could replace its functions")

    # The compiler's own frame_dummy is the one function that runs at load time.
    sections = read("readelf", "--sections", "--wide", library)
    sizes = re.findall(r"\.(?:init_array|preinit_array|ctors)\s+\S+\s+\S+\s+\S+\s+(\S+)", sections)
    functions = sum(int(size, 16) for size in sizes) // POINTER
    if functions > 1:
        found.append(f"runs {functions - 1} functions of its own at load time")
        found += re.findall(r"_GLOBAL__sub_I_\S*", read("nm", "--defined-only", library))

    undefined = read("nm", "--dynamic", "--undefined-only", library)
    if "__cxa_thread_atexit" in undefined:
        found.append("has a thread_local with a destructor: it could not be unloaded")
    return found


if __name__ == "__main__":
    tree.report(complaints(*sys.argv[1:]))
