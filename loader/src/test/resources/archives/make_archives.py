"""Writes the PyTorch archives of the loader's tests: python make_archives.py (needs torch)."""

import collections
import io
import zipfile

import torch

base = torch.arange(12, dtype=torch.float32).reshape(3, 4)
state = collections.OrderedDict(
    float32=base,
    transposed=base.t(),
    column=base[:, 1],
    tail=base[2:],
    float64=base.double(),
    float16=base.half(),
    bfloat16=base.bfloat16(),
    int64=torch.tensor([1, -2]),
    int32=torch.tensor([1, -2], dtype=torch.int32),
    int16=torch.tensor([1, -2], dtype=torch.int16),
    int8=torch.tensor([1, -2], dtype=torch.int8),
    uint8=torch.tensor([1, 254], dtype=torch.uint8),
    truth=torch.tensor([True, False]),
    scalar=torch.tensor(2.5),
    empty=torch.zeros(0, 3),
    parameter=torch.nn.Parameter(torch.ones(2)),
)
state._metadata = collections.OrderedDict({"": {"version": 1}})
torch.save(
    {
        "state_dict": state,
        "hyper_parameters": {
            "width": 4,
            "rate": 1e-06,
            "names": ("a", "b"),
            "nothing": None,
            "flag": True,
            "big": 2**63,
            "negative": -(2**40),
            "size": torch.Size([1, 2]),
            "inner": {"list": [1.5, {"x": "y"}]},
        },
        "optimizer_states": [{"state": {0: {"step": torch.tensor(1.0)}}}],
        "epoch": 3,
    },
    "lightning.ckpt",
)
torch.save(torch.nn.Linear(3, 2).state_dict(), "linear.pth")

with zipfile.ZipFile("run.zip", "w") as run:
    run.writestr("data", "{}")
    with run.open("pytorch_variables.pth", "w", force_zip64=True) as member:
        torch.save({"state_mean": torch.tensor([0.5, 1.5])}, member)
    with run.open("policy.pth", "w", force_zip64=True) as member:
        torch.save({"module.weight": base}, member)
    policy = io.BytesIO()
    torch.save({"module.weight": base}, policy)
    run.writestr("policy.optimizer.pth", policy.getvalue())
