"""The start: from the start of a process to the first word of the shipped model with 20 million weights.

All files are in the page cache. Each runtime must write the same word; llama.cpp, which has a Llama
of random weights and no tokenizer, writes a number.
"""
from . import language
from .runtime import Runtime
from .tools import ROOT

WORKS = ("start",)
UNIT = "starts"
SIZES = {"20M": None}
REFERENCE = "xlstm4j bf16"
BASE = "transformers bf16"
ABSENT = {}
SHIPPED = ROOT / "models/pretrained/xlstm-large-mini"
QUANTIZED = ROOT / "models/pretrained/xlstm-large-mini-q8"
PROMPT = "It"


def xlstm(tools, model, case, repeats):
    return [tools.image() / "bin/xlstm", "generate", "-m", model, "-p", PROMPT, "-n", 1, "--temperature", 0, "--no-bos", "--threads", case.threads]


def transformers(tools, model, case, repeats):
    return tools.script("transformers_xlstm.py", "--model", model, "--threads", case.threads, "--first-word", PROMPT)


def onnx(tools, model, case, repeats):
    return tools.java("org.xlstm4j.bench.peers.OnnxPeer", model, case.threads, case.task, repeats, SHIPPED, PROMPT)


def llama(tools, model, case, repeats):
    return [tools.llama(), tools.back_ends(), model, case.threads, "first", repeats]


RUNTIMES = [
    Runtime("xlstm4j bf16", SHIPPED, xlstm, 0),
    Runtime("xlstm4j q8", QUANTIZED, xlstm, 0),
    Runtime("transformers bf16", SHIPPED, transformers, 0, ("torch",)),
    Runtime("onnxruntime f32", "shipped-onnx", onnx, 0, ("torch", "onnx")),
    Runtime("llama.cpp Llama bf16", "llama-bf16", llama, None, ("llama", "gguf")),
]


def result(done):
    word = done.output.strip("\n")
    return {"runtime": "", "check": [], "word": word, "units": 1, "seconds": [done.first_output_seconds]}


def distance(result, reference):
    return 0 if result["word"] == reference["word"] else float("inf")


def make(models, size, kind, target):
    if kind == "shipped-onnx":
        return models.tools.script("make_onnx.py", SHIPPED, target)
    return language.make(models, size, kind, target)
