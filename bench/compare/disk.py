"""How much a deployment takes on disk: the runtime with all that it needs, and the model."""
import json
import subprocess
from pathlib import Path

from .start import SHIPPED

# Walks over a package's requirements, those of extras left out, and adds the sizes of their files.
INSTALLED = """
import json, os, re, sys
from importlib import metadata
names, sizes = [sys.argv[1]], {}
while names:
    name = re.sub(r"[-_.]+", "-", names.pop()).lower()
    if name in sizes: continue
    try: found = metadata.distribution(name)
    except metadata.PackageNotFoundError: continue
    files = [found.locate_file(f) for f in found.files or []]
    sizes[name] = sum(os.path.getsize(f) for f in files if os.path.isfile(f))
    names += [re.match(r"[A-Za-z0-9._-]+", r).group() for r in found.requires or [] if "extra ==" not in r]
print(json.dumps(sizes))
"""


def size(path):
    path = Path(path)
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(f.stat().st_size for f in files if f.is_file() and not f.is_symlink())


def deployments(tools):
    """What, bytes and what is counted, a line each."""
    rows = [("xlstm4j", size(tools.image()), "the image of `./xlstm`, with its Java and the cache of compiled classes")]
    for package in ("transformers", "onnxruntime"):
        sizes = installed(tools, package)
        if package == "transformers" and sizes:
            # transformers does not require torch, but its models do.
            sizes = {**sizes, **installed(tools, "torch")}
        if sizes:
            rows.append((package, sum(sizes.values()), f"{len(sizes)} Python packages: {largest(sizes)}; Python itself is not counted"))
    if tools.llama_libraries:
        kernels = max(tools.llama_libraries.glob("libggml-cpu*.so"), key=size)
        libraries = [tools.library(name) for name in ("libllama", "libggml", "libggml-base")] + [kernels]
        rows.append(("llama.cpp", sum(map(size, libraries)), "libllama, libggml, libggml-base and the kernels of one processor"))
    rows.append(("the shipped language model", size(SHIPPED / "model.safetensors"), "20 million weights in BF16"))
    return rows


def installed(tools, package):
    if not tools.python:
        return {}
    done = subprocess.run([tools.python, "-c", INSTALLED, package], capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def largest(sizes):
    names = sorted(sizes, key=sizes.get, reverse=True)[:3]
    return ", ".join(names) + (" and others" if len(sizes) > 3 else "")
