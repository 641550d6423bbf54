package org.xlstm4j.cli.hub;

import java.io.IOException;

/** Reads answers of a model hub. */
public final class HubAnswers {
  private HubAnswers() {}

  /** The commit that a revision is. */
  public static String commit(byte[] json) throws IOException {
    return HubJson.commit(json);
  }

  /** The files of a page of a list. */
  public static Object files(byte[] json) throws IOException {
    return HubJson.files(json);
  }
}
