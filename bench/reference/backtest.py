"""Checks `xlstm forecast --backtest`: cuts a series, forecasts each window with `xlstm forecast`, and
computes MASE, weighted quantile loss and coverage with numpy, by their definitions."""

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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--column", required=True)
    parser.add_argument("--horizon", type=int, required=True)
    parser.add_argument("--windows", type=int, required=True)
    parser.add_argument("--season", type=int, required=True)
    parser.add_argument("--command", nargs="+", default=["./xlstm"])
    given = parser.parse_args()
    with open(given.file, newline="") as lines:
        rows = csv.DictReader(lines)
        series = np.array([np.float32(row[given.column] or "nan") for row in rows])
    horizon, season = given.horizon, given.season
    model, naive = [], []
    for window in range(given.windows):
        begin = len(series) - (given.windows - window) * horizon
        out = run(given.command, series[:begin], "--horizon", str(horizon))
        rows = list(csv.reader(io.StringIO(out)))
        levels = [float(level) for level in rows[0][1:]]
        quantiles = np.array(rows[1:], dtype=np.float64)[:, 1:]
        past = series[:begin].astype(np.float64)
        actual = series[begin : begin + horizon].astype(np.float64)
        model.append((past, actual, quantiles[:, levels.index(0.5)], quantiles))
        naive.append((past, actual, *seasonal_naive(past, horizon, season, levels)))
    told = run(
        given.command, series, "--horizon", str(horizon), "--backtest", str(given.windows),
        "--season", str(season), "--json",
    )
    worst = 0.0
    for line, windows in zip(told.splitlines(), (model, naive)):
        row = json.loads(line)
        for key, expected in scores(windows, levels, season).items():
            error = abs(row[key] - expected) / max(abs(expected), 1e-12)
            worst = max(worst, error)
            print(f"{row['forecast']:15} {key:9} {row[key]:.7f} {expected:.7f}")
    print(f"largest relative difference {worst:.1e}")
    return 0 if worst < 1e-4 else 1


if __name__ == "__main__":
    sys.exit(main())
