package org.xlstm4j.models.language;

/** Why a text ended. */
public enum EndReason {
  /** As many tokens as asked for. */
  MAX_TOKENS,
  /** The model ended the text. */
  END_TOKEN,
  /** A stop string appeared; it is not part of the text. */
  STOP,
  /** Somebody cancelled it, or did not ask for the rest. */
  CANCELLED
}
