package org.xlstm4j.loader;

import java.util.List;
import java.util.Map;

/**
 * What one or several files hold together.
 *
 * @param files the files
 * @param tensors the tensors in the order of the files and of their places in them
 * @param metadata the texts of safetensors headers
 * @param attributes the plain values of a PyTorch archive
 */
record CheckpointContents(
    List<FileBytes> files, List<Tensor> tensors, Map<String, String> metadata, Config attributes) {}
