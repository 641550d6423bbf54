"""Writes a Llama of random weights in Hugging Face's format, in BF16, for Jlama.

  make_llama.py FOLDER --width 1024 --blocks 16 --inner 2816 --heads 16

Jlama wants a tokenizer, though tokens are given to it as numbers: it gets that of a shipped model.
"""
import argparse
import pathlib
import shutil

import torch
from transformers import LlamaConfig, LlamaForCausalLM

SHIPPED = pathlib.Path(__file__).resolve().parent.parent.parent / "models/pretrained/xlstm-large-mini"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--blocks", type=int, required=True)
    parser.add_argument("--inner", type=int, required=True)
    parser.add_argument("--heads", type=int, required=True)
    parser.add_argument("--vocabulary", type=int, default=8192)
    options = parser.parse_args()
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=options.vocabulary,
        hidden_size=options.width,
        intermediate_size=options.inner,
        num_hidden_layers=options.blocks,
        num_attention_heads=options.heads,
        num_key_value_heads=options.heads,
        max_position_embeddings=4096,
        initializer_range=options.width**-0.5,
        bos_token_id=0,
        eos_token_id=0,
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(options.folder, max_shard_size="20GB")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(SHIPPED / name, options.folder / name)
    (options.folder / "README.md").write_text("Random weights.\n")  # which Jlama copies


if __name__ == "__main__":
    main()
