"""Makes the test cases of block stacks: random weights, and what the package `xlstm` computes from them.

    python block_stack_cases.py models/src/test/golden/xlstm

Replaces these cases and their entries in the folder's manifest. Deterministic on one kind of CPU.
"""
import argparse
import json
import pathlib

import torch
from block_stack import build_stack, configuration, cpu_copy, save_tensors, steps, write

NOTES = (
    "the configuration is xLSTMBlockStackConfig's: no vocabulary, no tying; names are the stack's own "
    "(blocks.N..., post_blocks_norm.weight). y = stack(x); y_step = stack.step token by token; "
    "state.* after the last. Made by bench/reference/block_stack_cases.py."
)


def mlstm(**options):
    return {"mlstm": options}


def slstm(feedforward=None, **options):
    return {"slstm": options, "feedforward": feedforward}


# name: (batch, tokens, configuration)
CASES = {
    "stack_m48h3_conv2_bias": (2, 70, {
        "embedding_dim": 48, "num_blocks": 2, "bias": True, "add_post_blocks_norm": False,
        "mlstm_block": mlstm(num_heads=3, conv1d_kernel_size=2, qkv_proj_blocksize=6, proj_factor=1.6,
                             round_proj_up_to_multiple_of=24, round_proj_up_dim_up=False),
    }),
    "stack_m96h3_conv7": (1, 70, {
        "embedding_dim": 96, "num_blocks": 1,
        "mlstm_block": mlstm(num_heads=3, conv1d_kernel_size=7, qkv_proj_blocksize=2),
    }),
    "stack_m160h5_conv3_s1": (2, 1, {
        "embedding_dim": 160, "num_blocks": 1,
        "mlstm_block": mlstm(num_heads=5, conv1d_kernel_size=3, qkv_proj_blocksize=16, proj_factor=0.47,
                             round_proj_up_to_multiple_of=16),
    }),
    "stack_m48h5_conv7_s7": (2, 7, {
        "embedding_dim": 48, "num_blocks": 2, "bias": True,
        "mlstm_block": mlstm(num_heads=5, conv1d_kernel_size=7, qkv_proj_blocksize=5, proj_factor=1.3,
                             round_proj_up_to_multiple_of=5),
    }),
    "stack_s160h5_noconv": (1, 70, {
        "embedding_dim": 160, "num_blocks": 1, "slstm_at": "all",
        "slstm_block": slstm({"act_fn": "gelu", "proj_factor": 0.4}, num_heads=5, conv1d_kernel_size=0),
    }),
    "stack_s48h3_conv2_relu": (2, 70, {
        "embedding_dim": 48, "num_blocks": 2, "slstm_at": "all",
        "slstm_block": slstm({"act_fn": "relu", "bias": True, "proj_factor": 1.3, "round_proj_up_dim_up": False,
                              "round_proj_up_to_multiple_of": 12}, num_heads=3, conv1d_kernel_size=2),
    }),
    "stack_s48h3_cuda": (1, 7, {
        "embedding_dim": 48, "num_blocks": 2, "slstm_at": "all",
        "slstm_block": slstm(None, num_heads=3, conv1d_kernel_size=4, backend="cuda"),
    }),
    "stack_s96h3_conv7_relu2_nonorm": (2, 7, {
        "embedding_dim": 96, "num_blocks": 1, "slstm_at": "all", "add_post_blocks_norm": False,
        "slstm_block": slstm({"act_fn": "relu^2", "proj_factor": 1.0, "round_proj_up_to_multiple_of": 8},
                             num_heads=3, conv1d_kernel_size=7, group_norm_weight=False),
    }),
    "stack_mixed48_sigmoid": (2, 70, {
        "embedding_dim": 48, "num_blocks": 4, "slstm_at": [0, 3], "bias": True,
        "mlstm_block": mlstm(num_heads=2, conv1d_kernel_size=3, qkv_proj_blocksize=8, proj_factor=1.0,
                             round_proj_up_to_multiple_of=16),
        "slstm_block": slstm({"act_fn": "sigmoid", "proj_factor": 0.8, "round_proj_up_to_multiple_of": 20},
                             num_heads=3, conv1d_kernel_size=0),
    }),
    "stack_mixed48_swish_nopost": (1, 70, {
        "embedding_dim": 48, "num_blocks": 3, "slstm_at": [2], "add_post_blocks_norm": False,
        "mlstm_block": mlstm(num_heads=3, conv1d_kernel_size=4, qkv_proj_blocksize=4, proj_factor=1.5,
                             round_proj_up_to_multiple_of=12),
        "slstm_block": slstm({"act_fn": "swish", "bias": True, "proj_factor": 1.3}, num_heads=6,
                             conv1d_kernel_size=3, group_norm_weight=False),
    }),
    "stack_mixed48_selu_s1": (2, 1, {
        "embedding_dim": 48, "num_blocks": 3, "slstm_at": [1],
        "mlstm_block": mlstm(num_heads=4, conv1d_kernel_size=2, qkv_proj_blocksize=4, proj_factor=1.0,
                             round_proj_up_to_multiple_of=32),
        "slstm_block": slstm({"act_fn": "selu", "proj_factor": 1.0, "round_proj_up_to_multiple_of": 16},
                             num_heads=1, conv1d_kernel_size=4),
    }),
    "stack_mixed20_noffn_s7": (1, 7, {
        "embedding_dim": 20, "num_blocks": 2, "slstm_at": [0], "add_post_blocks_norm": False,
        "mlstm_block": mlstm(num_heads=1, conv1d_kernel_size=2, qkv_proj_blocksize=1, proj_factor=1.1,
                             round_proj_up_to_multiple_of=1),
        "slstm_block": slstm(None, num_heads=5, conv1d_kernel_size=7),
    }),
}


def randomize(stack, generator):
    """Moves every parameter far from its initial value, so that each shows in the outputs."""
    with torch.no_grad():
        for name, value in stack.named_parameters():
            gate_bias = name.endswith(("gate.bias", "_bias_"))
            size = 1.0 if gate_bias else 0.3 if value.dim() < 2 else value.shape[-1] ** -0.5
            value.add_(torch.randn(value.shape, generator=generator) * size)


def cuda_order(tensors):
    """Weights in the order in which a stack saves them that was trained with the backend for CUDA."""
    tensors = dict(tensors)
    for name, value in list(tensors.items()):
        if name.endswith("_recurrent_kernel_"):
            heads, _, width = value.shape
            tensors[name] = value.transpose(1, 2)
            bias = name.replace("_recurrent_kernel_", "_bias_")
            tensors[bias] = tensors[bias].view(4, heads, width).transpose(0, 1).reshape(-1)
    return tensors


def difference(a, b):
    """Largest absolute difference relative to the largest value."""
    return float("%.3g" % ((a.double() - b.double()).abs().max() / b.double().abs().max()))


def make(name, folder):
    """Writes one case and returns its entry in the manifest."""
    batch, tokens, config = CASES[name]
    generator = torch.Generator().manual_seed(sum(name.encode()))
    torch.manual_seed(1)
    stack = build_stack({"context_length": tokens, **config})
    randomize(stack, generator)
    x = torch.randn(batch, tokens, config["embedding_dim"], generator=generator)
    precise = cpu_copy(stack, tokens).double()
    with torch.inference_mode():
        y = stack(x)
        y_step, states = steps(stack, x)
        y_f64 = precise(x.double())
        y_step_f64 = steps(precise, x.double())[0]
    expected = {"x": x, "y": y, "y_step": y_step, **states, "y_f64": y_f64.float()}

    values, tensors = configuration(stack.config), stack.state_dict()
    if config.get("slstm_block", {}).get("slstm", {}).get("backend") == "cuda":
        values["slstm_block"]["slstm"]["backend"] = "cuda"
        tensors = cuda_order(tensors)
    write(folder / name, values, tensors)
    save_tensors(expected, folder / name / "expected.safetensors")
    return {
        "case": name,
        "family": "xlstm-stack",
        "description": f"xLSTMBlockStack dim={config['embedding_dim']} blocks={config['num_blocks']} "
        f"slstm_at={config.get('slstm_at', [])} B={batch} S={tokens}",
        "notes": NOTES,
        "observed": {
            "step_vs_parallel": difference(y_step, y),
            "parallel_vs_f64": difference(y, y_f64),
            "step_vs_f64": difference(y_step, y_f64),
            "step_f64_vs_f64": difference(y_step_f64, y_f64),
        },
        "expected": {key: [str(value.dtype)[len("torch.") :], list(value.shape)] for key, value in expected.items()},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="folder of the cases, with manifest.json")
    folder = parser.parse_args().folder
    torch.set_num_threads(1)
    manifest = json.loads((folder / "manifest.json").read_text())
    made = [make(name, folder) for name in CASES]
    cases = [case for case in manifest["cases"] if case["case"] not in CASES] + made
    manifest["cases"] = sorted(cases, key=lambda case: case["case"])
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    for case in made:
        print(case["case"], case["observed"])


if __name__ == "__main__":
    main()
