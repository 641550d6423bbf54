package org.xlstm4j.reliability.ordering;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;

/** A model that all threads share, and what it computes. */
final class SmallModel {
  static final LanguageModel MODEL = open();

  private SmallModel() {}

  private static LanguageModel open() {
    Path golden = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.golden")));
    try {
      return LanguageModel.open(golden.resolve("xlstm/lm_tied"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LanguageSession session() {
    return MODEL.newSession(Team.of(1));
  }

  /** The logits behind some tokens. */
  static float[] logits(int... tokens) {
    LanguageSession session = session();
    for (int token : tokens) {
      session.step(token);
    }
    return session.logits().clone();
  }

  /** 1 if two logits are the same bit for bit, else -1. */
  static int compare(float[] found, float[] expected) {
    return Arrays.equals(found, expected) ? 1 : -1;
  }
}
