"""What is here to compare with: the JDK and this engine's build, a Python, llama.cpp, sources."""
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from . import process

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = ROOT / "bench" / "peers"
TARGET = ROOT / "bench" / "target"
VECTORS = ["--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]
# what makes the models, and what only some runtimes need
MODEL_PACKAGES = ["torch", "transformers", "safetensors"]
RUNTIME_PACKAGES = ["onnx", "onnxruntime", "gguf"]
JLAMA = "com.github.tjake:jlama-core:0.8.4"


def say(text):
    print(text, file=sys.stderr, flush=True)


class Tools:
    """Paths of the tools, and command lines that begin with them."""

    def __init__(self, python, llama, sources, level=None, rebuild=True):
        """
        level: what all runtimes are capped at; None if they are not
        rebuild: whether what is built already may be old
        """
        self.python = python
        self.llama_libraries = Path(llama).resolve() if llama else None
        self.sources = Path(sources).resolve() if sources else None
        self.level = level
        self.rebuild = rebuild
        script = f'. "{ROOT}/.mvn/find-jdk"; find_jdk; printf %s "$JAVA_HOME"'
        found = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, env={**os.environ, "root": str(ROOT)})
        self.java_home = found.stdout
        self.environment = {"JAVA_HOME": self.java_home}

    def absent_packages(self, packages):
        """Those of these Python packages that are not installed, found without importing any."""
        find = "import importlib.util as u, sys; print(*[p for p in sys.argv[1:] if u.find_spec(p) is None])"
        found = subprocess.run([self.python, "-c", find, *packages], capture_output=True, text=True) if self.python else None
        return found.stdout.split() if found and found.returncode == 0 else list(packages)

    def build(self):
        say("building")
        self.maven("package", "-pl", "bench,cli", "-am", "-DskipTests", "-Dspotless.check.skip")

    def maven(self, *arguments):
        command = ["mvn", "--batch-mode", "--quiet", "--no-transfer-progress", *arguments]
        process.run(command, self.environment)

    def java(self, main, *arguments):
        """One of this project's programs in bench."""
        libraries = [TARGET / "classes", *sorted((TARGET / "lib").glob("*.jar"))]
        return [*self.jvm(), "-cp", ":".join(map(str, libraries)), main, *arguments]

    def jvm(self):
        """A command line's beginning, of what is timed."""
        return [f"{self.java_home}/bin/java", *VECTORS, *(self.level.java if self.level else [])]

    def xlstm(self, *arguments):
        """The xlstm command in a plain JVM."""
        modules = sorted((ROOT / "cli/target/modules").glob("*.jar"))
        return [f"{self.java_home}/bin/java", *VECTORS, "-cp", ":".join(map(str, modules)), "org.xlstm4j.cli.Main", *arguments]

    def script(self, name, *arguments):
        """A Python program of bench/peers."""
        return [self.python, PEERS / name, *arguments]

    @cache
    def image(self):
        """The xlstm command as it is shipped: an image with a Java of its own."""
        process.run([ROOT / "xlstm", "version"], {**self.environment, "XLSTM_REBUILD": "1" if self.rebuild else ""})
        return ROOT / "cli/target/image"

    @cache
    def llama(self):
        """The program that drives llama.cpp, compiled when it is first needed."""
        program = TARGET / "llama_decode"
        libraries = [self.library(name) for name in ("libllama", "libggml", "libggml-base")]
        folder = self.llama_libraries
        process.run(["gcc", "-O2", PEERS / "llama_decode.c", "-o", program, *libraries, "-lm", f"-Wl,-rpath,{folder}"])
        return program

    @cache
    def back_ends(self):
        """The folder with llama.cpp's libraries; at a level, one of links without the other back ends of processors."""
        if not self.level:
            return self.llama_libraries
        folder = TARGET / f"llama-{self.level.name}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for library in self.llama_libraries.glob("*.so*"):
            if "ggml-cpu" not in library.name or self.level.back_end in library.name:
                (folder / library.name).symlink_to(library)
        return folder

    def library(self, name):
        """A library of llama.cpp, whose file may have its version in its name."""
        found = [*self.llama_libraries.glob(f"{name}.so*"), *self.llama_libraries.glob(f"{name}.v*.so")]
        if not found:
            raise RuntimeError(f"no {name}.so in {self.llama_libraries.name}")
        return found[0]

    @cache
    def jlama(self):
        """Jlama's libraries, which Maven brings when they are first needed."""
        folder = TARGET / "jlama"
        if not folder.exists():
            say("resolving " + JLAMA)
            self.maven("-f", PEERS / "jlama.xml", "dependency:copy-dependencies", "-DoutputDirectory=" + str(folder))
        return ":".join(map(str, sorted(folder.glob("*.jar"))))

    @cache
    def missing(self, need):
        """Why something is not here; None if it is."""
        if need in ("onnx", "onnxruntime") and self.level:
            return "asks the processor which instructions it has, and no setting caps them"
        packages = {"torch": MODEL_PACKAGES, "onnx": ["onnx"], "onnxruntime": ["onnxruntime"], "gguf": ["gguf"]}
        if need in packages:
            return None if self.imports(packages[need]) else f"no Python with {', '.join(packages[need])} (--python)"
        if need == "llama" and self.llama_libraries and self.level:
            found = any(self.llama_libraries.glob(f"libggml-cpu-{self.level.back_end}*"))
            return None if found else f"no back end of ggml for {self.level.back_end}, which is that for {self.level.title}"
        if need == "llama":
            return None if self.llama_libraries else "no folder with llama.cpp's libraries (--llama)"
        # What is left are the sources of the original packages.
        there = self.sources and (self.sources / need).is_dir()
        return None if there else f"no folder with a checkout of NX-AI/{need} in it (--sources)"

    def imports(self, packages):
        command = [self.python, "-c", "import " + ", ".join(packages)]
        return self.python is not None and subprocess.run(command, capture_output=True).returncode == 0
