"""Writes a Llama or Mamba-2 model of random weights as a GGUF file for llama.cpp, which has no xLSTM.

  make_gguf.py FILE --kind llama --width 1024 --blocks 16 --inner 2816 --heads 8 --type q8_0

The output matrix is the embedding, so a token reads every tensor of the file. Each block has the
same numbers (in pages of its own): making them takes longer than reading them, and no time depends
on them. There is no tokenizer; tokens are given as numbers.
"""
import argparse
import ctypes

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

TYPES = {"f16": Type.F16, "bf16": Type.BF16, "q8_0": Type.Q8_0, "q4_0": Type.Q4_0, "q4_k": Type.Q4_K}
FILE_TYPES = {"f16": 1, "bf16": 32, "q8_0": 7, "q4_0": 2, "q4_k": 14}


class Writer:
    def __init__(self, file, kind, type_name, library):
        self.gguf = gguf.GGUFWriter(file, kind)
        self.gguf.add_file_type(FILE_TYPES[type_name])
        self.gguf.add_quantization_version(2)
        self.type = TYPES[type_name]
        self.library = ctypes.CDLL(library) if library else None
        self.random = np.random.default_rng(1)

    def matrix(self, rows, columns):
        values = self.random.standard_normal((rows, columns), np.float32) / np.float32(columns**0.5)
        if self.type != Type.Q4_K:
            return gguf.quants.quantize(values, self.type)
        # The package cannot write this type; ggml itself can.
        per_block, bytes_per_block = gguf.GGML_QUANT_SIZES[self.type]
        if columns % per_block or self.library is None:
            raise SystemExit(f"{self.type.name} needs --library, and rows that are multiples of {per_block}")
        out = np.empty((rows, columns // per_block * bytes_per_block), np.uint8)
        self.library.ggml_quantize_chunk(
            ctypes.c_int(self.type), values.ctypes.data_as(ctypes.c_void_p), out.ctypes.data_as(ctypes.c_void_p),
            ctypes.c_int64(0), ctypes.c_int64(rows), ctypes.c_int64(columns), None)
        return out

    def add(self, name, values):
        quantized = None if values.dtype == np.float32 else self.type
        self.gguf.add_tensor(name, values, raw_dtype=quantized)

    def close(self):
        self.gguf.write_header_to_file()
        self.gguf.write_kv_data_to_file()
        self.gguf.write_tensors_to_file()
        self.gguf.close()


def llama(writer, options):
    width, inner = options.width, options.inner
    writer.gguf.add_feed_forward_length(inner)
    writer.gguf.add_head_count(options.heads)
    writer.gguf.add_head_count_kv(options.heads)
    writer.gguf.add_layer_norm_rms_eps(1e-5)
    writer.gguf.add_rope_dimension_count(width // options.heads)
    block = {"attn_norm": np.ones(width, np.float32), "ffn_norm": np.ones(width, np.float32)}
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        block[name] = writer.matrix(width, width)
    block["ffn_gate"] = writer.matrix(inner, width)
    block["ffn_up"] = writer.matrix(inner, width)
    block["ffn_down"] = writer.matrix(width, inner)
    return {name + ".weight": values for name, values in block.items()}


def mamba2(writer, options):
    width, state, head_width, taps = options.width, 128, 64, 4
    inner = 2 * width
    heads = inner // head_width
    writer.gguf.add_feed_forward_length(0)
    writer.gguf.add_head_count(0)
    writer.gguf.add_layer_norm_rms_eps(1e-5)
    writer.gguf.add_ssm_conv_kernel(taps)
    writer.gguf.add_ssm_inner_size(inner)
    writer.gguf.add_ssm_state_size(state)
    writer.gguf.add_ssm_group_count(1)
    writer.gguf.add_ssm_time_step_rank(heads)
    mixed = inner + 2 * state
    return {
        "attn_norm.weight": np.ones(width, np.float32),
        "ssm_in.weight": writer.matrix(inner + mixed + heads, width),
        "ssm_conv1d.weight": writer.random.standard_normal((mixed, taps), np.float32),
        "ssm_conv1d.bias": np.zeros(mixed, np.float32),
        "ssm_dt.bias": np.zeros(heads, np.float32),
        "ssm_a": np.full((heads, 1), -1, np.float32),
        "ssm_d": np.ones((heads, 1), np.float32),
        "ssm_norm.weight": np.ones((1, inner), np.float32),
        "ssm_out.weight": writer.matrix(width, inner),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--kind", choices=["llama", "mamba2"], required=True)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--blocks", type=int, required=True)
    parser.add_argument("--inner", type=int, default=0, help="of a Llama's feed-forward layer")
    parser.add_argument("--heads", type=int, default=0, help="of a Llama's attention")
    parser.add_argument("--vocabulary", type=int, default=8192)
    parser.add_argument("--type", choices=TYPES, default="bf16")
    parser.add_argument("--library", help="path of libggml-base, which quantizes to q4_k")
    options = parser.parse_args()
    writer = Writer(options.file, options.kind, options.type, options.library)
    writer.gguf.add_context_length(1 << 20)
    writer.gguf.add_embedding_length(options.width)
    writer.gguf.add_block_count(options.blocks)
    writer.gguf.add_vocab_size(options.vocabulary)
    writer.gguf.add_tokenizer_model("no_vocab")
    block = (llama if options.kind == "llama" else mamba2)(writer, options)
    writer.add("token_embd.weight", writer.matrix(options.vocabulary, options.width))
    writer.add("output_norm.weight", np.ones(options.width, np.float32))
    for i in range(options.blocks):
        for name, values in block.items():
            writer.add(f"blk.{i}.{name}", values)
    writer.close()


if __name__ == "__main__":
    main()
