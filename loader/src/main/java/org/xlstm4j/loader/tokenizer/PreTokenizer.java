package org.xlstm4j.loader.tokenizer;

import java.util.List;

/**
 * How a text is cut into words; immutable.
 *
 * @param splits cut first, each the pieces of the one before
 * @param byteLevel cuts the last pieces and writes them as bytes
 */
record PreTokenizer(List<Split> splits, ByteLevel byteLevel) {
  PreTokenizer {
    splits = List.copyOf(splits);
  }
}
