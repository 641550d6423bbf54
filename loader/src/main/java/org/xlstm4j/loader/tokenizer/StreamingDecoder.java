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
    return pending.takeText(pending.size() - incompleteBytes());
  }

  /** Ends the stream: returns U+FFFD if a character is incomplete, and starts anew. */
  public String flush() {
    return pending.takeText(pending.size());
  }

  /** The number of bytes at the end that are a proper beginning of a character. */
  private int incompleteBytes() {
    int size = pending.size();
    for (int length = 1; length <= Math.min(3, size); length++) {
      int lead = pending.get(size - length) & 0xFF;
      if (lead >= 0xC0) {
        boolean second = length == 1 || isSecond(lead, pending.get(size - length + 1) & 0xFF);
        return second && length < characterLength(lead) ? length : 0;
      }
      if (lead < 0x80) {
        break;
      }
    }
    return 0;
  }

  /** The number of bytes of a character with this first byte, 0 if none begins so. */
  private static int characterLength(int lead) {
    if (lead < 0xC2 || lead > 0xF4) {
      return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }

  /** Whether a second byte may follow a first: neither overlong, surrogate nor too high. */
  private static boolean isSecond(int lead, int second) {
    int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= lowest && second <= highest;
  }
}
