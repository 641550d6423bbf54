package org.xlstm4j.cli.serve.language;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** How completions and chats differ in what they answer. */
interface AnswerFormat {
  /** How ids of answers begin. */
  String idPrefix();

  /** The kind of object that an answer is, or each event of a stream. */
  String kind(boolean stream);

  /** Whether a stream begins with an event for each text before there is any of it. */
  boolean opensStream();

  /** Writes the fields of a whole text. */
  void whole(Choice choice, JsonGenerator json) throws IOException;

  /** Writes the fields of the next part of a text, its first if {@code first}. */
  void part(Choice choice, boolean first, JsonGenerator json) throws IOException;
}
