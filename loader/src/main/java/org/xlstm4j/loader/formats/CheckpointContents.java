package org.xlstm4j.loader.formats;

import java.util.List;
import java.util.Map;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.tensors.Tensor;

/**
 * What one or several files hold together.
 *
 * @param files the files
 * @param tensors the tensors in the order of the files and of their places in them
 * @param metadata the texts of safetensors headers
 * @param attributes the plain values of a PyTorch archive
 */
public record CheckpointContents(
    List<FileBytes> files, List<Tensor> tensors, Map<String, String> metadata, Config attributes) {}
