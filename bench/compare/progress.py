"""How many of the samples are taken, and about how long the others take."""
import json
import statistics

# of a sample of which nothing is known
USUAL_SECONDS = 12


class Progress:
    """Expects of each sample what earlier ones of its case and runtime took, on any machine, and learns how much they differ."""

    def __init__(self, turns, earlier):
        """
        turns: (case, runtime) of each sample that is to be taken
        earlier: samples
        """
        by_case, by_runtime = {}, {}
        for sample in earlier:
            by_case.setdefault((sample["case"], sample["runtime_name"]), []).append(sample["process_seconds"])
            by_runtime.setdefault(sample["runtime_name"], []).append(sample["process_seconds"])
        self.known = {key: statistics.median(values) for key, values in (by_runtime | by_case).items()}
        self.waiting = list(turns)
        self.total = len(self.waiting)
        self.expected_seconds = self.seconds = 0

    def expected(self, turn):
        case, runtime = turn
        return self.known.get(turn, self.known.get(runtime, USUAL_SECONDS))

    def taken(self, turn, seconds):
        """A sample was taken, or failed."""
        self.waiting.remove(turn)
        self.expected_seconds += self.expected(turn)
        self.seconds += seconds

    def skipped(self, turn):
        """A sample will not be taken."""
        self.waiting.remove(turn)

    def left(self):
        """Seconds."""
        ratio = self.seconds / self.expected_seconds if self.expected_seconds else 1
        return ratio * sum(map(self.expected, self.waiting))

    def __str__(self):
        left = self.left()
        time = f"{left / 60:.0f} min" if left >= 90 else f"{left:.0f} s"
        return f"{self.total - len(self.waiting)} of {self.total} samples, about {time} left"


def samples_of_all(results):
    """Every machine's samples."""
    return [json.loads(line) for file in sorted(results.glob("*/samples.jsonl")) for line in file.read_text().splitlines()]
