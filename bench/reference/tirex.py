"""Reference forecasts of TiRex, by the original package.

Writes a model folder with `model.ckpt` and `reference.safetensors` for `xlstm verify`: for a
checkpoint of yours, or for random weights of a configuration. The package's cell rounds to bfloat16,
so compare with `--cell bf16`, or with --float32 here, which runs the package's own loop in float32.
With --time it also prints how long a forecast of the first series takes.

    python tirex.py --package ~/tirex/src --checkpoint model.ckpt --series series.csv --out OUT
    xlstm verify -m OUT/model.ckpt OUT/reference.safetensors --cell bf16 --tolerance 5e-3
"""
import argparse
import csv
import json
import pathlib
import sys
import time

import torch
from safetensors.torch import save_file


def column(path):
    """The last column of a file of comma-separated values; what is no number is missing."""
    values = []
    with open(path, newline="") as file:
        for row in csv.reader(file):
            try:
                values.append(float(row[-1]))
            except ValueError:
                values.append(float("nan"))
    return torch.tensor(values[1:] if values[0] != values[0] else values)


def padded(series):
    """Rows of one length, NaN in front of the shorter ones."""
    length = max(len(s) for s in series)
    return torch.stack([torch.cat([torch.full((length - len(s),), float("nan")), s]) for s in series])


def in_float32():
    """Makes the package's loop run in float32."""
    from tirex.models.slstm.cell import sLSTMCell

    def loop(self, x, state):
        bias = self._bias_.reshape(self.config.num_heads, self.config.num_gates, self.config.head_dim)
        x = x.reshape(x.shape[0], x.shape[1], -1)
        return self._impl_forward_torch(x, state, self._recurrent_kernel_, bias.permute(1, 0, 2).reshape(-1))

    sLSTMCell._impl_torch = loop


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True, help="folder of the package's sources")
    parser.add_argument("--checkpoint", help="model.ckpt")
    parser.add_argument("--config", help="hyper-parameters as JSON, for random weights")
    parser.add_argument("--series", nargs="*", default=[], help="CSV files; their last columns")
    parser.add_argument("--length", type=int, default=512, help="of a random series, if none is given")
    parser.add_argument("--horizon", type=int, default=64)
    parser.add_argument("--float32", action="store_true")
    parser.add_argument("--out", required=True, help="model folder to write")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--time", type=int, default=0, metavar="FORECASTS")
    options = parser.parse_args()
    sys.path.insert(0, options.package)
    from tirex.models.tirex import TiRexZero

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = options.checkpoint
    if not checkpoint:
        config = json.loads(pathlib.Path(options.config).read_text())
        parameters = {"model_config": config["model_config"], "train_ctx_len": config["train_ctx_len"]}
        model = TiRexZero(backend="torch", **parameters)
        with torch.no_grad():
            for name, value in model.named_parameters():
                size = 0.1 if value.dim() < 2 else value.shape[-1] ** -0.5
                ones = 1.0 if name.startswith("out_norm") or ".norm_" in name else 0.0
                value.copy_(ones + torch.randn(value.shape) * size)
        checkpoint = out / "model.ckpt"
        torch.save({"state_dict": model.state_dict(), "hyper_parameters": parameters}, checkpoint)
    if options.float32:
        in_float32()
    model = TiRexZero.from_pretrained(str(checkpoint), backend="torch", device="cpu")
    series = [column(path) for path in options.series]
    if not series:
        steps = torch.arange(options.length, dtype=torch.float32)
        series = [10 + 3 * torch.sin(steps / 7) + torch.randn(options.length)]
    context = padded(series)
    quantiles, mean = model._forecast_quantiles(context, options.horizon)
    save_file(
        {
            "context": context,
            "prediction_length": torch.tensor([options.horizon]),
            "quantiles": quantiles.contiguous(),
            "mean": mean.clone(),
        },
        out / "reference.safetensors",
    )
    if options.time:
        seconds = []
        for _ in range(options.time):
            begin = time.perf_counter()
            model._forecast_quantiles(context, options.horizon)
            seconds.append(time.perf_counter() - begin)
        print("median forecast %.2f ms" % (1000 * sorted(seconds)[len(seconds) // 2]))


if __name__ == "__main__":
    main()
