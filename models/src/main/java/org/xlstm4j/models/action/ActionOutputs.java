package org.xlstm4j.models.action;

/**
 * What a model makes of a recorded episode.
 *
 * @param steps number of steps
 * @param dimensions predicted dimensions of an action
 * @param choices logits a dimension has
 * @param actionWidth numbers of an action
 * @param logits {@code [steps][dimensions][choices]}
 * @param actions {@code [steps][actionWidth]}, in the task's unit
 */
@SuppressWarnings("ArrayRecordComponent") // results for the caller to keep
public record ActionOutputs(
    int steps, int dimensions, int choices, int actionWidth, float[] logits, float[] actions) {}
