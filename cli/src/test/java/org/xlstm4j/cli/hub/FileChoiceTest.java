package org.xlstm4j.cli.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileChoiceTest {
  @ParameterizedTest
  @CsvSource({
    "model.safetensors pytorch_model.bin x.ckpt, model.safetensors",
    "model.safetensors model-00001-of-00001.safetensors, model.safetensors",
    "model-1.safetensors model-2.safetensors model.safetensors.index.json x.pt,"
        + " model-1.safetensors model-2.safetensors model.safetensors.index.json",
    "model_0.safetensors model_1.safetensors, model_0.safetensors model_1.safetensors",
    "pytorch_model.bin training_args.bin optimizer.pt, pytorch_model.bin",
    "model.ckpt other.ckpt, model.ckpt",
    "weights.pt, weights.pt",
    "sub/model.safetensors onnx/model.bin, ''",
    "config.json tokenizer.json tokenizer_config.json generation_config.json a.yaml b.yml m.pth,"
        + " config.json tokenizer.json tokenizer_config.json generation_config.json a.yaml b.yml"
        + " m.pth",
    "README.md LICENSE .gitattributes modeling.py flax_model.msgpack sub/config.json x.onnx, ''"
  })
  void whatIsNeededIsChosen(String all, String chosen) {
    List<HubFile> files =
        Arrays.stream(all.split(" ", -1)).map(path -> new HubFile(path, 1, "")).toList();
    assertEquals(
        chosen, String.join(" ", FileChoice.of(files).stream().map(HubFile::path).toList()));
  }
}
