"""Classification and regression of series by the original TiRex package, and by xlstm with the same heads.

Makes two data sets (kinds of waves; the size of noise on a wave), embeds them with the original package,
trains its linear heads, saves them as it saves them, and writes OUT/*.csv, OUT/*.pt and tensors for
`xlstm verify`. With --xlstm COMMAND it also asks that command for its predictions with the same head,
and has it fit heads of its own, which are then applied to the original's embeddings.

    python tirex_heads.py --package ~/tirex/src --checkpoint model.ckpt --out OUT --xlstm ./xlstm
    xlstm verify -m model.ckpt OUT/waves.safetensors --head OUT/waves.pt --tolerance 1.5e-2

The package's cell rounds to bfloat16; --float32 runs its own loop in float32. Needs torch, safetensors
and scikit-learn.
"""
import argparse
import csv
import pathlib
import subprocess
import sys
import types

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from tirex import in_float32

KINDS = ("sine", "square", "saw")


def waves(rows, seed):
    """Three kinds of waves of many frequencies: the class is the kind."""
    random = np.random.default_rng(seed)
    series, labels = [], []
    for row in range(rows):
        kind = row % 3
        turn = (random.uniform(0.03, 0.08) * np.arange(160) + random.uniform()) % 1
        wave = (np.sin(2 * np.pi * turn), np.where(turn < 0.5, 1, -1), 2 * turn - 1)[kind]
        series.append(wave + 0.35 * random.standard_normal(160))
        labels.append(kind)
    return np.array(series, np.float32), np.array(labels)


def noises(rows, seed):
    """A wave with noise: the value is the noise's deviation over the wave's amplitude."""
    random = np.random.default_rng(seed)
    size = random.uniform(0.05, 1, rows).round(4)
    wave = np.sin(random.uniform(0.2, 0.5, (rows, 1)) * np.arange(200) + random.uniform(0, 6, (rows, 1)))
    return (wave + size[:, None] * random.standard_normal((rows, 200))).astype(np.float32), size


def write(path, series, labels):
    with open(path, "w", newline="") as file:
        for label, values in zip(labels, series):
            csv.writer(file).writerow([label] + [repr(float(v)) for v in values])


def original(package, model):
    """The package's classes, with this model in place of the published one."""
    for name in ("lightgbm",):
        try:
            __import__(name)
        except ModuleNotFoundError:
            stub = types.ModuleType(name)
            stub.LGBMClassifier = stub.LGBMRegressor = stub.early_stopping = None
            sys.modules[name] = stub
    import tirex.models.embedding
    tirex.models.embedding.load_model = lambda **_: model
    from tirex.models.classification import TirexLinearClassifier
    from tirex.models.regression import TirexLinearRegressor
    return TirexLinearClassifier, TirexLinearRegressor


def ask(command, model, file, head, extra=()):
    """The table of `xlstm embed --head`."""
    line = [command, "embed", "-m", model, str(file), "--rows", "--label", "1", "--head", str(head), *extra]
    out = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(out.splitlines()))


def compare(name, options, out, test, labels, head_file, embed, kind, names):
    """Prints how far the command's outputs are from those of a head on the original's embeddings."""
    weights = load_head(head_file)
    expected = embed(torch.tensor(test)[:, None, :]) @ weights[0].T + weights[1]
    rows = ask(options.xlstm, options.checkpoint, out / (name + "-test.csv"), head_file)
    if kind == "classification":
        theirs = [names[i] for i in expected.argmax(1).tolist()]
        ours = [row["class"] for row in rows]
        probabilities = torch.softmax(expected, 1).numpy()
        mine = np.array([[float(row["p_" + n]) for n in names] for row in rows])
        print("%s, %s: %d of %d classes the same, probabilities differ by at most %.2g, accuracy %.4f (original %.4f)"
              % (name, head_file.name, sum(a == b for a, b in zip(theirs, ours)), len(ours),
                 np.abs(mine - probabilities).max(), np.mean([a == b for a, b in zip(ours, labels)]),
                 np.mean([a == b for a, b in zip(theirs, labels)])))
    else:
        theirs = expected[:, 0].numpy()
        ours = np.array([float(row["value"]) for row in rows])
        spread = ((labels - labels.mean()) ** 2).sum()
        print("%s, %s: values from %.3f to %.3f differ by at most %.2g, R2 %.4f (original %.4f)"
              % (name, head_file.name, theirs.min(), theirs.max(), np.abs(ours - theirs).max(),
                 1 - ((ours - labels) ** 2).sum() / spread, 1 - ((theirs - labels) ** 2).sum() / spread))


def load_head(path):
    if path.suffix == ".pt":
        state = torch.load(path)["head_state_dict"]
        prefix = "" if "weight" in state else "1."
        return state[prefix + "weight"], state[prefix + "bias"]
    tensors = load_file(path)
    return tensors["weight"], tensors["bias"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True, help="folder of the package's sources")
    parser.add_argument("--checkpoint", required=True, help="model.ckpt")
    parser.add_argument("--out", required=True, help="folder to write")
    parser.add_argument("--xlstm", help="command to compare with")
    parser.add_argument("--float32", action="store_true")
    parser.add_argument("--rows", type=int, default=150)
    parser.add_argument("--epochs", type=int, default=60)
    options = parser.parse_args()
    sys.modules.pop("tirex")  # this folder's script of that name
    sys.path.insert(0, options.package)
    from tirex.models.tirex import TiRexZero

    torch.manual_seed(0)
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    if options.float32:
        in_float32()
    model = TiRexZero.from_pretrained(options.checkpoint, backend="torch", device="cpu")
    classifier, regressor = original(options.package, model)
    for name, make, kind, head in (
        ("waves", waves, "classification", classifier(max_epochs=options.epochs, lr=0.02, batch_size=64, seed=1, dropout=0.1, patience=60)),
        ("noises", noises, "regression", regressor(max_epochs=options.epochs, lr=0.002, batch_size=64, seed=1, patience=60)),
    ):
        (train, train_labels), (test, test_labels) = make(options.rows, 1), make(options.rows, 2)
        named = lambda labels: [KINDS[i] for i in labels] if kind == "classification" else labels
        write(out / (name + "-train.csv"), train, named(train_labels))
        write(out / (name + "-test.csv"), test, named(test_labels))
        targets = torch.tensor(train_labels) if kind == "classification" else torch.tensor(train_labels, dtype=torch.float32)[:, None]
        head.fit((torch.tensor(train)[:, None, :], targets))
        head.save_model(str(out / (name + ".pt")))
        embed = lambda x: torch.tensor(head._compute_embeddings(x))
        series = torch.tensor(test)[:, None, :]
        head.eval()
        with torch.inference_mode():
            save_file({"series": series.contiguous(), "embedding": embed(series), "output": head(series)},
                      out / (name + ".safetensors"))
        if options.xlstm:
            wanted = [str(i) for i in test_labels] if kind == "classification" else test_labels
            compare(name, options, out, test, wanted, out / (name + ".pt"), embed, kind, ["0", "1", "2"])
            fitted = out / (name + "-fitted.safetensors")
            line = [options.xlstm, "fit", "-m", options.checkpoint, str(out / (name + "-train.csv")), "--label", "1",
                    "--kind", kind, "--output", str(fitted), "--test", str(out / (name + "-test.csv"))]
            print(subprocess.run(line, check=True, capture_output=True, text=True).stdout.rstrip())
            compare(name, options, out, test, np.array(named(test_labels)), fitted, embed, kind, sorted(KINDS))


if __name__ == "__main__":
    main()
