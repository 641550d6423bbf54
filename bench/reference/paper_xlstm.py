"""Reference outputs of the xLSTM paper's language models, by the original package.

Writes a model folder with `reference.safetensors` that `xlstm verify -m OUT OUT/reference.safetensors`
reads: for a checkpoint of yours, or for random weights of a configuration. With --time it also prints
how long a step of the original takes.

    python paper_xlstm.py --package ~/xlstm --config config.json --out OUT
    python paper_xlstm.py --package ~/xlstm --checkpoint ~/trained --out OUT --time 50
"""
import argparse
import json
import pathlib
import sys
import time

import torch
from block_stack import build, for_cpu, vanilla_order
from safetensors.torch import load_file, save_file


def load(model, tensors):
    """Loads weights of either back end."""
    tensors = vanilla_order(tensors)
    if model.config.tie_weights:
        tensors.setdefault("lm_head.weight", tensors["token_embedding.weight"])
    model.load_state_dict({name: value.float() for name, value in tensors.items()})


def randomize(model, seed, amount=1):
    """Weights of a size that lets every part of the model show in its outputs, or less of that."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in model.named_parameters():
            size = 0.3 if value.dim() < 2 else value.shape[-1] ** -0.5
            value.add_(torch.randn(value.shape, generator=generator) * (amount * size))


def save(model, config, folder):
    """Writes a model folder."""
    (folder / "config.json").write_text(json.dumps(config, indent=1))
    weights = {name: value for name, value in model.state_dict().items() if "causal_mask" not in name}
    save_file({name: value.contiguous().clone() for name, value in weights.items()}, folder / "model.safetensors")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True, help="folder of the package's sources")
    parser.add_argument("--config", help="configuration as JSON, for random weights")
    parser.add_argument("--checkpoint", help="folder with config.json and model.safetensors")
    parser.add_argument("--out", required=True, help="model folder to write")
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--time", type=int, default=0, metavar="STEPS")
    options = parser.parse_args()
    sys.path.insert(0, options.package)
    from xlstm import xLSTMLMModel, xLSTMLMModelConfig

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    source = pathlib.Path(options.checkpoint or ".")
    config = json.loads(pathlib.Path(options.config or source / "config.json").read_text())
    model = xLSTMLMModel(build(xLSTMLMModelConfig, for_cpu(config))).eval()
    if options.checkpoint:
        load(model, load_file(source / "model.safetensors"))
    else:
        model.reset_parameters()
        randomize(model, options.seed)

    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    if not (options.checkpoint and out.samefile(source)):
        save(model, config, out)
    ids = torch.randint(0, config["vocab_size"], (1, options.tokens))
    with torch.inference_mode():
        state = None
        logits = []
        for i in range(options.tokens):
            step, state = model.step(ids[:, i : i + 1], state=state)
            logits.append(step)
        logits = torch.cat(logits, 1)
        save_file({"input_ids": ids, "logits": logits.contiguous()}, out / "reference.safetensors")
        if options.tokens <= config["context_length"]:
            whole = model(ids)
            print("parallel form against steps: %.1e" % ((whole - logits).abs().max() / logits.abs().max()))
        if options.time:
            seconds = []
            for i in range(options.time):
                begin = time.perf_counter()
                _, state = model.step(ids[:, :1], state=state)
                seconds.append(time.perf_counter() - begin)
            print("median step %.3f ms" % (1000 * sorted(seconds)[len(seconds) // 2]))


if __name__ == "__main__":
    main()
