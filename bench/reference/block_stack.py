"""Exports an `xLSTMBlockStack` of the Python package `xlstm` (2.0.5) as a model folder.

The folder has `config.json` and `model.safetensors`, and with --reference also
`expected.safetensors`: inputs `x`, outputs `y` and the states behind the last token, by the package.

    python block_stack.py --config stack.yaml --checkpoint trained.pt --out my-stack --reference

From a training script:

    from block_stack import export
    export(model.backbone, "my-stack")
"""
import argparse
import dataclasses
import json
import pathlib
import typing

import torch
from safetensors.torch import load_file, save_file

# What config.json holds. Keys that end in ? only where they differ from the package's default.
KEYS = {
    "add_post_blocks_norm": None,
    "bias": None,
    "context_length": None,
    "dropout": None,
    "embedding_dim": None,
    "mlstm_block": {
        "mlstm": {
            "conv1d_kernel_size": None,
            "num_heads": None,
            "proj_factor": None,
            "qkv_proj_blocksize": None,
            "round_proj_up_dim_up": None,
            "round_proj_up_to_multiple_of": None,
        }
    },
    "num_blocks": None,
    "slstm_at": None,
    "slstm_block": {
        "feedforward": {
            "act_fn": None,
            "bias": None,
            "ff_type?": None,
            "proj_factor": None,
            "round_proj_up_dim_up": None,
            "round_proj_up_to_multiple_of": None,
        },
        "slstm": {
            "backend": None,
            "constants?": None,
            "conv1d_kernel_size": None,
            "forward_clipval?": None,
            "function?": None,
            "gradient_recurrent_clipval?": None,
            "group_norm_weight": None,
            "initial_val?": None,
            "num_heads": None,
        },
    },
}


def export(stack, folder):
    """Writes a model folder from an `xLSTMBlockStack` on any device and of either backend."""
    write(folder, configuration(stack.config), vanilla_order(stack.state_dict()))


def export_reference(stack, x, folder):
    """Adds `expected.safetensors` to the folder of a stack, for inputs x of shape [B, S, D]."""
    x = x.detach().cpu().float().contiguous()
    stack = cpu_copy(stack, x.shape[1])
    with torch.inference_mode():
        tensors = {"x": x, "y": stack(x), **steps(stack, x)[1]}
    save_tensors(tensors, pathlib.Path(folder) / "expected.safetensors")


def configuration(config, keys=KEYS):
    """Nested plain values of an `xLSTMBlockStackConfig`, for the package's backend for CPUs."""
    values = {}
    for key, inner in keys.items():
        name = key.rstrip("?")
        value = getattr(config, name)
        if key.endswith("?") and value == default(type(config), name):
            continue
        values[name] = configuration(value, inner) if inner and value is not None else value
    if "backend" in values:
        values["backend"] = "vanilla"
    return values


def default(kind, name):
    """Default value of a data class's field."""
    field = next(field for field in dataclasses.fields(kind) if field.name == name)
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


def build(kind, values):
    """A configuration object of the package from nested plain values, unknown keys left out."""
    hints = typing.get_type_hints(kind)
    arguments = {}
    for field in dataclasses.fields(kind):
        if not field.init or field.name not in values:
            continue
        value = values[field.name]
        parts = [k for k in (hints[field.name], *typing.get_args(hints[field.name])) if dataclasses.is_dataclass(k)]
        arguments[field.name] = build(parts[0], value) if isinstance(value, dict) and parts else value
    return kind(**arguments)


def for_cpu(config):
    """Nested plain values that choose the package's backend for CPUs."""
    config = json.loads(json.dumps(config))
    if config.get("slstm_block") is not None:
        config["slstm_block"].setdefault("slstm", {})["backend"] = "vanilla"
    return config


def build_stack(config):
    """A stack of the package with initial weights, from nested plain values."""
    # Not at the top: paper_xlstm.py uses this file's functions before it knows where the package is.
    from xlstm import xLSTMBlockStack, xLSTMBlockStackConfig

    return xLSTMBlockStack(build(xLSTMBlockStackConfig, for_cpu(config))).eval()


def cpu_copy(stack, context_length):
    """A copy in float32 for the CPU that takes whole sequences of the given length."""
    copy = build_stack({**configuration(stack.config), "context_length": context_length})
    copy.load_state_dict({name: value.float() for name, value in vanilla_order(stack.state_dict()).items()})
    return copy


def vanilla_order(tensors):
    """Weights in the order of the backend for CPUs; the one for CUDA orders those of the sLSTM differently."""
    tensors = {name: value.detach().cpu() for name, value in tensors.items()}
    for name, value in list(tensors.items()):
        if name.endswith("_recurrent_kernel_") and value.shape[2] > value.shape[1]:
            heads, width, _ = value.shape
            tensors[name] = value.transpose(1, 2)
            bias = name.replace("_recurrent_kernel_", "_bias_")
            tensors[bias] = tensors[bias].view(heads, 4, width).transpose(0, 1).reshape(-1)
    return tensors


def steps(stack, x):
    """Outputs and final states of x, one token after the other."""
    outputs = []
    state = None
    for token in x.split(1, dim=1):
        y, state = stack.step(token, state=state)
        outputs.append(y)
    return torch.cat(outputs, 1), named_states(state)


def named_states(state):
    """The tensors of the package's nested state under the names that model folders use."""
    named = {}
    for block, parts in state.items():
        if parts.get("mlstm_state") is not None:
            for letter, value in zip("Cnm", parts["mlstm_state"]):
                named[f"state.{block}.mlstm_{letter}"] = value
        if parts.get("conv_state") is not None:
            named[f"state.{block}.conv"] = parts["conv_state"][0]
        if parts.get("slstm_state") is not None:
            named[f"state.{block}.slstm"] = parts["slstm_state"]
    return named


def write(folder, config, tensors):
    """Writes `config.json` and `model.safetensors`."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    save_tensors(tensors, folder / "model.safetensors")


def save_tensors(tensors, file):
    """Writes tensors, which may share or skip memory."""
    save_file({name: value.contiguous().clone() for name, value in tensors.items()}, file)


def read_config(file):
    """Nested values from JSON or YAML; those of a training configuration stand under `model`."""
    text = pathlib.Path(file).read_text()
    if file.endswith(".json"):
        config = json.loads(text)
    else:
        import yaml  # comes with the package's own dependencies

        config = yaml.safe_load(text)
    return config if "mlstm_block" in config or "slstm_block" in config else config["model"]


def read_checkpoint(file, prefix):
    """The stack's tensors from safetensors or a PyTorch checkpoint of it or of a model that has one."""
    tensors = load_file(file) if file.endswith(".safetensors") else torch.load(file, "cpu", weights_only=True)
    for key in ("state_dict", "model_state_dict", "model"):
        if key in tensors and not torch.is_tensor(tensors[key]):
            tensors = tensors[key]
    if prefix is None:
        first = "blocks.0.xlstm_norm.weight"
        prefixes = [name[: -len(first)] for name in tensors if name.endswith(first)]
        if len(prefixes) != 1:
            raise SystemExit(f"--prefix must say which stack is meant; there are {prefixes or 'none'} in {file}")
        prefix = prefixes[0]
    return {name[len(prefix) :]: value for name, value in tensors.items() if name.startswith(prefix)}


def load_stack(config, tensors):
    """A stack to export, with given weights in their own type. Tensors next to the stack's own are left out."""
    tensors = vanilla_order(tensors)
    # A mask of the context length squared would lie in every block; only calls of the stack would need it.
    stack = build_stack({**config, "context_length": 1}).to(tensors["blocks.0.xlstm_norm.weight"].dtype)
    own = stack.state_dict()
    stack.load_state_dict({name: value for name, value in tensors.items() if name in own})
    stack.config.context_length = config.get("context_length", -1)
    return stack


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", required=True, help="the stack's configuration, YAML or JSON")
    parser.add_argument("--checkpoint", help="safetensors or PyTorch checkpoint; without it the initial weights")
    parser.add_argument("--prefix", help="what the stack's names begin with; needed if there are several stacks")
    parser.add_argument("--out", required=True, help="model folder to write")
    parser.add_argument("--reference", action="store_true", help="also write expected.safetensors")
    parser.add_argument("--input", help="safetensors with x of shape [B, S, D] for --reference; else random numbers")
    parser.add_argument("--tokens", type=int, default=70, help="how many random tokens")
    parser.add_argument("--batch", type=int, default=1, help="how many random sequences")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    config = read_config(options.config)
    if options.checkpoint:
        stack = load_stack(config, read_checkpoint(options.checkpoint, options.prefix))
    else:
        stack = build_stack(config)
    export(stack, options.out)
    if options.reference:
        shape = options.batch, options.tokens, stack.config.embedding_dim
        x = load_file(options.input)["x"] if options.input else torch.randn(shape)
        export_reference(stack, x, options.out)


if __name__ == "__main__":
    main()
