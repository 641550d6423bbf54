"""Reference forecasts of TiRex-2, by the original package.

Writes `reference.safetensors` for `xlstm verify`: one group of random series, two targets with a
covariate of the past and one that is known ahead, and the quantiles that the package forecasts.

    python tirex_2.py --checkpoint FOLDER --out OUT
    xlstm verify -m FOLDER OUT/reference.safetensors --tolerance 1e-4

FOLDER has config.json and model.safetensors, as NX-AI/TiRex-2 on Hugging Face. Needs the package
`tirex-2` (module tirex2) with what it depends on.
"""
import argparse
import pathlib

import torch
from safetensors.torch import save_file
from tirex2 import TimeseriesType, load_model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", required=True, help="model folder")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder to write")
    parser.add_argument("--length", type=int, default=300, help="of the series")
    parser.add_argument("--horizon", type=int, default=32)
    parser.add_argument("--alone", action="store_true", help="one target without covariates")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    steps = torch.arange(options.length + options.horizon, dtype=torch.float32)
    ahead = torch.sin(steps / 5)[None] + 0.1 * torch.randn(1, len(steps))
    known = ahead[:, : options.length]
    group = {"target": torch.cat([10 + 2 * known, torch.cos(steps[: options.length] / 9)[None]])}
    group["target"] = group["target"] + 0.2 * torch.randn(group["target"].shape)
    if options.alone:
        group["target"] = group["target"][:1].contiguous()
    else:
        group["past"] = torch.randn(1, options.length)
        group["future"] = ahead
    model = load_model(options.checkpoint, device="cpu")
    series = TimeseriesType(
        target=group["target"], past_covariates=group.get("past"), future_covariates=group.get("future"))
    with torch.inference_mode():
        forecast = model.forecast([series], prediction_length=options.horizon, output_type="torch")[0]
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(
        {
            **group,
            "prediction_length": torch.tensor([options.horizon]),
            # the package's order is targets, levels, steps
            "quantiles": forecast.float().transpose(1, 2).contiguous(),
        },
        options.out / "reference.safetensors",
    )


if __name__ == "__main__":
    main()
