package org.xlstm4j.cli.serve.language;

/**
 * How many texts at a time, and how long.
 *
 * @param parallel texts generated side by side
 * @param queue requests that may wait
 * @param tokens of a text at most
 * @param states that are kept of each model
 */
public record TextLimits(int parallel, int queue, int tokens, StateLimits states) {}
