"""Control steps of action models of 16 and 206 million weights, against the original blocks in PyTorch."""
import sys

from .checks import distance, result  # noqa: F401  part of the family
from .runtime import Runtime

WORKS = ("control",)
UNIT = "steps"
SIZES = {"16M": "M16", "206M": "M206"}
REFERENCE = "xlstm4j f32"
BASE = "PyTorch f32"
ABSENT = {}


def xlstm(tools, model, case, repeats):
    return tools.java("org.xlstm4j.bench.peers.ControlPeer", model, case.threads, case.task, repeats)


def pytorch(tools, model, case, repeats):
    return tools.script("lram_pytorch.py", model, "--xlstm", tools.sources / "xlstm", "--threads", case.threads,
                        "--steps", case.count, "--repeats", repeats)


# The original's sources make the weights, so nothing runs without them.
RUNTIMES = [
    Runtime("xlstm4j f32", "lram-f32", xlstm, 1e-3, ("torch", "xlstm")),
    Runtime("xlstm4j q8", "lram-q8", xlstm, 0.3, ("torch", "xlstm")),
    Runtime("PyTorch f32", "lram-f32", pytorch, 1e-3, ("torch", "xlstm")),
]


def make(models, size, kind, target):
    tools = models.tools
    if kind == "lram-q8":
        return models.quantize(models.get(sys.modules[__name__], size, "lram-f32"), target, "q8")
    return tools.script("lram_pytorch.py", target, "--xlstm", tools.sources / "xlstm", "--make", "--size", SIZES[size])
