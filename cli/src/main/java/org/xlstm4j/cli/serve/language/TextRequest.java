package org.xlstm4j.cli.serve.language;

import java.util.List;
import org.xlstm4j.models.language.TextGenerator;

/**
 * What a client asks for.
 *
 * @param model that is asked
 * @param generator of the model, for completions or for chats
 * @param format of the answer
 * @param prompts tokens, at least one each
 * @param begins what each prompt's texts begin with in the answer
 * @param sampling how texts are generated
 */
record TextRequest(
    ServedLanguage model,
    TextGenerator generator,
    AnswerFormat format,
    List<int[]> prompts,
    List<String> begins,
    SamplingFields sampling) {}
