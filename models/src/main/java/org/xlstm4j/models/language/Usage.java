package org.xlstm4j.models.language;

import java.time.Duration;

/**
 * What generating a text took.
 *
 * @param promptTokens tokens fed before the first one was generated, begin tokens included
 * @param generatedTokens tokens generated, an end token and those of a stop string included
 * @param promptTime time spent on the prompt
 * @param generationTime time spent on generating, without what the receiver of the text did
 * @param end why it ended
 */
public record Usage(
    int promptTokens,
    int generatedTokens,
    Duration promptTime,
    Duration generationTime,
    EndReason end) {}
