"""Which machine, which versions: what every sample says about itself."""
import os
import platform
import re
import subprocess
from pathlib import Path

PACKAGES = ["torch", "transformers", "onnx", "onnxruntime", "gguf", "numpy"]


def cpu():
    """The processor's name, and a folder's name that tells processors of the same name apart."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        text = ""

    def field(name):
        found = re.search(rf"^{name}\s*:\s*(.*)$", text, re.MULTILINE)
        return found.group(1) if found else ""

    name = field("model name") or platform.processor() or platform.machine()
    family, model = field("cpu family"), field("model")
    title = f"{name} (family {family}, model {model})" if family else name
    slug = re.sub(r"[^A-Za-z0-9]+", "-", f"{name} {family} {model} {os.cpu_count()} cores").strip("-").lower()
    return title, slug


def commit(root):
    """The state of the sources; with a plus if files differ from it."""
    git = lambda *arguments: subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True).stdout.strip()
    # The results change while the comparison runs.
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!bench/results")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "") or "unknown"


def versions(tools):
    told = subprocess.run([tools.java_home + "/bin/java", "-version"], capture_output=True, text=True).stderr.splitlines()
    found = {"java": told[1] if len(told) > 1 else "unknown"}
    if tools.python:
        script = (
            "import platform, sys\nfrom importlib import metadata\nprint('python', platform.python_version())\n"
            "for name in sys.argv[1:]:\n  try: print(name, metadata.version(name))\n  except metadata.PackageNotFoundError: pass"
        )
        lines = subprocess.run([tools.python, "-c", script, *PACKAGES], capture_output=True, text=True).stdout.splitlines()
        found.update(line.split(" ", 1) for line in lines)
    return found
