package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.models.language.TextPiece;

/** Gets the texts of a request as they are generated, in the thread that answers. */
interface TextReceiver {
  /** More of the text of a number. */
  void piece(int index, TextPiece piece) throws ApiException, IOException;

  /** A text has ended. */
  void end(SequenceEvents.Event.End end) throws IOException;

  /** Nothing came for some seconds. */
  void waiting() throws IOException;
}
