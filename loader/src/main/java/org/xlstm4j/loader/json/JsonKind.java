package org.xlstm4j.loader.json;

/** What a JSON value is. */
public enum JsonKind {
  /** Before the first value, behind the last one, or at the end of an object or array. */
  NOTHING,
  OBJECT,
  ARRAY,
  STRING,
  /** A number without fraction and exponent. */
  INTEGER,
  /** Any other number, also NaN, Infinity and -Infinity. */
  NUMBER,
  TRUE,
  FALSE,
  NULL
}
