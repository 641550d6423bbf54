package org.xlstm4j.models.language;

/**
 * How likely a token is at its place, as the model itself has it: without temperature, penalty or
 * any other setting of the {@link Sampler}.
 *
 * @param token its id
 * @param logProbability natural logarithm of its probability, 0 or less
 */
public record TokenProbability(int token, double logProbability) {}
