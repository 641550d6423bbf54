"""The runtimes take turns, forwards and backwards; each run becomes a line of samples.jsonl."""
import json
import re
import statistics
from dataclasses import replace

from . import process
from .tools import ROOT, say


class Rounds:
    def __init__(self, tools, models, samples_file, about):
        self.tools = tools
        self.models = models
        self.file = samples_file
        self.about = about
        self.absent = {}
        lines = samples_file.read_text().splitlines() if samples_file.exists() else []
        self.samples = [json.loads(line) for line in lines]
        self.references = {}

    def measure(self, family, case, rounds, repeats, only, quick):
        chosen = [r for r in family.RUNTIMES if r.fits(case) and re.search(only or "", r.name) and (r.quick or not quick)]
        for name, reason in family.ABSENT.items():
            self.absent[name] = reason
        for number in range(rounds):
            for runtime in chosen if number % 2 == 0 else reversed(chosen):
                key = {"case": case.text, "runtime_name": runtime.name, "round": number}
                known = any(all(sample[k] == v for k, v in key.items()) for sample in self.samples)
                if known or (case.text, runtime.name) in self.absent or self.missing(family, runtime):
                    continue
                try:
                    sample = {**key, **self.checked(family, runtime, case, repeats), **self.about}
                except (RuntimeError, ValueError) as e:
                    say(f"{case.text}: {runtime.name}: {e}")
                    self.absent[case.text, runtime.name] = str(e)
                    continue
                self.samples.append(sample)
                with self.file.open("a") as out:
                    out.write(json.dumps(sample) + "\n")
                rate = sample["units"] / statistics.median(sample["seconds"])
                say(f"{case.text} round {number + 1}/{rounds} {runtime.name}: {rate:.1f} {family.UNIT}/s")

    def missing(self, family, runtime):
        reasons = [reason for need in runtime.needs if (reason := self.tools.missing(need))]
        if reasons:
            self.absent[family.WORKS[0], runtime.name] = reasons[0]
        return bool(reasons)

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
        done = process.run(command, threads)
        result = family.result(done)
        result.setdefault("peak_bytes", done.peak_bytes)
        result["process_seconds"] = done.seconds
        result["command"] = [shortened(str(part)) for part in command if ":" not in str(part)]
        return result


def shortened(part):
    """Without what only this machine's folders tell."""
    if part.startswith(str(ROOT)):
        return "." + part[len(str(ROOT)):]
    return part.rsplit("/", 1)[-1] if part.startswith("/") else part
