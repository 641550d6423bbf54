"""Control steps of the action model in PyTorch (eager, recurrent cache), as the original runs them on a CPU.

    git clone https://github.com/NX-AI/xlstm && git -C xlstm checkout v2.0.5
    python bench/peers/lram_pytorch.py MODEL --xlstm xlstm --make --size M16     # random weights
    python bench/peers/lram_pytorch.py MODEL --xlstm xlstm --threads 1 --steps 100

The blocks are the original package's own xLSTMBlockStack, stepped token by token as the original agent does;
the embeddings of state, return-to-go and reward, their norm and the action head around it are written here
(one linear layer each). The model's folder is one of the original agent, for this engine too. Speaks the
protocol of bench/run: one line of JSON.
"""
import argparse
import json
import pathlib
import sys
import time
import types

import torch
from safetensors.torch import load_file, save_file

from peer import answer, timed, torch_name, values

SIZES = {"M16": (512, 8), "M48": (768, 12), "M110": (1024, 16), "M206": (1280, 20)}
STATE, ACTIONS, CHOICES = 204, 8, 18 + 256
OBSERVATION, RETURN = 39, 1900 / 200
CHECKED_STEPS = 4


def block_stack(path, width, blocks):
    sys.path.insert(0, path)
    if "dacite" not in sys.modules:
        sys.modules.setdefault("dacite", types.ModuleType("dacite"))  # reads configurations, which are made here
    from xlstm import mLSTMBlockConfig, mLSTMLayerConfig, xLSTMBlockStack, xLSTMBlockStackConfig

    layer = mLSTMLayerConfig(conv1d_kernel_size=4, qkv_proj_blocksize=4, num_heads=4, proj_factor=2.0)
    return xLSTMBlockStack(xLSTMBlockStackConfig(
        mlstm_block=mLSTMBlockConfig(mlstm=layer), context_length=150, num_blocks=blocks, embedding_dim=width,
        slstm_at=[]))


class Encoder(torch.nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers


class Policy(torch.nn.Module):
    def __init__(self, path, width, blocks):
        super().__init__()
        self.embed_state = torch.nn.Linear(STATE, width)
        self.embed_return = torch.nn.Linear(1, width)
        self.embed_rewards = torch.nn.Linear(1, width)
        self.embed_ln = torch.nn.LayerNorm(width)
        self.encoder = Encoder(block_stack(path, width, blocks))
        self.action_net = torch.nn.Sequential(torch.nn.Linear(width, ACTIONS * CHOICES))
        self.state = None

    def act(self, observation, return_to_go):
        """Logits of the action's numbers; the choice among them is part of a step's time."""
        zero = torch.zeros(1, 1, 1)
        tokens = self.embed_ln(torch.cat(
            [self.embed_state(observation), self.embed_return(return_to_go), self.embed_rewards(zero)], dim=1))
        outputs = []
        for i in range(3):
            y, self.state = self.encoder.layers.step(tokens[:, i:i + 1], self.state)
            outputs.append(y)
        logits = self.action_net(torch.cat(outputs, dim=1)[:, 1]).view(ACTIONS, CHOICES)
        action = (logits.argmax(-1) - 18).clamp(min=0) * (2 / 256) - 1
        return logits, action


def make(folder, path, size):
    """Writes a model of random weights."""
    width, blocks = SIZES[size]
    policy = Policy(path, width, blocks)
    with torch.no_grad():
        for name, value in policy.named_parameters():
            if value.dim() > 1 and name.startswith(("embed", "action_net")):
                value.copy_(torch.randn(value.shape) * value.shape[-1] ** -0.5)
    folder.mkdir(parents=True)
    tensors = {name: value.contiguous() for name, value in policy.state_dict().items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config = {
        "model_type": "lram", "hidden_size": width, "num_blocks": blocks, "num_heads": 4, "state_dim": STATE,
        "act_dim": ACTIONS, "discrete_actions": 18, "action_channels": 256,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--xlstm", required=True, help="a checkout of NX-AI/xlstm")
    parser.add_argument("--make", action="store_true")
    parser.add_argument("--size", choices=SIZES, default="M16", help="of the model that is made")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(0)
    if options.make:
        make(options.model, options.xlstm, options.size)
        return
    config = json.loads((options.model / "config.json").read_text())
    policy = Policy(options.xlstm, config["hidden_size"], config["num_blocks"]).eval()
    policy.load_state_dict(load_file(options.model / "model.safetensors"))

    def run(steps):
        policy.state, seconds = None, 0
        for step in range(steps):
            observation = torch.zeros(1, 1, STATE)
            observation[..., :OBSERVATION] = torch.tensor(values(OBSERVATION, step))
            begin = time.perf_counter()
            logits, _ = policy.act(observation, torch.full((1, 1, 1), RETURN))
            seconds += time.perf_counter() - begin
        return seconds, logits

    with torch.inference_mode():
        check = run(CHECKED_STEPS)[1].flatten().tolist()
        seconds = timed(lambda: run(options.steps)[0], options.repeats)
    answer("xlstm in " + torch_name(), check, options.steps, seconds)


if __name__ == "__main__":
    main()
