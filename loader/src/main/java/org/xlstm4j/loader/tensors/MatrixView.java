package org.xlstm4j.loader.tensors;

/**
 * Where the weights of a matrix come from.
 *
 * @param tensor its name in the file
 * @param index which of the tensor's matrices
 * @param form all of the tensor's matrices
 */
public record MatrixView(String tensor, int index, MatrixForm form) {}
