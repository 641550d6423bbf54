"""TiRex as a graph in ONNX Runtime: a forecast of 32 values behind 512.

  tirex_onnx.py MODEL.ckpt --make FILE.onnx    # the graph of a model of tirex_pytorch.py
  tirex_onnx.py FILE.onnx --threads 1          # times it

The graph does what the original package does: the series is filled up to the context of training with
values that are missing, scaled, and all its patches go through all blocks and the head. Speaks the
protocol of bench/run: one line of JSON.
"""
import argparse
import time

import numpy as np

from peer import answer, timed, values

LENGTH = 512
NORM_EPSILON, GROUP_EPSILON = 1e-6, 1e-5
# Before any value, so low that the first value's gate decides.
NO_VALUE = -1e30


def residual(g, x, prefix):
    """A layer between two products, and a third product around it."""
    def linear(y, name):
        return g.linear(y, g.weight(f"{prefix}.{name}.weight"), bias=g.weight(f"{prefix}.{name}.bias"))

    return g.op("Add", linear(g.op("Relu", linear(x, "hidden_layer")), "output_layer"), linear(x, "residual_layer"))


def slstm_step(g, kernel, size):
    def step(states, projected):
        y, c, n, m = states
        i, f, z, o = g.split(g.op("Add", projected, g.op("MatMul", y, kernel)), size, size, size, size, axis=2)
        aged = g.op("Add", m, g.log_sigmoid(g.op("Min", f, g.scalar(15))))
        new_m = g.op("Max", i, aged)
        write, forget = g.op("Exp", g.op("Sub", i, new_m)), g.op("Exp", g.op("Sub", aged, new_m))
        new_c = g.op("Add", g.op("Mul", forget, c), g.op("Mul", write, g.op("Tanh", z)))
        new_n = g.op("Add", g.op("Mul", forget, n), write)
        return g.op("Div", g.op("Mul", g.op("Sigmoid", o), new_c), new_n), new_c, new_n, new_m

    return step


def slstm_layer(g, x, prefix, patches, heads):
    kernel = g.weight(prefix + "slstm_cell._recurrent_kernel_")
    size = kernel.shape[1]
    # The package calls the input gate's projection fgate and the forget gate's igate.
    gates = np.concatenate([g.weight(f"{prefix}{gate}.weight") for gate in ("fgate", "igate", "zgate", "ogate")], axis=1)
    by_head = g.op("Transpose", g.reshape(x, patches, heads, size), perm=[1, 0, 2])
    projected = g.op("MatMul", by_head, g.constant(gates.transpose(0, 2, 1)))
    projected = g.op("Add", projected, g.constant(g.weight(prefix + "slstm_cell._bias_").reshape(heads, 1, 4 * size)))
    projected = g.reshape(g.op("Transpose", projected, perm=[1, 0, 2]), patches, heads, 1, 4 * size)
    states = [g.constant(np.full((heads, 1, size), value, np.float32)) for value in (0, 0, 0, NO_VALUE)]
    y = g.scan(slstm_step(g, g.constant(kernel), size), states, projected)
    ones = g.constant(np.ones(size, np.float32))
    y = g.reshape(g.op("LayerNormalization", y, ones, axis=-1, epsilon=GROUP_EPSILON), patches, heads * size)
    return g.op("Mul", y, g.constant(1 + g.weight(prefix + "group_norm.weight")))


def feed_forward(g, x, prefix):
    gate_weight = g.weight(prefix + "proj_up_gate.weight")
    both = g.linear(x, gate_weight, g.weight(prefix + "proj_up.weight"))
    gate, up = g.split(both, gate_weight.shape[0], gate_weight.shape[0], axis=1)
    return g.linear(g.op("Mul", g.silu(gate), up), g.weight(prefix + "proj_down.weight"))


def mean(g, x, there, count):
    """Of the values of a row that are there."""
    total = g.op("ReduceSum", g.op("Where", there, x, g.scalar(0)), g.constant(np.array([1])), keepdims=1)
    return g.op("Div", total, count)


def build(file):
    import torch

    from onnx_graph import Graph

    checkpoint = torch.load(file, weights_only=True)
    tensors, sizes = checkpoint["state_dict"], checkpoint["hyper_parameters"]
    context, config = sizes["train_ctx_len"], sizes["model_config"]
    patch, quantiles, heads = config["output_patch_size"], len(config["quantiles"]), config["block_kwargs"]["num_heads"]
    patches = context // patch
    g = Graph(tensors.__getitem__)
    x = g.op("Concat", g.constant(np.full((1, context - LENGTH), np.nan, np.float32)), g.input("series", [1, LENGTH]), axis=1)
    there = g.op("Not", g.op("IsNaN", x))
    mask = g.op("Cast", there, to=1)
    count = g.op("ReduceSum", mask, g.constant(np.array([1])), keepdims=1)
    location = mean(g, x, there, count)
    centered = g.op("Sub", x, location)
    deviation = g.op("Sqrt", mean(g, g.op("Mul", centered, centered), there, count))
    flat = g.op("Equal", deviation, g.scalar(0))
    scale = g.op("Where", flat, g.op("Add", g.op("Abs", location), g.scalar(GROUP_EPSILON)), deviation)
    scaled = g.op("Where", there, g.op("Div", centered, scale), g.scalar(0))
    x = residual(g, g.op("Concat", g.reshape(scaled, patches, patch), g.reshape(mask, patches, patch), axis=1), "input_patch_embedding")
    for block in range(config["block_kwargs"]["num_blocks"]):
        prefix = f"blocks.{block}."
        normed = g.rms(x, g.weight(prefix + "norm_slstm.weight"), NORM_EPSILON)
        x = g.op("Add", x, slstm_layer(g, normed, prefix + "slstm_layer.", patches, heads))
        normed = g.rms(x, g.weight(prefix + "norm_ffn.weight"), NORM_EPSILON)
        x = g.op("Add", x, feed_forward(g, normed, prefix + "ffn."))
    heads_out = residual(g, g.rms(x, g.weight("out_norm.weight"), NORM_EPSILON), "output_patch_embedding")
    last = g.op("Slice", heads_out, g.constant(np.array([patches - 1])), g.constant(np.array([patches])), g.constant(np.array([0])))
    by_value = g.op("Transpose", g.reshape(last, quantiles, patch), perm=[1, 0])
    g.output("quantiles", [patch, quantiles])
    g.set("quantiles", g.op("Add", g.op("Mul", by_value, scale), location))
    return g.model()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--make", metavar="FILE")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--forecasts", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    if options.make:
        import onnx

        onnx.save(build(options.model), options.make)
        return
    import onnxruntime

    how = onnxruntime.SessionOptions()
    how.intra_op_num_threads, how.inter_op_num_threads = options.threads, 1
    session = onnxruntime.InferenceSession(options.model, how, providers=["CPUExecutionProvider"])
    inputs = {"series": np.array([values(LENGTH, 0)], np.float32)}

    def run():
        begin = time.perf_counter()
        for _ in range(options.forecasts):
            session.run(None, inputs)
        return time.perf_counter() - begin

    check = session.run(None, inputs)[0].ravel().tolist()
    answer("ONNX Runtime " + onnxruntime.__version__, check, options.forecasts, timed(run, options.repeats))


if __name__ == "__main__":
    main()
