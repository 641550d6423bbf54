package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.Usage;

/** Gets the texts of a request as they are generated, in the thread that answers. */
interface TextReceiver {
  /** More of the text of a number. */
  void piece(int index, TextPiece piece) throws IOException;

  /** The text of a number has ended. */
  void end(int index, Usage usage) throws IOException;

  /** Nothing came for some seconds. */
  void waiting() throws IOException;
}
