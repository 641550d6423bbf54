"""Language models: tokens one at a time and prompts.

All runtimes but llama.cpp and Jlama run the same xLSTM of random weights. Those two have no xLSTM;
they run a Llama (and a Mamba-2) in which a token reads about as many weights.
"""
import sys

from .checks import distance, result  # noqa: F401  part of the family
from .runtime import Runtime
from .tools import PEERS

WORKS = ("tg", "pp")
UNIT = "tokens"
# width, blocks and heads of the xLSTM
SIZES = {"20M": (384, 8, 6), "220M": (1024, 16, 4), "1.3B": (2048, 24, 8)}
# width, blocks, inner width of the feed-forward layer and heads; blocks of the Mamba-2
LLAMA = {"20M": (384, 8, 1024, 6), "220M": (1024, 16, 2816, 16), "1.3B": (2048, 24, 5632, 16)}
MAMBA_BLOCKS = {"20M": 14, "220M": 31, "1.3B": 47}
REFERENCE = "xlstm4j f32"
BASE = "transformers f32"


def xlstm(tools, model, case, repeats):
    return tools.java("org.xlstm4j.bench.peers.XlstmPeer", model, case.threads, case.task, repeats)


def onnx(tools, model, case, repeats):
    return tools.java("org.xlstm4j.bench.peers.OnnxPeer", model, case.threads, case.task, repeats)


def transformers(tools, model, case, repeats):
    return tools.script("transformers_xlstm.py", "--model", model, "--threads", case.threads, "--case", case.task, "--repeats", repeats)


def compiled(tools, model, case, repeats):
    command = transformers(tools, model, case, repeats) + ["--compile"]
    return command + ["--architecture", tools.level.architecture] if tools.level else command


def llama(tools, model, case, repeats):
    return [tools.llama(), tools.back_ends(), model, case.threads, case.task, repeats]


def jlama(tools, model, case, repeats):
    return [*jlama_program(tools), model, case.threads, case.task, repeats]


def jlama_program(tools):
    return [*tools.jvm(), "-cp", tools.jlama(), PEERS / "JlamaPeer.java"]


def small(case):
    """What needs the weights in 32 bits is too slow, and too large, for the largest model."""
    return case.size != "1.3B" and case.depth <= 1000


def steps(case):
    return small(case) and case.work == "tg"


def plain_steps(case):
    return steps(case) and case.depth == 0


def alone(case):
    """Compiling takes minutes a process, more with more blocks, so only where it is shortest."""
    return plain_steps(case) and case.threads == 1 and case.size == "20M"


def whole_blocks(case):
    """Blocks of 256 weights do not fit rows of 384."""
    return case.depth == 0 and case.size != "20M"


RUNTIMES = [
    Runtime("xlstm4j f32", "f32", xlstm, 1e-3, ("torch",), fits=small),
    Runtime("xlstm4j bf16", "bf16", xlstm, 0.1, ("torch",)),
    Runtime("xlstm4j q8", "q8", xlstm, 0.3, ("torch",)),
    Runtime("xlstm4j q4", "q4", xlstm, 2.0, ("torch",), lambda case: case.depth <= 1000),
    Runtime("transformers f32", "f32", transformers, 1e-3, ("torch",), small),
    Runtime("transformers bf16", "bf16", transformers, 0.3, ("torch",), small, quick=False),
    Runtime("transformers f32 compiled", "f32", compiled, 1e-3, ("torch",), alone, quick=False),
    Runtime("onnxruntime f32", "onnx", onnx, 1e-3, ("torch", "onnx"), steps),
    Runtime("onnxruntime int8", "onnx-int8", onnx, 0.6, ("torch", "onnx"), plain_steps, quick=False),
    Runtime("llama.cpp Llama bf16", "llama-bf16", llama, None, ("llama", "gguf"), small, quick=False),
    Runtime("llama.cpp Llama Q8_0", "llama-q8_0", llama, None, ("llama", "gguf"), lambda case: case.depth <= 1000),
    Runtime("llama.cpp Llama Q4_0", "llama-q4_0", llama, None, ("llama", "gguf"), lambda case: case.depth == 0),
    Runtime("llama.cpp Llama Q4_K", "llama-q4_k", llama, None, ("llama", "gguf"), whole_blocks, quick=False),
    Runtime("llama.cpp Mamba-2 bf16", "mamba2-bf16", llama, None, ("llama", "gguf"), lambda case: case.size != "1.3B", quick=False),
    Runtime("llama.cpp Mamba-2 Q8_0", "mamba2-q8_0", llama, None, ("llama", "gguf"), lambda case: case.depth == 0, quick=False),
    Runtime("Jlama Llama Q4", "llama-jlama", jlama, None, ("torch",), plain_steps, quick=False),
]
ABSENT = {"Jinfer": "com.qxotic:jinfer-core:0.3.1 is not to be had from Maven Central"}


def make(models, size, kind, target):
    tools = models.tools
    width, blocks, heads = SIZES[size]
    if kind in ("f32", "bf16"):
        return tools.script("make_model.py", target, "--width", width, "--blocks", blocks, "--heads", heads, "--type", kind)
    if kind in ("q8", "q4"):
        return models.quantize(models.get(sys.modules[__name__], size, "f32"), target, kind)
    if kind.startswith("onnx"):
        graph = tools.script("make_onnx.py", models.get(sys.modules[__name__], size, "f32"), target)
        return graph + ["--int8"] if kind == "onnx-int8" else graph
    width, blocks, inner, heads = LLAMA[size]
    network, weight_type = kind.split("-")
    if weight_type == "jlama":
        return [*jlama_program(tools), models.get(sys.modules[__name__], size, "llama-hf"), "quantize", target]
    sizes = ["--width", width, "--blocks", blocks, "--inner", inner, "--heads", heads]
    if weight_type == "hf":
        return tools.script("make_llama.py", target, *sizes)
    if network == "mamba2":
        sizes = ["--width", width, "--blocks", MAMBA_BLOCKS[size]]
    command = tools.script("make_gguf.py", target, "--kind", network, *sizes, "--type", weight_type)
    return command + ["--library", tools.library("libggml-base")] if weight_type == "q4_k" else command
