"""Vision-LSTM by its official code in PyTorch, and the same network in ONNX Runtime.

  vil.py MODEL --sources vision-lstm --make           # ViL-Tiny 224 of random weights
  vil.py MODEL --sources vision-lstm --onnx FILE      # its graph
  vil.py MODEL --sources vision-lstm --threads 1      # times PyTorch
  vil.py FILE --threads 1                             # times ONNX Runtime

Speaks the protocol of bench/run: one line of JSON.
"""
import argparse
import json
import pathlib
import sys
import time

from peer import answer, timed, torch_name, values

SHAPE = (3, 224, 224)


def network(sources):
    import torch

    sys.path.insert(0, sources)
    from vision_lstm.vision_lstm2 import VisionLSTM2

    torch.manual_seed(0)
    model = VisionLSTM2(dim=192, input_shape=SHAPE, patch_size=16, depth=12, output_shape=(1000,), mode="classifier",
                        pooling="bilateral_flatten").eval()
    with torch.no_grad():
        # The original starts some tensors at zero, which would hide an error in what they multiply.
        for name, value in model.named_parameters():
            if value.dim() > 1:
                value.copy_(torch.randn(value.shape) * (0.5 * value[0].numel() ** -0.5))
    return model


def make(folder, model):
    from safetensors.torch import save_file

    folder.mkdir(parents=True)
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, folder / "model.safetensors")
    config = {
        "model_type": "vil", "version": 2, "dim": 192, "depth": 12, "image_channels": SHAPE[0],
        "image_height": SHAPE[1], "image_width": SHAPE[2], "patch_height": 16, "patch_width": 16,
        "mode": "classifier", "pooling": "bilateral_flatten", "legacy_norm": False, "num_classes": 1000,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1))


def picture():
    import numpy as np

    return np.array(values(SHAPE[0] * SHAPE[1] * SHAPE[2], 0), np.float32).reshape(1, *SHAPE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--sources", help="a checkout of NX-AI/vision-lstm")
    parser.add_argument("--make", action="store_true")
    parser.add_argument("--onnx", metavar="FILE")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--pictures", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    if options.sources is None:
        import onnxruntime

        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = options.threads
        settings.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(options.model), settings, providers=["CPUExecutionProvider"])
        name, inputs = session.get_inputs()[0].name, picture()
        runtime = "ONNX Runtime " + onnxruntime.__version__
        forward = lambda: session.run(None, {name: inputs})[0][0]
        measure(runtime, forward, options)
        return
    import torch

    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    model = network(options.sources)
    if options.make:
        make(options.model, model)
        return
    from safetensors.torch import load_file

    model.load_state_dict(load_file(options.model / "model.safetensors"))
    inputs = torch.from_numpy(picture())
    with torch.inference_mode(mode=options.onnx is None):
        if options.onnx:
            torch.onnx.export(model, (inputs,), options.onnx, input_names=["picture"], output_names=["logits"],
                              opset_version=17, dynamo=False)
        else:
            measure("vision-lstm in " + torch_name(), lambda: model(inputs)[0], options)


def measure(runtime, forward, options):
    def run():
        begin = time.perf_counter()
        for _ in range(options.pictures):
            forward()
        return time.perf_counter() - begin

    answer(runtime, forward(), options.pictures, timed(run, options.repeats))


if __name__ == "__main__":
    main()
