"""Reference outputs of an action model (LRAM), with the blocks of the original package `xlstm`.

Writes for `xlstm verify` the logits of the actions of an episode of random observations, in float32:
`whole.safetensors` for the episode as a whole, with the rewards as they were, and `steps.safetensors`
for the control loop, which feeds 0 in place of each reward. The blocks are the package's; the few
linear layers around them are written here.

    python lram.py --package ~/xlstm --checkpoint models/pretrained/lram-control --out OUT
    xlstm verify -m lram-control OUT/whole.safetensors
    xlstm verify -m lram-control OUT/steps.safetensors --mode step

Takes the published order of tokens (state, return, reward), vectors as observations, one head for all
dimensions of an action, and names as in the original. Needs torch and safetensors.
"""
import argparse
import json
import pathlib
import sys
import types

import torch
from block_stack import build_stack, vanilla_order
from safetensors.torch import load_file, save_file

STACK = "encoder.layers."
STATISTICS = "pytorch_variables.state_"


def stack(config, tensors):
    """The package's blocks with the checkpoint's weights."""
    blocks = build_stack({
        "mlstm_block": {"mlstm": {
            "num_heads": config["num_heads"],
            "conv1d_kernel_size": config.get("conv1d_kernel_size", 4),
            "qkv_proj_blocksize": config.get("qkv_proj_blocksize", 4),
            "proj_factor": config.get("mlstm_proj_factor", 2.0),
        }},
        "slstm_block": {
            "slstm": {"num_heads": config["num_heads"], "conv1d_kernel_size": config.get("conv1d_kernel_size", 4)},
            "feedforward": {"proj_factor": config.get("ffn_proj_factor", 1.3), "act_fn": config.get("ffn_act_fn", "gelu")},
        } if config.get("slstm_at") else None,
        "slstm_at": config.get("slstm_at", []),
        "context_length": 1,
        "num_blocks": config["num_blocks"],
        "embedding_dim": config["hidden_size"],
    })
    blocks.load_state_dict(
        vanilla_order({name[len(STACK):]: value for name, value in tensors.items() if name.startswith(STACK)}),
        strict=False,  # the mask of the context length is no weight
    )
    return blocks.float()


def logits(config, tensors, blocks, states, rtg, rewards):
    """Logits of the actions [steps, dimensions, choices], from the output at each return's token."""
    linear = torch.nn.functional.linear
    width = config["hidden_size"]
    padded = torch.zeros(len(states), config["state_dim"])
    padded[:, : states.shape[1]] = states
    if STATISTICS + "mean" in tensors:
        padded = (padded - tensors[STATISTICS + "mean"]) / tensors[STATISTICS + "std"]
    tokens = torch.stack([
        linear(padded, tensors["embed_state.weight"], tensors["embed_state.bias"]),
        linear(rtg[:, None], tensors["embed_return.weight"], tensors["embed_return.bias"]),
        linear(rewards[:, None], tensors["embed_rewards.weight"], tensors["embed_rewards.bias"]),
    ], dim=1).reshape(1, -1, width)
    tokens = torch.nn.functional.layer_norm(
        tokens, (width,), tensors["embed_ln.weight"], tensors["embed_ln.bias"], config.get("embed_ln_eps", 1e-5))
    state, outputs = None, []
    for token in tokens.split(1, dim=1):
        y, state = blocks.step(token, state)
        outputs.append(y[0, 0])
    at_return = torch.stack(outputs[1::3])
    return linear(at_return, tensors["action_net.0.weight"], tensors["action_net.0.bias"]).view(
        len(states), config["act_dim"], -1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True, help="a checkout of NX-AI/xlstm")
    parser.add_argument("--checkpoint", required=True, type=pathlib.Path, help="model folder")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder to write")
    parser.add_argument("--observation", type=int, help="numbers of an observation; default: all")
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    sys.path.insert(0, options.package)
    sys.modules.setdefault("dacite", types.ModuleType("dacite"))  # reads configurations, which are made here

    torch.manual_seed(options.seed)
    config = json.loads((options.checkpoint / "config.json").read_text())
    if config.get("image_shape") or not config.get("shared_a_head", True) or config.get("action_condition"):
        raise SystemExit("lram.py: only vectors as observations, one head, and no actions as tokens")
    tensors = {name: value.float() for name, value in load_file(options.checkpoint / "model.safetensors").items()}
    blocks = stack(config, tensors)
    inputs = {
        "states": torch.randn(options.steps, options.observation or config["state_dim"]),
        "rtg": torch.linspace(8, 2, options.steps),
        "rewards": 0.1 * torch.randn(options.steps),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    with torch.inference_mode():
        for name, rewards in (("whole", inputs["rewards"]), ("steps", torch.zeros(options.steps))):
            output = logits(config, tensors, blocks, inputs["states"], inputs["rtg"], rewards)
            save_file({**inputs, "action_logits": output.contiguous()}, options.out / f"{name}.safetensors")


if __name__ == "__main__":
    main()
