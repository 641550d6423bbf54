"""Writes the decoding step of an xLSTM-Large model as an ONNX graph for ONNX Runtime.

  make_onnx.py MODEL_FOLDER STEP.onnx [--int8]

Inputs: the token's id and each block's state; outputs: the logits and the states after the token.
Projections that share an input are one product. --int8 quantizes the products dynamically.
"""
import json
import os

import numpy as np

from onnx_graph import Step, main


def capped(g, x, cap):
    return g.op("Mul", g.op("Tanh", g.op("Mul", x, g.scalar(1 / cap))), g.scalar(cap))


def build(folder):
    config = json.load(open(os.path.join(folder, "config.json")))
    width, heads = config["hidden_size"], config["num_heads"]
    key, value = int(width * config["qk_dim_factor"]), int(width * config["v_dim_factor"])
    dk, dv = key // heads, value // heads
    epsilon = config["norm_eps"]
    g = Step(folder, config["vocab_size"])
    x = g.op("Gather", g.constant(g.weight("backbone.embeddings.weight")), "token", axis=0)
    for block in range(config["num_hidden_layers"]):
        prefix = f"backbone.blocks.{block}."
        layer, ffn = prefix + "mlstm_layer.", prefix + "ffn."
        states = [
            g.state(f"C{block}", [heads, dk, dv]),
            g.state(f"n{block}", [heads, dk, 1]),
            g.state(f"m{block}", [heads, 1, 1]),
        ]
        normed = g.rms(x, g.weight(prefix + "norm_mlstm.weight"), epsilon)
        projected = g.linear(
            normed,
            *(g.weight(layer + part + ".weight") for part in ("q", "k", "v", "ogate_preact")),
        )
        q, k, v, o = g.split(projected, key, key, value, value, axis=1)
        gates = g.linear(
            normed,
            g.weight(layer + "igate_preact.weight"),
            g.weight(layer + "fgate_preact.weight"),
            bias=np.concatenate([g.weight(layer + "igate_preact.bias"), g.weight(layer + "fgate_preact.bias")]),
        )
        gates = capped(g, gates, config["gate_soft_cap"])
        i, f = g.split(g.reshape(gates, 2 * heads, 1, 1), heads, heads, axis=0)
        q = g.op("Mul", g.reshape(q, heads, 1, dk), g.scalar(dk**-0.5))
        k, v = g.reshape(k, heads, dk, 1), g.reshape(v, heads, 1, dv)
        h = g.mlstm(q, k, v, i, f, states, config["eps"])
        ones = g.constant(np.ones(dv, np.float32))
        h = g.op("LayerNormalization", h, ones, axis=-1, epsilon=epsilon)
        h = g.op("Mul", g.reshape(h, 1, value), g.constant(g.weight(layer + "multihead_norm.weight")))
        h = g.op("Mul", h, g.op("Sigmoid", o))
        x = g.op("Add", x, g.linear(h, g.weight(layer + "out_proj.weight")))
        normed = g.rms(x, g.weight(prefix + "norm_ffn.weight"), epsilon)
        gate_weight = g.weight(ffn + "proj_up_gate.weight")
        both = g.linear(normed, gate_weight, g.weight(ffn + "proj_up.weight"))
        gate, up = g.split(both, gate_weight.shape[0], gate_weight.shape[0], axis=1)
        x = g.op("Add", x, g.linear(g.op("Mul", g.silu(gate), up), g.weight(ffn + "proj_down.weight")))
    x = g.rms(x, g.weight("backbone.out_norm.weight"), epsilon)
    return g.of(capped(g, g.linear(x, g.weight("lm_head.weight")), config["output_logit_soft_cap"]))


if __name__ == "__main__":
    main(__doc__, build)
