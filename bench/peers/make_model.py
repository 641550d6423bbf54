"""Writes an xLSTM-Large model of random weights in Hugging Face's format.

  make_model.py FOLDER --width 1024 --blocks 16 --type f32
"""
import argparse

import torch
from transformers import xLSTMConfig, xLSTMForCausalLM


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--blocks", type=int, required=True)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--vocabulary", type=int, default=8192)
    parser.add_argument("--type", choices=["f32", "bf16"], default="f32")
    options = parser.parse_args()
    torch.manual_seed(1)
    config = xLSTMConfig(
        vocab_size=options.vocabulary,
        hidden_size=options.width,
        num_hidden_layers=options.blocks,
        num_blocks=options.blocks,
        num_heads=options.heads,
        chunkwise_kernel="chunkwise--native_autograd",
        sequence_kernel="native_sequence__native",
        step_kernel="native",
        mode="inference",
        return_last_states=True,
        autocast_kernel_dtype="float32",
        inference_state_dtype="float32",
    )
    model = xLSTMForCausalLM(config)
    if options.type == "bf16":
        model = model.to(torch.bfloat16)
    model.save_pretrained(options.folder, max_shard_size="20GB")


if __name__ == "__main__":
    main()
