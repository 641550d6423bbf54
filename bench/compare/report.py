"""table.md and a plot a case, from the samples."""
import os
import platform
import statistics
from dataclasses import dataclass

from . import disk, plot
from .cases import family_of, parse


@dataclass(frozen=True)
class Row:
    """What the samples of a runtime come to; low to high holds the middle half of the values."""

    name: str
    own_weights: bool
    middle: float
    low: float
    high: float
    samples: list

    @property
    def gigabytes(self):
        """A second, of weights; only where each token reads them once: a prompt's tokens share what is read."""
        sample = self.samples[-1]
        decoding = sample["case"].split()[1].startswith("tg")
        return self.middle * sample["weight_bytes"] / 1e9 if decoding and "weight_bytes" in sample else None


def interval(values):
    """Median and the range that holds the middle half."""
    values = sorted(values)
    if len(values) == 1:
        return values[0], values[0], values[0]
    quarters = statistics.quantiles(values, n=4, method="inclusive")
    return quarters[1], quarters[0], quarters[2]


def write(folder, cpu, level, samples, absent, families, tools):
    commits = ", ".join(dict.fromkeys(s.get("commit", "unknown") for s in samples))
    java = next((s["versions"]["java"] for s in reversed(samples) if "versions" in s), "unknown")
    capped = f"All runtimes use no more than {level.title}, though the processor has more. " if level else ""
    lines = [
        f"# {cpu}, {os.cpu_count()} cores" + (f", at most {level.title}" if level else ""),
        "",
        f"{platform.system()} {platform.machine()}; {java}; commit {commits}. {capped}Medians of all runs, the middle half in brackets; "
        "made by `bench/run`, every run in `samples.jsonl`. Memory is the process's peak, mapped files included.",
        "",
    ]
    shown = {case: family_of(parse(case), families) for case in dict.fromkeys(s["case"] for s in samples)}
    for case, family in shown.items():
        lines += case_section(folder, case, family, [s for s in samples if s["case"] == case])
    if tools is not None:
        lines += ["## Size on disk", "", "| what | MB | counted |", "| --- | ---: | --- |"]
        lines += [f"| {what} | {size / 1e6:.0f} | {counted} |" for what, size, counted in disk.deployments(tools)] + [""]
    never = {f"{name}: {reason}" for family in shown.values() for name, reason in family.ABSENT.items()}
    if reasons := sorted({*never, *absent.lines()}):
        lines += ["## Not measured", "", *(f"- {reason}" for reason in reasons), ""]
    (folder / "table.md").write_text("\n".join(lines))


def case_section(folder, case, family, samples):
    start = family.UNIT == "starts"
    rows = [row for runtime in family.RUNTIMES if (row := summary(runtime, samples, start))]
    if not rows:
        return []
    lines = [f"## {case}", ""]
    limits = [s for s in samples if "read_rate" in s]
    if limits:
        rate = lambda key: statistics.median(s[key] for s in limits) / 1e9
        limits_text = f"Read {rate('read_rate'):.1f} GB/s, update {rate('update_rate'):.1f} GB/s, {2 * rate('multiply_add_rate'):.0f} GFLOP/s in the same rounds."
        lines += [limits_text, ""]
    columns = [column for column in COLUMNS if any(column(family, rows, row) for row in rows)]
    lines.append("| runtime | " + " | ".join(TITLES[c](family) for c in columns) + " | version |")
    lines.append("| --- |" + " ---: |" * len(columns) + " --- |")
    for row in rows:
        cells = [column(family, rows, row) or "-" for column in columns]
        lines.append(f"| {row.name} | " + " | ".join(cells) + f" | {row.samples[-1]['runtime'] or '-'} |")
    if any(row.own_weights for row in rows):
        lines += ["", "Other network: has no xLSTM and runs another network that reads about as many weights; checked is only that its results are "
                  "finite and depend on the input."]
    what = "milliseconds to the first word" if start else f"{family.UNIT} per second"
    (folder / (case.replace(" ", "-").replace("@", "-behind-") + ".svg")).write_text(plot.bars(f"{case}: {what}", rows))
    return lines + [""]


def summary(runtime, samples, start):
    chosen = [s for s in samples if s["runtime_name"] == runtime.name]
    if not chosen:
        return None
    values = [1000 * t if start else s["units"] / t for s in chosen for t in s["seconds"]]
    return Row(runtime.name, runtime.tolerance is None, *interval(values), chosen)


def value(family, rows, row):
    return f"{row.middle:.1f} [{row.low:.1f}, {row.high:.1f}]"


def each(family, rows, row):
    """Time of one where it is what matters: a control step, a picture, a forecast."""
    return f"{1000 / row.middle:.2f}" if family.UNIT not in ("tokens", "starts") else None


def against(family, rows, row):
    base = next((r for r in rows if r.name == family.BASE), None)
    if not base:
        return None
    faster = base.middle / row.middle if family.UNIT == "starts" else row.middle / base.middle
    return f"{faster:.2f}"


def share(family, rows, row):
    shares = [s["limit_seconds"] / statistics.median(s["seconds"]) for s in row.samples if "limit_seconds" in s]
    return f"{statistics.median(shares):.2f}" if shares else None


def bytes_read(family, rows, row):
    return f"{row.gigabytes:.2f}" if row.gigabytes else None


def weights(family, rows, row):
    """Runtimes of the same network have its number of weights."""
    candidates = [row] if row.own_weights else [row, *(r for r in rows if not r.own_weights)]
    count = next((r.samples[-1]["weights"] for r in candidates if "weights" in r.samples[-1]), None)
    return f"{row.middle * count / 1e9:.2f}" if count else None


def memory(family, rows, row):
    peaks = [s["peak_bytes"] for s in row.samples if "peak_bytes" in s]
    return f"{statistics.median(peaks) / 1e6:.0f}" if peaks else None


def apart(family, rows, row):
    return "other network" if row.own_weights else f"{max(s['distance'] for s in row.samples):.1g}"


TITLES = {
    value: lambda family: "ms to the first word" if family.UNIT == "starts" else family.UNIT + "/s",
    each: lambda family: "ms each",
    against: lambda family: "times as fast as " + family.BASE,
    share: lambda family: "share of the limit",
    bytes_read: lambda family: "GB/s of weights",
    weights: lambda family: "G weights/s",
    memory: lambda family: "memory, MB",
    apart: lambda family: "results apart",
}
COLUMNS = list(TITLES)
