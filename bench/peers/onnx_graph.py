"""What the ONNX graphs have in common, and those of decoding steps: weights, nodes, and the file."""
import argparse
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open


class Graph:
    """A graph of weights that are tensors of PyTorch, found by their names."""

    def __init__(self, tensor):
        self.tensor = tensor
        self.nodes, self.initializers, self.names = [], [], 0
        self.inputs, self.outputs = [], []

    def weight(self, name):
        return self.tensor(name).float().numpy()

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

    def input(self, name, shape, kind=TensorProto.FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name, shape):
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def set(self, name, value):
        """What an output is."""
        self.nodes.append(helper.make_node("Identity", [value], [name]))

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

    def rms(self, x, weight, epsilon):
        """Each row over the root of the mean of its squares."""
        squares = self.op("ReduceMean", self.op("Mul", x, x), self.constant(np.array([1])), keepdims=1)
        root = self.op("Sqrt", self.op("Add", squares, self.scalar(epsilon)))
        return self.op("Mul", self.op("Div", x, root), self.constant(weight))

    def scan(self, step, states, inputs):
        """The first states that a step gives, of each of the inputs: step(states, input) gives the next states."""
        nodes, self.nodes = self.nodes, []
        before, given = [self.fresh("before") for _ in states], self.fresh("given")
        after = step(before, given)
        out = self.op("Identity", after[0])
        values = lambda names: [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names]
        body = helper.make_graph(self.nodes, self.fresh("body"), values([*before, given]), values([*after, out]))
        self.nodes = nodes
        return self.op("Scan", *states, inputs, outputs=len(states) + 1, body=body, num_scan_inputs=1)[-1]

    def model(self):
        graph = helper.make_graph(self.nodes, "graph", self.inputs, self.outputs, self.initializers)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


class Step(Graph):
    """A graph that takes a token's id and states, and gives the logits and the states after it."""

    def __init__(self, folder, vocabulary):
        super().__init__(safe_open(os.path.join(folder, "model.safetensors"), framework="pt").get_tensor)
        self.input("token", [1], TensorProto.INT64)
        self.output("logits", [1, vocabulary])

    def state(self, name, shape):
        self.output(name + "_", shape)
        return self.input(name, shape)

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
            self.set(name + "_", value)
        bound = self.op("Max", self.op("Abs", self.op("MatMul", q, n)), self.op("Exp", self.op("Neg", m)))
        return self.op("Div", self.op("MatMul", q, c), self.op("Add", bound, self.scalar(epsilon)))

    def of(self, logits):
        """The whole model."""
        self.set("logits", logits)
        return self.model()


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
