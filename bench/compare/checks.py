"""Whether a runtime computes what it should: how far its results are from the reference's."""
import json


def result(done):
    """What a runtime answered: its last line, in JSON."""
    return json.loads(done.output.strip().splitlines()[-1])


def distance(result, reference):
    """The largest difference of the first results. NaN, which no bound holds, if one is not a number."""
    differences = [abs(a - b) for a, b in zip(result["check"], reference["check"], strict=True)]
    return max(differences, key=lambda x: (x != x, x))
