"""Checks `xlstm forecast --backtest`: cuts a series, forecasts each window, and computes MASE, weighted
quantile loss and coverage with numpy, by their definitions.

Windows are forecast with `xlstm forecast`, or with --package and --checkpoint by the original TiRex
package, its loop in float32 (--cell f32) or as it is (--cell bf16). Needs numpy; the original, torch.

    python backtest.py models/pretrained/tirex-mini/co2_weekly.csv --column co2 --horizon 52 \\
        --windows 8 --season 52 --package ~/tirex/src --checkpoint models/pretrained/tirex-mini/model.ckpt
"""

import argparse
import csv
import io
import json
import subprocess
import sys

import numpy as np


def run(command, values, *options):
    text = "v\n" + "".join("NA\n" if np.isnan(v) else f"{v!r}\n" for v in values.tolist())
    line = [*command, "forecast", "-", "--column", "v", "--no-time", *options]
    return subprocess.run(line, input=text, text=True, check=True, capture_output=True).stdout


def differences(past, season):
    sizes = np.abs(past[season:] - past[:-season])
    return sizes[~np.isnan(sizes)]


def seasonal_naive(past, horizon, season, levels):
    steps = np.arange(horizon)
    values = np.empty(horizon)
    for step in steps:
        alike = past[(len(past) + step) % season :: season]
        values[step] = alike[~np.isnan(alike)][-1]
    sizes = differences(past, season)
    ahead = np.sqrt(steps // season + 1)
    reach = [np.sign(2 * q - 1) * np.quantile(sizes, abs(2 * q - 1)) for q in levels]
    return values, values[:, None] + ahead[:, None] * np.array(reach)[None, :]


def scores(windows, levels, season):
    """Each window: past, actual values, medians, quantiles [step, level]."""
    q = np.array(levels)
    mase = [
        np.nanmean(np.abs(actual - median)) / np.mean(differences(past, season))
        for past, actual, median, _ in windows
    ]
    actual = np.concatenate([w[1] for w in windows])[:, None]
    forecast = np.concatenate([w[3] for w in windows])
    present = ~np.isnan(actual[:, 0])
    actual, forecast = actual[present], forecast[present]
    pinball = np.maximum(q * (actual - forecast), (q - 1) * (actual - forecast))
    low, high = forecast[:, q.argmin()], forecast[:, q.argmax()]
    return {
        "mase": np.mean(mase),
        "wql": np.mean(2 * pinball.sum(axis=0) / np.abs(actual).sum()),
        "coverage": np.mean((actual[:, 0] >= low) & (actual[:, 0] <= high)),
    }


def by_command(given):
    def forecast(past):
        out = run(given.command, past, "--horizon", str(given.horizon), "--cell", given.cell)
        rows = list(csv.reader(io.StringIO(out)))
        return [float(level) for level in rows[0][1:]], np.array(rows[1:], dtype=np.float64)[:, 1:]

    return forecast


def by_original(given):
    import torch

    from tirex import in_float32

    del sys.modules["tirex"]  # the script of that name here; the package's from now on
    sys.path.insert(0, given.package)
    from tirex.models.tirex import TiRexZero

    if given.cell == "f32":
        in_float32()
    model = TiRexZero.from_pretrained(given.checkpoint, backend="torch", device="cpu")
    levels = torch.load(given.checkpoint, map_location="cpu")["hyper_parameters"]["model_config"]["quantiles"]

    def forecast(past):
        quantiles, _ = model._forecast_quantiles(torch.tensor(past)[None], given.horizon)
        return list(levels), quantiles[0].double().numpy()

    return forecast


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--column", required=True)
    parser.add_argument("--horizon", type=int, required=True)
    parser.add_argument("--windows", type=int, required=True)
    parser.add_argument("--season", type=int, required=True)
    parser.add_argument("--command", nargs="+", default=["./xlstm"])
    parser.add_argument("--cell", default="f32", choices=["f32", "bf16"])
    parser.add_argument("--package", help="folder of the original package's sources")
    parser.add_argument("--checkpoint", help="model.ckpt, for the original package")
    given = parser.parse_args()
    with open(given.file, newline="") as lines:
        rows = csv.DictReader(lines)
        series = np.array([np.float32(row[given.column] or "nan") for row in rows])
    horizon, season = given.horizon, given.season
    forecast = by_original(given) if given.package else by_command(given)
    model, naive = [], []
    for window in range(given.windows):
        begin = len(series) - (given.windows - window) * horizon
        levels, quantiles = forecast(series[:begin])
        past = series[:begin].astype(np.float64)
        actual = series[begin : begin + horizon].astype(np.float64)
        model.append((past, actual, quantiles[:, levels.index(0.5)], quantiles))
        naive.append((past, actual, *seasonal_naive(past, horizon, season, levels)))
    told = run(
        given.command, series, "--horizon", str(horizon), "--backtest", str(given.windows),
        "--season", str(season), "--cell", given.cell, "--json",
    )
    worst = 0.0
    for line, windows in zip(told.splitlines(), (model, naive)):
        row = json.loads(line)
        for key, expected in scores(windows, levels, season).items():
            error = abs(row[key] - expected) / max(abs(expected), 1e-12)
            worst = max(worst, error)
            print(f"{row['forecast']:15} {key:9} {row[key]:.7f} {expected:.7f}")
    print(f"largest relative difference {worst:.1e}")
    return 0 if worst < (1e-4 if given.cell == "f32" else 2e-2) else 1


if __name__ == "__main__":
    sys.exit(main())
