"""The runtimes take turns, forwards and backwards; each run becomes a line of samples.jsonl."""
import json
import re
import statistics
import time
from dataclasses import dataclass, replace
from types import ModuleType

from . import process
from .absent import Absent
from .cases import Case
from .progress import Progress, samples_of_all
from .runtime import Runtime
from .tools import ROOT, say


@dataclass(frozen=True)
class Turn:
    """One sample that is to be taken."""

    family: ModuleType
    case: Case
    runtime: Runtime
    number: int

    @property
    def what(self):
        return self.case.text, self.runtime.name


class Rounds:
    def __init__(self, tools, models, folder, about, fresh):
        self.tools = tools
        self.models = models
        self.folder = folder
        self.file = folder / "samples.jsonl"
        self.about = about
        if fresh:
            self.file.unlink(missing_ok=True)
            self.absent_file.unlink(missing_ok=True)
        self.absent = Absent(self.absent_file)
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        self.samples = [json.loads(line) for line in lines]
        self.references = {}

    @property
    def absent_file(self):
        return self.folder / "not-measured.json"

    def turns(self, family, case, rounds, only, quick):
        """The samples of a case that are not here yet, in the order in which they are taken."""
        chosen = [r for r in family.RUNTIMES if r.fits(case) and re.search(only or "", r.name) and (r.quick or not quick)]
        turns = [Turn(family, case, r, n) for n in range(rounds) for r in (chosen if n % 2 == 0 else reversed(chosen))]
        taken = {(s["case"], s["runtime_name"], s["round"]) for s in self.samples}
        measured = {(case, runtime) for case, runtime, _ in taken}
        for runtime in chosen:
            if (reason := self.missing(runtime)) and (case.text, runtime.name) not in measured:
                self.absent.note(case.text, runtime.name, reason)
        return [turn for turn in turns if (*turn.what, turn.number) not in taken and not self.missing(turn.runtime)]

    def missing(self, runtime):
        """What a runtime needs and is not here; None if all is."""
        return next((reason for need in runtime.needs if (reason := self.tools.missing(need))), None)

    def measure(self, turns, repeats):
        progress = Progress([turn.what for turn in turns], samples_of_all(self.folder.parent))
        say(str(progress))
        failed = set()
        for turn in turns:
            if turn.what in failed:
                progress.skipped(turn.what)
                continue
            begin = time.perf_counter()
            text, name = turn.what
            try:
                key = {"case": text, "runtime_name": name, "round": turn.number}
                sample = {**key, **self.checked(turn.family, turn.runtime, turn.case, repeats), **self.about}
            except (RuntimeError, ValueError, LookupError) as e:
                progress.taken(turn.what, time.perf_counter() - begin)
                failed.add(turn.what)
                self.absent.note(text, name, str(e))
                say(f"{progress}: {text} {name}: {e}")
                continue
            self.samples.append(sample)
            with self.file.open("a") as out:
                out.write(json.dumps(sample) + "\n")
            self.absent.forget(text, name)
            progress.taken(turn.what, sample["process_seconds"])
            rate = sample["units"] / statistics.median(sample["seconds"])
            say(f"{progress}: {text} round {turn.number + 1} {name}: {rate:.1f} {turn.family.UNIT}/s")

    def checked(self, family, runtime, case, repeats):
        """One process; its results must be near the reference's, or it does not count."""
        result = self.run(family, runtime, case, repeats)
        if runtime.tolerance is not None:
            result["distance"] = family.distance(result, self.reference(family, case))
            if not result["distance"] <= runtime.tolerance:
                raise RuntimeError(f"results differ by {result['distance']:.3g}, at most {runtime.tolerance} allowed")
        return result

    def reference(self, family, case):
        """The results that others are compared with: a run of its own, whichever runtimes are chosen."""
        key = family.WORKS[0], case.size
        if key not in self.references:
            runtime = next(r for r in family.RUNTIMES if r.name == family.REFERENCE)
            # Results do not depend on what is timed, so nothing deep comes before them.
            shallow = replace(case, text=re.sub(r"@\d+", "", case.text), depth=0)
            self.references[key] = self.run(family, runtime, shallow, 0)
        return self.references[key]

    def run(self, family, runtime, case, repeats):
        model = self.models.get(family, case.size, runtime.model)
        command = runtime.command(self.tools, model, case, repeats)
        threads = {"OMP_NUM_THREADS": str(case.threads), "MKL_NUM_THREADS": str(case.threads)}
        done = process.run(command, {**threads, **(self.tools.level.environment if self.tools.level else {})})
        result = family.result(done)
        result.setdefault("peak_bytes", done.peak_bytes)
        result["process_seconds"] = done.seconds
        # without class paths
        result["command"] = [shortened(str(part)) for part in command if ":" not in str(part) or str(part).startswith("-")]
        return result


def shortened(part):
    """Without what only this machine's folders tell."""
    if part.startswith(str(ROOT)):
        return "." + part[len(str(ROOT)):]
    return part.rsplit("/", 1)[-1] if part.startswith("/") else part
