/** Checkpoint files to weights: safetensors, PyTorch archives, configurations, tokenizers. */
module org.xlstm4j.loader {
  requires transitive org.xlstm4j.engine;
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.core;
  requires org.snakeyaml.engine;

  exports org.xlstm4j.loader;
  exports org.xlstm4j.loader.config;
  exports org.xlstm4j.loader.files;
  exports org.xlstm4j.loader.quantize;
  exports org.xlstm4j.loader.tensors;
  exports org.xlstm4j.loader.tokenizer;
}
