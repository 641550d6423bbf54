"""What was not measured, and why: kept with the samples until there is one."""
import json


class Absent:
    def __init__(self, file):
        self.file = file
        self.reasons = json.loads(file.read_text()) if file.exists() else {}

    def note(self, case, runtime, reason):
        self.reasons.setdefault(case, {})[runtime] = reason
        self.write()

    def forget(self, case, runtime):
        """A sample of the runtime was taken."""
        if self.reasons.get(case, {}).pop(runtime, None) is None:
            return
        if not self.reasons[case]:
            del self.reasons[case]
        self.write()

    def write(self):
        self.file.write_text(json.dumps(self.reasons, indent=1, sort_keys=True) + "\n")

    def lines(self):
        """A line for each runtime and reason, with the cases."""
        cases = {}
        for case, runtimes in sorted(self.reasons.items()):
            for runtime, reason in runtimes.items():
                cases.setdefault((runtime, reason), []).append(case)
        return [f"{runtime} ({', '.join(found)}): {reason}" for (runtime, reason), found in sorted(cases.items())]
