"""What is compared, and how often: "220M tg32 t1" is a model's size, work and threads."""
import re
from dataclasses import dataclass

QUICK = ["20M tg32 t1", "220M tg32 t1", "16M control100 t1", "ViL-Tiny picture4 t1", "TiRex forecast2 t1", "20M start1 t1"]
DEFAULT = [
    "20M tg32 t1",
    "220M tg32 t1",
    "220M tg32 t2",
    "220M pp512 t1",
    "125M tg32 t1",
    "16M control100 t1",
    "ViL-Tiny picture4 t1",
    "TiRex forecast2 t1",
    "20M start1 t2",
    "20M tg32@20000 t1",
]
FULL = (
    [f"{s} {w} t{t}" for s in ("20M", "220M") for w in ("tg32", "tg128", "pp64", "pp512", "pp2048") for t in (1, 2)]
    + [f"{s} {w} t{t}" for s in ("4M", "125M") for w in ("tg32", "pp64", "pp256", "pp512", "pp2048") for t in (1, 2)]
    + [f"{c} t{t}" for c in ("16M control100", "206M control20", "ViL-Tiny picture4", "TiRex forecast2", "20M start1") for t in (1, 2)]
    + [f"20M tg32@{depth} t1" for depth in (1000, 100000)]
    + [f"1.3B {w} t{t}" for w in ("tg16", "pp512") for t in (1, 2)]
)


@dataclass(frozen=True)
class Case:
    """
    size: of the model, a key of its family's SIZES
    work: tg tokens one at a time, pp a prompt, or another family's step
    count: tokens or steps of a run
    depth: tokens before those that are timed
    """

    text: str
    size: str
    work: str
    count: int
    depth: int
    threads: int

    @property
    def task(self):
        """What the runtimes are told."""
        return self.text.split()[1]


def parse(text):
    match = re.fullmatch(r"(\S+) ([a-z]+)(\d+)(?:@(\d+))? t(\d+)", text)
    if not match:
        return None
    size, work, count, depth, threads = match.groups()
    return Case(text, size, work, int(count), int(depth or 0), int(threads))


def family_of(case, families):
    """The family that has a case; None if none has, or if it is none."""
    return next((f for f in families if case and case.work in f.WORKS and case.size in f.SIZES), None)
