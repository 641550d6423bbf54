"""What the Python runtimes of bench/run have in common: the protocol's one line of JSON."""
import json
import time

WARM_UP_SECONDS = 2.5


def values(length, step):
    """An input that other languages make up equally, exactly: multiples of 1/64 within -1 and 1."""
    return [((step + 1) * (i + 1) % 127 - 63) / 64 for i in range(length)]


def check_tokens(vocabulary):
    """What is fed before anything is timed; all runtimes must agree on the logits behind them."""
    return [(37 * i + 11) % vocabulary for i in range(16)]


def tokens(count, vocabulary):
    """What is timed."""
    return [(31 * i + 7) % vocabulary for i in range(count)]


def timed(run, repeats):
    """Seconds of each run, behind those of the warm-up."""
    warm = time.perf_counter() + WARM_UP_SECONDS
    run()
    while time.perf_counter() < warm:
        run()
    return [run() for _ in range(repeats)]


def torch_name():
    """PyTorch's version, and the instructions that it uses."""
    import torch

    return f"torch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}"


def answer(runtime, check, units, seconds):
    print(json.dumps({"runtime": runtime, "check": [float(x) for x in check[:32]], "units": units, "seconds": seconds}))
