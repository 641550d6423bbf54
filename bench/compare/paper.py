"""Language models of the paper's blocks, sLSTM and mLSTM, against the original package in PyTorch."""
import sys

from .checks import distance, result  # noqa: F401  part of the family
from .language import onnx, xlstm
from .runtime import Runtime

WORKS = ("tg", "pp")
UNIT = "tokens"
SIZES = {"4M": None, "125M": None}
REFERENCE = "xlstm4j f32"
BASE = "PyTorch f32"
ABSENT = {
    "xlstm.c": "raws-labs/xlstm.c (found on GitHub) has cells of one head with their projections, but no blocks or models around them",
}


def pytorch(tools, model, case, repeats):
    return tools.script("xlstm_pytorch.py", model, "--package", tools.sources / "xlstm", "--threads", case.threads,
                        "--case", case.task, "--repeats", repeats)


def steps(case):
    return case.work == "tg"


# The original's sources make the weights, so nothing runs without them.
RUNTIMES = [
    Runtime("xlstm4j f32", "paper-f32", xlstm, 1e-3, ("torch", "xlstm")),
    Runtime("xlstm4j q8", "paper-q8", xlstm, 0.3, ("torch", "xlstm")),
    Runtime("PyTorch f32", "paper-f32", pytorch, 1e-3, ("torch", "xlstm")),
    Runtime("onnxruntime f32", "paper-onnx", onnx, 1e-3, ("torch", "xlstm", "onnx"), steps),
    Runtime("onnxruntime int8", "paper-onnx-int8", onnx, 0.6, ("torch", "xlstm", "onnx"), steps, quick=False),
]


def make(models, size, kind, target):
    tools = models.tools
    if kind == "paper-f32":
        return tools.script("xlstm_pytorch.py", target, "--package", tools.sources / "xlstm", "--make", "--size", size)
    plain = models.get(sys.modules[__name__], size, "paper-f32")
    if kind == "paper-q8":
        return models.quantize(plain, target, "q8")
    graph = tools.script("make_paper_onnx.py", plain, target)
    return graph + ["--int8"] if kind == "paper-onnx-int8" else graph
