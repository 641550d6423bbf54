package org.xlstm4j.models.vil;

/** What becomes of the tokens behind the last block. */
enum Pooling {
  /** Every token is kept: {@code [tokens][width]}. */
  NONE,
  /** The mean of the first and the last token: {@code [width]}. */
  BILATERAL_AVERAGE,
  /** The first and the last token side by side: {@code [2 width]}. */
  BILATERAL_FLATTEN,
  /** Every token is kept, channels first: {@code [width][grid rows][grid columns]}. */
  TO_IMAGE;

  /** Whether only the first and the last token count. */
  boolean endsOnly() {
    return this == BILATERAL_AVERAGE || this == BILATERAL_FLATTEN;
  }
}
