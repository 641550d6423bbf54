"""Writes the decoding step of an xLSTM-Large model as an ONNX graph for ONNX Runtime.

  make_onnx.py MODEL_FOLDER STEP.onnx [--int8]

Inputs: the token's id and each block's state; outputs: the logits and the states after the token.
Projections that share an input are one product. --int8 quantizes the products dynamically.
"""
import argparse
import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open


class Graph:
    def __init__(self, folder):
        self.tensors = safe_open(os.path.join(folder, "model.safetensors"), framework="pt")
        self.nodes, self.initializers, self.names = [], [], 0

    def weight(self, name):
        return self.tensors.get_tensor(name).float().numpy()

    def constant(self, value):
        name = self.fresh("c")
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def fresh(self, stem):
        self.names += 1
        return f"{stem}{self.names}"

    def op(self, kind, *inputs, outputs=1, **attributes):
        results = [self.fresh(kind.lower()) for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), results, **attributes))
        return results[0] if outputs == 1 else results

    def scalar(self, value):
        return self.constant(np.float32(value))

    def rms(self, x, weight, epsilon):
        squares = self.op("ReduceMean", self.op("Mul", x, x), self.constant(np.array([1])), keepdims=1)
        root = self.op("Sqrt", self.op("Add", squares, self.scalar(epsilon)))
        return self.op("Mul", self.op("Div", x, root), self.constant(weight))

    def linear(self, x, *weights, bias=None):
        y = self.op("MatMul", x, self.constant(np.concatenate(weights).T))
        return y if bias is None else self.op("Add", y, self.constant(bias))

    def capped(self, x, cap):
        scaled = self.op("Tanh", self.op("Mul", x, self.scalar(1 / cap)))
        return self.op("Mul", scaled, self.scalar(cap))


def build(folder):
    config = json.load(open(os.path.join(folder, "config.json")))
    width, heads = config["hidden_size"], config["num_heads"]
    blocks, vocabulary = config["num_hidden_layers"], config["vocab_size"]
    key, value = int(width * config["qk_dim_factor"]), int(width * config["v_dim_factor"])
    dk, dv = key // heads, value // heads
    epsilon, cell_epsilon = config["norm_eps"], config["eps"]
    g = Graph(folder)
    inputs = [helper.make_tensor_value_info("token", TensorProto.INT64, [1])]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, vocabulary])]
    x = g.op("Gather", g.constant(g.weight("backbone.embeddings.weight")), "token", axis=0)
    for block in range(blocks):
        prefix = f"backbone.blocks.{block}."
        layer, ffn = prefix + "mlstm_layer.", prefix + "ffn."
        shapes = {"C": [heads, dk, dv], "n": [heads, dk, 1], "m": [heads, 1, 1]}
        for name, shape in shapes.items():
            inputs.append(helper.make_tensor_value_info(f"{name}{block}", TensorProto.FLOAT, shape))
            outputs.append(helper.make_tensor_value_info(f"{name}{block}_", TensorProto.FLOAT, shape))
        normed = g.rms(x, g.weight(prefix + "norm_mlstm.weight"), epsilon)
        projected = g.linear(
            normed,
            *(g.weight(layer + part + ".weight") for part in ("q", "k", "v", "ogate_preact")),
        )
        q, k, v, o = g.op("Split", projected, g.constant(np.array([key, key, value, value])), outputs=4, axis=1)
        gates = g.linear(
            normed,
            g.weight(layer + "igate_preact.weight"),
            g.weight(layer + "fgate_preact.weight"),
            bias=np.concatenate([g.weight(layer + "igate_preact.bias"), g.weight(layer + "fgate_preact.bias")]),
        )
        gates = g.capped(gates, config["gate_soft_cap"])
        gates = g.op("Reshape", gates, g.constant(np.array([2, heads, 1, 1])))
        i, f = g.op("Split", gates, g.constant(np.array([1, 1])), outputs=2, axis=0)
        per_head = g.constant(np.array([heads, 1, 1]))
        i, f = g.op("Reshape", i, per_head), g.op("Reshape", f, per_head)
        q = g.op("Mul", g.op("Reshape", q, g.constant(np.array([heads, 1, dk]))), g.scalar(dk**-0.5))
        k = g.op("Reshape", k, g.constant(np.array([heads, dk, 1])))
        v = g.op("Reshape", v, g.constant(np.array([heads, 1, dv])))
        log_forget = g.op("Neg", g.op("Softplus", g.op("Neg", f)))
        aged = g.op("Add", log_forget, f"m{block}")
        m = g.op("Max", aged, i)
        forget = g.op("Exp", g.op("Sub", aged, m))
        write = g.op("Mul", k, g.op("Exp", g.op("Sub", i, m)))
        c = g.op("Add", g.op("Mul", f"C{block}", forget), g.op("Mul", write, v))
        n = g.op("Add", g.op("Mul", f"n{block}", forget), write)
        for name, result in (("C", c), ("n", n), ("m", m)):
            g.nodes.append(helper.make_node("Identity", [result], [f"{name}{block}_"]))
        bound = g.op("Max", g.op("Abs", g.op("MatMul", q, n)), g.op("Exp", g.op("Neg", m)))
        h = g.op("Div", g.op("MatMul", q, c), g.op("Add", bound, g.scalar(cell_epsilon)))
        ones = g.constant(np.ones(dv, np.float32))
        h = g.op("LayerNormalization", h, ones, axis=-1, epsilon=epsilon)
        h = g.op("Reshape", h, g.constant(np.array([1, value])))
        h = g.op("Mul", h, g.constant(g.weight(layer + "multihead_norm.weight")))
        h = g.op("Mul", h, g.op("Sigmoid", o))
        x = g.op("Add", x, g.linear(h, g.weight(layer + "out_proj.weight")))
        normed = g.rms(x, g.weight(prefix + "norm_ffn.weight"), epsilon)
        gate_weight = g.weight(ffn + "proj_up_gate.weight")
        both = g.linear(normed, gate_weight, g.weight(ffn + "proj_up.weight"))
        inner = gate_weight.shape[0]
        gate, up = g.op("Split", both, g.constant(np.array([inner, inner])), outputs=2, axis=1)
        active = g.op("Mul", g.op("Mul", gate, g.op("Sigmoid", gate)), up)
        x = g.op("Add", x, g.linear(active, g.weight(ffn + "proj_down.weight")))
    x = g.rms(x, g.weight("backbone.out_norm.weight"), epsilon)
    logits = g.capped(g.linear(x, g.weight("lm_head.weight")), config["output_logit_soft_cap"])
    g.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    graph = helper.make_graph(g.nodes, "step", inputs, outputs, g.initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("file")
    parser.add_argument("--int8", action="store_true")
    options = parser.parse_args()
    plain = options.file + ".f32" if options.int8 else options.file
    onnx.save(build(options.folder), plain)
    if options.int8:
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(plain, options.file, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
        os.remove(plain)


if __name__ == "__main__":
    main()
