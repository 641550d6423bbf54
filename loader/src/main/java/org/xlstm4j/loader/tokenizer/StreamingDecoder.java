package org.xlstm4j.loader.tokenizer;

/**
 * Decodes ids one at a time and never splits a character: its bytes are held back until it is
 * whole. All texts together equal the text of all ids at once. One for each stream; not
 * thread-safe.
 */
public final class StreamingDecoder {
  private final Tokenizer tokenizer;
  private final ByteSequence pending = new ByteSequence();

  StreamingDecoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Takes the next id and returns the text that is complete with it, often empty for ids of single
   * bytes.
   *
   * @throws IllegalArgumentException if {@code id} is not in the vocabulary
   */
  public String append(int id) {
    tokenizer.appendBytes(id, pending);
    return pending.takeWholeCharacters();
  }

  /** Ends the stream: returns U+FFFD if a character is incomplete, and starts anew. */
  public String flush() {
    return pending.takeText();
  }
}
