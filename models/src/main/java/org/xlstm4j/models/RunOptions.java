package org.xlstm4j.models;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.threads.Team;

/**
 * How {@link Model#run} runs a model. What a family makes nothing of ({@link
 * ModelFamily#options()}) has no effect.
 *
 * @param team the threads to compute with
 * @param steps one token or step at a time in place of whole sequences
 * @param task name of an entry among the configuration's tasks, or null
 */
public record RunOptions(Team team, boolean steps, @Nullable String task) {}
