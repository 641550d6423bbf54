"""Writes the decoding step of a model of the paper's blocks as an ONNX graph for ONNX Runtime.

  make_paper_onnx.py MODEL_FOLDER STEP.onnx [--int8]

As make_onnx.py does for xLSTM-Large. The model is one of xlstm_pytorch.py: no biases, exact GELU,
recurrent weights in the order of the original's back end for CPUs.
"""
import json
import os

import numpy as np

from onnx_graph import Step, main

EPSILON = 1e-5
CELL_EPSILON = 1e-6
KERNEL = 4


def layer_norm(g, x, weight):
    """Gains are stored as distances from one."""
    return g.op("LayerNormalization", x, g.constant(1 + weight), axis=-1, epsilon=EPSILON)


def head_norm(g, h, heads, weight):
    size = weight.shape[0] // heads
    normed = layer_norm(g, h, np.zeros(size, np.float32))
    return g.op("Mul", g.reshape(normed, 1, heads * size), g.constant(1 + weight))


def convolution(g, x, prefix, name):
    """The causal convolution and SiLU behind it; its state is the inputs that later tokens need."""
    weight = g.weight(prefix + "conv.weight")[:, 0]
    before = g.state(name, [KERNEL - 1, weight.shape[0]])
    window = g.op("Concat", before, x, axis=0)
    g.set(name + "_", g.op("Slice", window, g.constant(np.array([1])), g.constant(np.array([KERNEL])), g.constant(np.array([0]))))
    total = g.op("ReduceSum", g.op("Mul", window, g.constant(weight.T)), g.constant(np.array([0])), keepdims=1)
    return g.silu(g.op("Add", total, g.constant(g.weight(prefix + "conv.bias"))))


def headwise(g, x, *weights):
    """Block-diagonal products with a common input: [blocks, 1, outputs of all weights]."""
    both = np.concatenate(weights, axis=1).transpose(0, 2, 1)
    return g.op("MatMul", g.reshape(x, both.shape[0], 1, both.shape[1]), g.constant(both))


def small_headwise(g, x, *weights):
    """The same for blocks of a few columns, as sums over them: [weights, blocks * outputs]."""
    blocks, outputs, columns = weights[0].shape
    stacked = np.stack(weights).transpose(3, 0, 1, 2)
    spread = g.reshape(g.op("Transpose", g.reshape(x, blocks, columns), perm=[1, 0]), columns, 1, blocks, 1)
    total = g.op("ReduceSum", g.op("Mul", spread, g.constant(stacked)), g.constant(np.array([0])), keepdims=0)
    return g.reshape(total, len(weights), blocks * outputs)


def mlstm_layer(g, y, prefix, block, heads):
    up = g.weight(prefix + "proj_up.weight")
    inner = up.shape[0] // 2
    size = inner // heads
    states = [g.state(f"C{block}", [heads, size, size]), g.state(f"n{block}", [heads, size, 1]), g.state(f"m{block}", [heads, 1, 1])]
    x, z = g.split(g.linear(y, up), inner, inner, axis=1)
    a = convolution(g, x, prefix + "conv1d.", f"conv{block}")
    q_k = small_headwise(g, a, g.weight(prefix + "q_proj.weight"), g.weight(prefix + "k_proj.weight"))
    v = small_headwise(g, x, g.weight(prefix + "v_proj.weight"))
    q, k = g.split(q_k, 1, 1, axis=0)
    cell = prefix + "mlstm_cell."
    gates = g.linear(
        g.op("Concat", q, k, v, axis=1),
        g.weight(cell + "igate.weight"),
        g.weight(cell + "fgate.weight"),
        bias=np.concatenate([g.weight(cell + "igate.bias"), g.weight(cell + "fgate.bias")]),
    )
    i, f = g.split(g.reshape(gates, 2 * heads, 1, 1), heads, heads, axis=0)
    k = g.op("Mul", g.reshape(k, heads, size, 1), g.scalar(size**-0.5))
    h = g.mlstm(g.reshape(q, heads, 1, size), k, g.reshape(v, heads, 1, size), i, f, states, CELL_EPSILON)
    h = head_norm(g, h, heads, g.weight(cell + "outnorm.weight"))
    h = g.op("Add", h, g.op("Mul", a, g.constant(g.weight(prefix + "learnable_skip"))))
    return g.linear(g.op("Mul", h, g.silu(z)), g.weight(prefix + "proj_down.weight"))


def slstm_layer(g, y, prefix, block, heads):
    kernel = g.weight(prefix + "slstm_cell._recurrent_kernel_")
    size = kernel.shape[2]
    names = [f"{part}{block}" for part in ("y", "c", "n", "m")]
    before, c, n, m = (g.state(name, [heads, 1, size]) for name in names)
    a = convolution(g, y, prefix + "conv1d.", f"conv{block}")
    # The package calls the input gate's projection fgate and the forget gate's igate.
    i_f = headwise(g, a, g.weight(prefix + "fgate.weight"), g.weight(prefix + "igate.weight"))
    z_o = headwise(g, y, g.weight(prefix + "zgate.weight"), g.weight(prefix + "ogate.weight"))
    bias = g.weight(prefix + "slstm_cell._bias_").reshape(4, heads, size).transpose(1, 0, 2)
    raw = g.op("Add", g.op("Concat", i_f, z_o, axis=2), g.constant(bias.reshape(heads, 1, 4 * size)))
    raw = g.op("Add", raw, g.op("MatMul", before, g.constant(kernel.transpose(0, 2, 1))))
    i, f, z, o = g.split(raw, size, size, size, size, axis=2)
    aged = g.op("Add", m, g.log_sigmoid(f))
    new_m = g.op("Where", g.op("Equal", n, g.scalar(0)), i, g.op("Max", i, aged))
    write = g.op("Min", g.op("Exp", g.op("Sub", i, new_m)), g.scalar(1))
    forget = g.op("Min", g.op("Exp", g.op("Sub", aged, new_m)), g.scalar(1))
    new_c = g.op("Add", g.op("Mul", forget, c), g.op("Mul", write, g.op("Tanh", z)))
    new_n = g.op("Add", g.op("Mul", forget, n), write)
    h = g.op("Mul", g.op("Sigmoid", o), g.op("Div", new_c, new_n))
    for name, value in zip(names, (h, new_c, new_n, new_m), strict=True):
        g.set(name + "_", value)
    return head_norm(g, h, heads, g.weight(prefix + "group_norm.weight"))


def feed_forward(g, y, prefix):
    up = g.weight(prefix + "proj_up.weight")
    gate, value = g.split(g.linear(y, up), up.shape[0] // 2, up.shape[0] // 2, axis=1)
    error = g.op("Erf", g.op("Div", gate, g.scalar(2**0.5)))
    gelu = g.op("Mul", g.op("Mul", gate, g.op("Add", error, g.scalar(1))), g.scalar(0.5))
    return g.linear(g.op("Mul", gelu, value), g.weight(prefix + "proj_down.weight"))


def build(folder):
    config = json.load(open(os.path.join(folder, "config.json")))
    g = Step(folder, config["vocab_size"])
    x = g.op("Gather", g.constant(g.weight("token_embedding.weight")), "token", axis=0)
    for block in range(config["num_blocks"]):
        prefix = f"xlstm_block_stack.blocks.{block}."
        normed = layer_norm(g, x, g.weight(prefix + "xlstm_norm.weight"))
        if block in config["slstm_at"]:
            heads = config["slstm_block"]["slstm"]["num_heads"]
            x = g.op("Add", x, g.reshape(slstm_layer(g, normed, prefix + "xlstm.", block, heads), 1, config["embedding_dim"]))
            normed = layer_norm(g, x, g.weight(prefix + "ffn_norm.weight"))
            x = g.op("Add", x, feed_forward(g, normed, prefix + "ffn."))
        else:
            heads = config["mlstm_block"]["mlstm"]["num_heads"]
            x = g.op("Add", x, mlstm_layer(g, normed, prefix + "xlstm.", block, heads))
    x = layer_norm(g, x, g.weight("xlstm_block_stack.post_blocks_norm.weight"))
    return g.of(g.linear(x, g.weight("lm_head.weight")))


if __name__ == "__main__":
    main(__doc__, build)
