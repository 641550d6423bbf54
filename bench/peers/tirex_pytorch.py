"""TiRex by its original package in PyTorch: a forecast of 32 values behind 512.

  tirex_pytorch.py MODEL.ckpt --package TIREX/src --make        # random weights, the published sizes
  tirex_pytorch.py MODEL.ckpt --package TIREX/src --threads 1

The package's loop for CPUs rounds to bfloat16; here it runs in float32, as this engine does. Speaks the
protocol of bench/run: one line of JSON.
"""
import argparse
import importlib
import pathlib
import sys
import time
from unittest.mock import MagicMock

import torch

from peer import answer, timed, torch_name, values

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "reference"))
from tirex import in_float32  # noqa: E402  bench/reference/tirex.py, before the package of that name

del sys.modules["tirex"], sys.path[0]
LENGTH, HORIZON = 512, 32
# What the package imports for classification and regression, which no forecast needs.
UNUSED = ["sklearn", "sklearn.model_selection", "sklearn.ensemble", "joblib", "lightgbm"]
SIZES = {
    "model_config": {
        "input_patch_size": 32, "output_patch_size": 32, "input_ff_dim": 2048,
        "quantiles": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
        "block_kwargs": {"embedding_dim": 512, "num_heads": 4, "num_blocks": 12, "ffn_proj_factor": 2.6667},
    },
    "train_ctx_len": 2048,
}


def without_unused_packages():
    for name in UNUSED:
        try:
            importlib.import_module(name)
        except ImportError:
            sys.modules[name] = MagicMock()


def make(file):
    from tirex.models.tirex import TiRexZero

    model = TiRexZero(backend="torch", **SIZES)
    with torch.no_grad():
        for name, value in model.named_parameters():
            size = 0.1 if value.dim() < 2 else value.shape[-1] ** -0.5
            ones = 1.0 if name.startswith("out_norm") or ".norm_" in name else 0.0
            value.copy_(ones + torch.randn(value.shape) * size)
    torch.save({"state_dict": model.state_dict(), "hyper_parameters": SIZES}, file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--package", required=True, help="folder of the package's sources")
    parser.add_argument("--make", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--forecasts", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    sys.path.insert(0, options.package)
    without_unused_packages()
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(0)
    if options.make:
        make(options.model)
        return
    from tirex.models.tirex import TiRexZero

    in_float32()
    model = TiRexZero.from_pretrained(options.model, backend="torch", device="cpu")
    series = torch.tensor([values(LENGTH, 0)])

    def run():
        begin = time.perf_counter()
        for _ in range(options.forecasts):
            model._forecast_quantiles(series, HORIZON)
        return time.perf_counter() - begin

    check = model._forecast_quantiles(series, HORIZON)[0].flatten().tolist()
    answer("TiRex in " + torch_name(), check, options.forecasts, timed(run, options.repeats))


if __name__ == "__main__":
    main()
