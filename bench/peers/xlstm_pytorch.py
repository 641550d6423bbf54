"""Times the original package's language models of the paper's blocks on the CPU, eager.

Tokens one at a time go through its step, prompts through its parallel form. Speaks the protocol of
bench/run: one JSON line. With --make it writes a model folder of random weights instead.
"""
import argparse
import json
import pathlib
import sys
import time

import torch
from safetensors.torch import load_file

from peer import answer, check_tokens, timed, tokens, torch_name

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "reference"))
from paper_xlstm import build, for_cpu, load, randomize, save  # noqa: E402

# width, blocks, those with an sLSTM, vocabulary
SIZES = {"125M": (768, 24, [3, 11, 19], 50304), "4M": (256, 6, [1, 4], 8192)}


def configuration(size):
    width, blocks, slstm_at, vocabulary = SIZES[size]
    return {
        "vocab_size": vocabulary, "embedding_dim": width, "num_blocks": blocks, "context_length": 2048,
        "slstm_at": slstm_at, "tie_weights": False,
        "mlstm_block": {"mlstm": {"num_heads": 4, "conv1d_kernel_size": 4, "qkv_proj_blocksize": 4}},
        "slstm_block": {"slstm": {"num_heads": 4, "conv1d_kernel_size": 4},
                        "feedforward": {"proj_factor": 1.3, "act_fn": "gelu"}},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--package", required=True, help="a checkout of NX-AI/xlstm")
    parser.add_argument("--make", action="store_true")
    parser.add_argument("--size", choices=SIZES, help="of the model that is made")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--case", default="tg32", help="tg32 or pp512")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    sys.path.insert(0, options.package)
    from xlstm import xLSTMLMModel, xLSTMLMModelConfig

    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(0)
    config = configuration(options.size) if options.make else json.loads((options.model / "config.json").read_text())
    model = xLSTMLMModel(build(xLSTMLMModelConfig, for_cpu(config))).eval()
    if options.make:
        model.reset_parameters()
        randomize(model, 0, amount=0.3)
        options.model.mkdir(parents=True)
        save(model, config, options.model)
        return
    load(model, load_file(options.model / "model.safetensors"))
    work, count = options.case[:2], int(options.case[2:])

    def feed(state, ids):
        for token in ids:
            logits, state = model.step(torch.tensor([[token]]), state=state)
        return logits[0, -1], state

    def run():
        if work == "tg":
            _, state = feed(None, check_tokens(config["vocab_size"]))
        begin = time.perf_counter()
        if work == "tg":
            feed(state, tokens(count, config["vocab_size"]))
        else:
            model(torch.tensor([tokens(count, config["vocab_size"])]))
        return time.perf_counter() - begin

    with torch.inference_mode():
        check = feed(None, check_tokens(config["vocab_size"]))[0].tolist()
        seconds = timed(run, options.repeats)
    answer("xlstm in " + torch_name(), check, count, seconds)


if __name__ == "__main__":
    main()
