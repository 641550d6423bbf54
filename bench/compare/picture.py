"""Pictures of 224 x 224 through ViL-Tiny, against the official code in PyTorch and its graph in ONNX Runtime."""
import sys

from .checks import distance, result  # noqa: F401  part of the family
from .runtime import Runtime

WORKS = ("picture",)
UNIT = "pictures"
SIZES = {"ViL-Tiny": None}
REFERENCE = "xlstm4j f32"
BASE = "PyTorch f32"
ABSENT = {}


def xlstm(tools, model, case, repeats):
    return tools.java("org.xlstm4j.bench.peers.PicturePeer", model, case.threads, case.task, repeats)


def pytorch(tools, model, case, repeats):
    return onnx(tools, model, case, repeats) + ["--sources", tools.sources / "vision-lstm"]


def onnx(tools, model, case, repeats):
    return tools.script("vil.py", model, "--threads", case.threads, "--pictures", case.count, "--repeats", repeats)


RUNTIMES = [
    Runtime("xlstm4j f32", "vil-f32", xlstm, 1e-3, ("torch", "vision-lstm")),
    Runtime("xlstm4j bf16", "vil-bf16", xlstm, 0.1, ("torch", "vision-lstm")),
    Runtime("PyTorch f32", "vil-f32", pytorch, 1e-3, ("torch", "vision-lstm")),
    Runtime("onnxruntime f32", "vil-onnx", onnx, 1e-3, ("torch", "vision-lstm", "onnx", "onnxruntime")),
]


def make(models, size, kind, target):
    tools = models.tools
    official = ["--sources", tools.sources / "vision-lstm"]
    if kind == "vil-f32":
        return tools.script("vil.py", target, *official, "--make")
    plain = models.get(sys.modules[__name__], size, "vil-f32")
    if kind == "vil-onnx":
        return tools.script("vil.py", plain, *official, "--onnx", target)
    return models.quantize(plain, target, "bf16")
