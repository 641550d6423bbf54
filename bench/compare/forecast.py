"""Forecasts of 32 values behind 512 with a model of TiRex' sizes, against the original package in PyTorch."""
from .checks import distance, result  # noqa: F401  part of the family
from .runtime import Runtime

WORKS = ("forecast",)
UNIT = "forecasts"
SIZES = {"TiRex": None}
REFERENCE = "xlstm4j f32"
BASE = "PyTorch f32"
ABSENT = {"onnxruntime": "the original's recurrent cell is a loop in Python, and no graph of it has been made"}


def xlstm(tools, model, case, repeats):
    return tools.java("org.xlstm4j.bench.peers.ForecastPeer", model, case.threads, case.task, repeats)


def pytorch(tools, model, case, repeats):
    return tools.script("tirex_pytorch.py", model, "--package", tools.sources / "tirex/src", "--threads", case.threads,
                        "--forecasts", case.count, "--repeats", repeats)


RUNTIMES = [
    Runtime("xlstm4j f32", "tirex.ckpt", xlstm, 1e-3, ("torch", "tirex")),
    Runtime("PyTorch f32", "tirex.ckpt", pytorch, 1e-3, ("torch", "tirex")),
]


def make(models, size, kind, target):
    return models.tools.script("tirex_pytorch.py", target, "--package", models.tools.sources / "tirex/src", "--make")
