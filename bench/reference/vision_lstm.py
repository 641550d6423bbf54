"""Reference outputs of Vision-LSTM, by the original code.

Writes `reference.safetensors` for `xlstm verify`: prepared pictures of random pixels, and the logits
or features that the original gives for them, in float32. For a checkpoint of yours, or for random
weights of a configuration, which then become a model folder.

    python vision_lstm.py --package ~/vision-lstm --checkpoint FOLDER --out OUT
    python vision_lstm.py --package ~/vision-lstm --config config.json --out OUT
    xlstm verify -m FOLDER OUT/reference.safetensors

FOLDER has config.json, with the constructor's options under the names that docs/models/vision-lstm.md
gives, and model.safetensors. Needs torch, einops and safetensors.
"""
import argparse
import json
import pathlib
import shutil
import sys

import torch
from safetensors.torch import load_file, save_file


def network(package, config):
    """The original's network for a configuration of this project."""
    sys.path.insert(0, package)
    patch = config.get("patch_height", 16), config.get("patch_width", 16)
    stride = config.get("stride_height", patch[0]), config.get("stride_width", patch[1])
    classifies = config.get("mode", "classifier") == "classifier"
    options = {
        "dim": config["dim"],
        "depth": config["depth"],
        "input_shape": (config.get("image_channels", 3), config.get("image_height", 224), config.get("image_width", 224)),
        "patch_size": patch,
        "stride": None if stride == patch else stride,
        "output_shape": (config["num_classes"],) if classifies else None,
        "pooling": config.get("pooling"),
        "legacy_norm": config.get("legacy_norm", True),
    }
    if config["version"] == 1:
        from vision_lstm.vision_lstm import VisionLSTM

        return VisionLSTM(mode="classifier" if classifies else None, **options)
    from vision_lstm.vision_lstm2 import VisionLSTM2

    variants = {name: config[name] for name in ("conv_kind", "conv_kernel_size", "proj_bias", "norm_bias") if name in config}
    return VisionLSTM2(mode="classifier" if classifies else "features", **options, **variants)


def randomize(model):
    """The original starts some tensors at zero, which would hide an error in what they multiply."""
    with torch.no_grad():
        for value in model.parameters():
            size = 0.3 if value.dim() < 2 else 0.5 * value[0].numel() ** -0.5
            value.add_(torch.randn(value.shape) * size)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True, help="a checkout of NX-AI/vision-lstm")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=pathlib.Path, help="model folder")
    source.add_argument("--config", type=pathlib.Path, help="configuration as JSON, for random weights")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder to write")
    parser.add_argument("--pictures", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    file = options.config or options.checkpoint / "config.json"
    model = network(options.package, json.loads(file.read_text())).eval()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.checkpoint:
        weights = load_file(options.checkpoint / "model.safetensors")
        # not by the original's own method: for features that replaces a norm's weights by initial ones
        torch.nn.Module.load_state_dict(model, {name: value.float() for name, value in weights.items()})
    else:
        randomize(model)
        save_file({name: value.contiguous() for name, value in model.state_dict().items()}, options.out / "model.safetensors")
        shutil.copy(file, options.out / "config.json")
    pictures = torch.randn(options.pictures, *model.input_shape)
    with torch.inference_mode():
        output = model(pictures)
    save_file({"pixel_values": pictures, "output": output.contiguous()}, options.out / "reference.safetensors")


if __name__ == "__main__":
    main()
