"""Control steps of the action model in PyTorch (eager, recurrent cache), as the original runs them on a CPU.

    git clone https://github.com/NX-AI/xlstm && git -C xlstm checkout v2.0.5
    python bench/peers/lram_pytorch.py --xlstm xlstm --size M16 --threads 1 --steps 100

The blocks are the original package's own xLSTMBlockStack, stepped token by token as the original agent does;
the embeddings of state, return-to-go and reward, their norm and the action head around it are written here
(one linear layer each). Random weights: the time of a step does not depend on them.
"""
import argparse
import sys
import time
import types

import torch

SIZES = {"M16": (512, 8), "M48": (768, 12), "M110": (1024, 16), "M206": (1280, 20)}


def block_stack(path, width, blocks):
    sys.path.insert(0, path)
    if "dacite" not in sys.modules:
        sys.modules.setdefault("dacite", types.ModuleType("dacite"))  # reads configurations, which are made here
    from xlstm import mLSTMBlockConfig, mLSTMLayerConfig, xLSTMBlockStack, xLSTMBlockStackConfig

    layer = mLSTMLayerConfig(conv1d_kernel_size=4, qkv_proj_blocksize=4, num_heads=4, proj_factor=2.0)
    return xLSTMBlockStack(xLSTMBlockStackConfig(
        mlstm_block=mLSTMBlockConfig(mlstm=layer), context_length=150, num_blocks=blocks, embedding_dim=width,
        slstm_at=[]))


class Policy(torch.nn.Module):
    def __init__(self, path, width, blocks):
        super().__init__()
        self.embed_state = torch.nn.Linear(204, width)
        self.embed_return = torch.nn.Linear(1, width)
        self.embed_rewards = torch.nn.Linear(1, width)
        self.embed_ln = torch.nn.LayerNorm(width)
        self.layers = block_stack(path, width, blocks)
        self.action_net = torch.nn.Linear(width, 8 * 274)
        self.state = None

    def act(self, observation, return_to_go):
        zero = torch.zeros(1, 1, 1)
        tokens = self.embed_ln(torch.cat(
            [self.embed_state(observation), self.embed_return(return_to_go), self.embed_rewards(zero)], dim=1))
        outputs = []
        for i in range(3):
            y, self.state = self.layers.step(tokens[:, i:i + 1], self.state)
            outputs.append(y)
        logits = self.action_net(torch.cat(outputs, dim=1)[:, 1]).view(8, 274)
        return (logits.argmax(-1) - 18).clamp(min=0) * (2 / 256) - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--xlstm", required=True, help="a checkout of NX-AI/xlstm")
    parser.add_argument("--size", choices=SIZES, default="M16")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=100)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    policy = Policy(args.xlstm, *SIZES[args.size]).eval()
    times = []
    with torch.inference_mode():
        for step in range(args.steps + 10):
            observation = torch.zeros(1, 1, 204)
            observation[..., :39] = torch.sin(torch.arange(39.0) * step)
            start = time.perf_counter()
            policy.act(observation, torch.full((1, 1, 1), 9.5))
            if step >= 10:
                times.append((time.perf_counter() - start) * 1e6)
    times.sort()
    print("| %s | PyTorch %s eager F32 | %d | %d | mean %.0f us | p50 %.0f | p99 %.0f |" % (
        args.size, torch.__version__, args.threads, len(times), sum(times) / len(times), times[len(times) // 2],
        times[int(len(times) * 0.99)]))


if __name__ == "__main__":
    main()
