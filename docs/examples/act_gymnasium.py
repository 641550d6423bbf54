"""Lets `xlstm act --serve` act in Gymnasium environments and compares its returns with the reference.

    pip install "gymnasium[classic-control,mujoco]"
    python docs/examples/act_gymnasium.py                          # all six tasks of the shipped model
    python docs/examples/act_gymnasium.py --task Pendulum-v1 --episodes 2
    python docs/examples/act_gymnasium.py -m path/to/model -- --threads 1

Any simulator or robot in any language can do the same: the protocol is one JSON object a line, in
docs/models/lram.md.
"""
import argparse
import json
import subprocess
import sys
import types
from pathlib import Path

import numpy as np

try:
    import imageio  # noqa: F401
except ImportError:  # MuJoCo environments import it for pictures, which nobody asks for here
    sys.modules["imageio"] = types.ModuleType("imageio")

import gymnasium

ROOT = Path(__file__).resolve().parents[2]


class Actor:
    """The other end of the pipe: one process, one robot."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def ask(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("the actor ended")
        answer = json.loads(answer)
        if "error" in answer:
            raise SystemExit(answer["error"])
        return answer

    def reset(self, task):
        return self.ask({"reset": {"task": task}})

    def act(self, observation, reward):
        return self.ask({"observation": [float(x) for x in observation], "reward": float(reward)})

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def play(actor, task, seed):
    """One episode; its return, its length and the time of each step in nanoseconds."""
    environment = gymnasium.make(task)
    observation, _ = environment.reset(seed=seed)
    actor.reset(task)
    total, reward, times, done = 0.0, 0.0, [], False
    while not done:
        answer = actor.act(observation, reward)
        times.append(answer["nanoseconds"])
        action = answer["action"]
        if not isinstance(action, int):
            action = np.asarray(action, dtype=np.float32)
        observation, reward, terminated, truncated, _ = environment.step(action)
        total += float(reward)
        done = terminated or truncated
    environment.close()
    return total, len(times), times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-m", "--model", default=str(ROOT / "models/pretrained/lram-control"))
    parser.add_argument("--command", default=str(ROOT / "xlstm"), help="the xlstm command")
    parser.add_argument("--task", action="append", help="only this task; may be repeated")
    parser.add_argument("--episodes", type=int, help="only the first episodes of each task")
    parser.add_argument("options", nargs="*", help="after --: further options of xlstm act")
    args = parser.parse_args()
    reference = json.loads((ROOT / "models/pretrained/lram-control/reference.json").read_text())["tasks"]
    command = [*args.command.split(), "act", "-m", args.model, "--serve", *args.options]
    actor = Actor(command)
    print("| task | return (episodes) | reference | largest difference | lengths equal | p50, p99, worst step (us) |")
    print("| --- | --- | --- | --- | --- | --- |")
    for task, expected in reference.items():
        if args.task and task not in args.task:
            continue
        seeds = expected["seeds"][: args.episodes]
        returns, lengths, times = [], [], []
        for seed in seeds:
            total, length, taken = play(actor, task, seed)
            returns.append(total)
            lengths.append(length)
            times += taken
        theirs = expected["returns"][: len(seeds)]
        print("| %s | %.1f (%d) | %.1f | %.2g | %d of %d | %.0f, %.0f, %.0f |" % (
            task, np.mean(returns), len(seeds), np.mean(theirs), np.max(np.abs(np.subtract(returns, theirs))),
            np.sum(np.equal(lengths, expected["lengths"][: len(seeds)])), len(seeds),
            np.percentile(times, 50) / 1e3, np.percentile(times, 99) / 1e3, np.max(times) / 1e3), flush=True)
    actor.close()


if __name__ == "__main__":
    main()
