"""Writes a model with weights rounded as ggml's types round them, to compare perplexities.

    python ggml_weights.py MODEL QUANTIZED OUT --type Q4_K --library libggml-base.so

MODEL is the folder of a trained model. QUANTIZED is the same model as `xlstm quantize` wrote it: the
tensors that are quantized there are the ones that are rounded here, so both lose accuracy in the
same places. OUT is MODEL with these tensors in F32, quantized by ggml's own library (which comes in
the npm package @node-llama-cpp/linux-x64) and dequantized by the package gguf. Rows whose length is
no multiple of the type's block are filled up with zeros for that. Needs numpy, torch, safetensors
and gguf.
"""

import argparse
import ctypes
import json
import shutil
from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, quants
from safetensors.torch import load_file, save_file
import torch


def rounded(library, values, kind):
    """The values after quantization, and the bytes they took."""
    block, block_bytes = GGML_QUANT_SIZES[kind]
    rows, columns = values.shape
    width = -(-columns // block) * block
    padded = np.zeros((rows, width), np.float32)
    padded[:, :columns] = values
    packed = np.zeros((rows, width // block * block_bytes), np.uint8)
    written = library.ggml_quantize_chunk(
        int(kind),
        padded.ctypes.data_as(ctypes.c_void_p),
        packed.ctypes.data_as(ctypes.c_void_p),
        ctypes.c_int64(0),
        ctypes.c_int64(rows),
        ctypes.c_int64(width),
        None,
    )
    if written != packed.size:
        raise RuntimeError(f"ggml wrote {written} bytes, expected {packed.size}")
    return quants.dequantize(packed, kind)[:, :columns]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("quantized", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--type", required=True, help="Q8_0, Q4_0, Q4_1, Q4_K, ...")
    parser.add_argument("--library", required=True, help="path of libggml-base.so")
    arguments = parser.parse_args()

    library = ctypes.CDLL(arguments.library)
    library.ggml_quantize_chunk.restype = ctypes.c_size_t
    kind = GGMLQuantizationType[arguments.type]
    config = json.loads((arguments.quantized / "config.json").read_text())
    described = config["quantization_config"]["tensors"]

    tensors = {name: tensor.float() for name, tensor in load_file(arguments.model / "model.safetensors").items()}
    error = total = 0.0
    for name, packing in described.items():
        exact = tensors[name].numpy().reshape(-1, packing["columns"])
        after = rounded(library, exact, kind)
        error += float(((exact - after).astype(np.float64) ** 2).sum())
        total += float((exact.astype(np.float64) ** 2).sum())
        tensors[name] = torch.from_numpy(after.copy()).reshape(packing["shape"])

    arguments.out.mkdir()
    for file in arguments.model.iterdir():
        if file.is_file() and file.suffix != ".safetensors":
            shutil.copy(file, arguments.out)
    save_file(tensors, arguments.out / "model.safetensors", {"format": "pt"})
    print(f"{arguments.type}: relative error {(error / total) ** 0.5:.5f}")


if __name__ == "__main__":
    main()
