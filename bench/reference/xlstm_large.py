"""Reference outputs of xLSTM-Large, by the transformers library.

Writes `reference.safetensors` for `xlstm verify`: tokens, logits and final states, computed in
float32. For a checkpoint in Hugging Face's layout, such as NX-AI/xLSTM-7b, or for random weights of
a configuration, which then become a model folder.

    python xlstm_large.py --checkpoint FOLDER --out OUT
    python xlstm_large.py --config config.json --out OUT
    xlstm verify -m FOLDER OUT/reference.safetensors

Needs torch, transformers and safetensors.
"""
import argparse
import json
import pathlib

import torch
from safetensors.torch import save_file
from transformers import xLSTMConfig, xLSTMForCausalLM
from transformers.models.xlstm.modeling_xlstm import xLSTMCache, xLSTMPreTrainedModel

# kernels in plain PyTorch: those of a published configuration need a GPU
ON_CPU = {
    "chunkwise_kernel": "chunkwise--native_autograd",
    "sequence_kernel": "native_sequence__native",
    "step_kernel": "native",
    "autocast_kernel_dtype": "float32",
    "inference_state_dtype": "float32",
    "mode": "inference",
    "return_last_states": True,
}


def randomize(model):
    """Weights of a size that lets every part of the model show in its outputs."""
    with torch.no_grad():
        for name, value in model.named_parameters():
            size = 0.3 if value.dim() < 2 else value.shape[-1] ** -0.5
            value.copy_(torch.randn(value.shape) * size + (1 if "norm" in name else 0))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=pathlib.Path, help="model folder")
    source.add_argument("--config", type=pathlib.Path, help="configuration as JSON, for random weights")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder to write")
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    file = options.config or options.checkpoint / "config.json"
    config = xLSTMConfig(**{**json.loads(file.read_text()), **ON_CPU})
    options.out.mkdir(parents=True, exist_ok=True)
    if options.checkpoint:
        model = xLSTMForCausalLM.from_pretrained(options.checkpoint, config=config, dtype=torch.float32).eval()
    else:
        # the library's own initial weights fail for fused projections, and are replaced here anyway
        xLSTMPreTrainedModel._init_weights = lambda self, module: None
        model = xLSTMForCausalLM(config).eval()
        randomize(model)
        model.save_pretrained(options.out)
    ids = torch.randint(0, config.vocab_size, (1, options.tokens))
    cache = xLSTMCache(config, max_batch_size=1, device=model.device, dtype=torch.float32)
    with torch.inference_mode():
        logits = model(input_ids=ids, cache_params=cache, use_cache=True).logits
    tensors = {"input_ids": ids, "logits": logits.float()}
    for block, state in cache.rnn_state.items():
        for name, value in zip("Cnm", state):
            tensors[f"state.{block}.{name}"] = value.float()
    save_file({name: value.contiguous() for name, value in tensors.items()}, options.out / "reference.safetensors")


if __name__ == "__main__":
    main()
