"""Forecasts of 32 values behind 512 with a model of TiRex' sizes, against the original package in PyTorch and a graph in ONNX Runtime."""
import sys

from .checks import distance, result  # noqa: F401  part of the family
from .runtime import Runtime

WORKS = ("forecast",)
UNIT = "forecasts"
SIZES = {"TiRex": None}
REFERENCE = "xlstm4j f32"
BASE = "PyTorch f32"
ABSENT = {}


def xlstm(tools, model, case, repeats):
    return tools.java("org.xlstm4j.bench.peers.ForecastPeer", model, case.threads, case.task, repeats)


def pytorch(tools, model, case, repeats):
    return tools.script("tirex_pytorch.py", model, "--package", tools.sources / "tirex/src", "--threads", case.threads,
                        "--forecasts", case.count, "--repeats", repeats)


def onnx(tools, model, case, repeats):
    return tools.script("tirex_onnx.py", model, "--threads", case.threads, "--forecasts", case.count, "--repeats", repeats)


RUNTIMES = [
    Runtime("xlstm4j f32", "tirex.ckpt", xlstm, 1e-3, ("torch", "tirex")),
    Runtime("PyTorch f32", "tirex.ckpt", pytorch, 1e-3, ("torch", "tirex")),
    Runtime("onnxruntime f32", "tirex.onnx", onnx, 1e-3, ("torch", "tirex", "onnx", "onnxruntime")),
]


def make(models, size, kind, target):
    if kind == "tirex.onnx":
        return models.tools.script("tirex_onnx.py", models.get(sys.modules[__name__], size, "tirex.ckpt"), "--make", target)
    return models.tools.script("tirex_pytorch.py", target, "--package", models.tools.sources / "tirex/src", "--make")
