"""One of the runtimes that take turns."""
from dataclasses import dataclass
from pathlib import Path
from typing import Callable


@dataclass(frozen=True)
class Runtime:
    """
    model: kind of its model's file, for the family's `make`; or where a shipped model is
    command: its command line, from tools, model's path, case and repeats
    tolerance: largest distance of its results from the reference's; None if its weights are its own
    needs: what must be here, keys of Tools.missing
    fits: whether it can run a case
    quick: whether the quick table has it
    """

    name: str
    model: str | Path
    command: Callable
    tolerance: float | None
    needs: tuple = ()
    fits: Callable = lambda case: True
    quick: bool = True
