"""What the ONNX graphs of decoding steps have in common: weights, nodes, and the file."""
import argparse
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open


class Graph:
    """A graph that takes a token's id and states, and gives the logits and the states after it."""

    def __init__(self, folder, vocabulary):
        self.tensors = safe_open(os.path.join(folder, "model.safetensors"), framework="pt")
        self.nodes, self.initializers, self.names = [], [], 0
        self.inputs = [helper.make_tensor_value_info("token", TensorProto.INT64, [1])]
        self.outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, vocabulary])]

    def weight(self, name):
        return self.tensors.get_tensor(name).float().numpy()

    def constant(self, value):
        name = self.fresh("constant")
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def fresh(self, stem):
        self.names += 1
        return f"{stem}{self.names}"

    def op(self, kind, *inputs, outputs=1, **attributes):
        results = [self.fresh(kind.lower()) for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), results, **attributes))
        return results[0] if outputs == 1 else results

    def state(self, name, shape):
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        self.outputs.append(helper.make_tensor_value_info(name + "_", TensorProto.FLOAT, shape))
        return name

    def set(self, name, value):
        """A state after the token."""
        self.nodes.append(helper.make_node("Identity", [value], [name + "_"]))

    def scalar(self, value):
        return self.constant(np.float32(value))

    def reshape(self, x, *shape):
        return self.op("Reshape", x, self.constant(np.array(shape)))

    def split(self, x, *sizes, axis):
        return self.op("Split", x, self.constant(np.array(sizes)), outputs=len(sizes), axis=axis)

    def linear(self, x, *weights, bias=None):
        """One product for the projections that share an input."""
        y = self.op("MatMul", x, self.constant(np.concatenate(weights).T))
        return y if bias is None else self.op("Add", y, self.constant(bias))

    def silu(self, x):
        return self.op("Mul", x, self.op("Sigmoid", x))

    def log_sigmoid(self, x):
        return self.op("Neg", self.op("Softplus", self.op("Neg", x)))

    def mlstm(self, q, k, v, i, f, names, epsilon):
        """One step of the mLSTM: q [heads, 1, dk], k [heads, dk, 1], v [heads, 1, dv], gates [heads, 1, 1]."""
        big_c, small_n, small_m = names
        aged = self.op("Add", self.log_sigmoid(f), small_m)
        m = self.op("Max", aged, i)
        forget = self.op("Exp", self.op("Sub", aged, m))
        write = self.op("Mul", k, self.op("Exp", self.op("Sub", i, m)))
        c = self.op("Add", self.op("Mul", big_c, forget), self.op("Mul", write, v))
        n = self.op("Add", self.op("Mul", small_n, forget), write)
        for name, value in zip(names, (c, n, m), strict=True):
            self.set(name, value)
        bound = self.op("Max", self.op("Abs", self.op("MatMul", q, n)), self.op("Exp", self.op("Neg", m)))
        return self.op("Div", self.op("MatMul", q, c), self.op("Add", bound, self.scalar(epsilon)))

    def model(self, logits):
        self.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
        graph = helper.make_graph(self.nodes, "step", self.inputs, self.outputs, self.initializers)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def save(model, file, int8):
    """Writes a model, with products of weights in 32 bits or quantized dynamically to 8."""
    plain = file + ".f32" if int8 else file
    onnx.save(model, plain)
    if int8:
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(plain, file, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
        os.remove(plain)


def main(description, build):
    """The command line of a program that writes a step: `build` makes it from a model's folder."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("file")
    parser.add_argument("--int8", action="store_true")
    options = parser.parse_args()
    save(build(options.folder), options.file, options.int8)
