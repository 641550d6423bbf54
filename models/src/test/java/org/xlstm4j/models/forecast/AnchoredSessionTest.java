package org.xlstm4j.models.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.testing.Golden;

/** Series that grow: plain sessions, and those that carry states on. */
@Tag("slow")
class AnchoredSessionTest {
  private static final Team TEAM = Team.of(1);

  private static ForecastModel open(String name) throws IOException {
    return ForecastModel.open(
        name.equals("tirex-mini") ? Golden.pretrained(name) : Golden.root().resolve(name));
  }

  static Stream<Arguments> models() {
    return Stream.of(
            "tirex-mini", "xlstm/tirex_a", "tirex2/horizon", "tirex2/plain", "tirex2/options")
        .flatMap(name -> Stream.of(true, false).map(trend -> Arguments.of(name, trend)));
  }

  /** A season of 24 values, some noise, and perhaps a trend. */
  private static float[] series(int length, boolean trend) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      double noise = (i * 7919 % 101 - 50) / 250.0;
      values[i] = (float) (10 + 3 * Math.sin(i * Math.PI / 12) + noise + (trend ? i / 3.0 : 0));
    }
    values[length / 2] = Float.NaN;
    return values;
  }

  @ParameterizedTest
  @MethodSource("models")
  void plainSessionsThatShareMemoryForecastAsAFreshOne(String name, boolean trend)
      throws IOException {
    try (ForecastModel model = open(name)) {
      float[] one = series(2 * model.contextLength() + 5, trend);
      float[] other = series(50, !trend);
      List<ForecastSession> sessions = model.newSessions(2, TEAM);
      for (int i = 0; i < one.length; i++) {
        sessions.getFirst().add(one[i]);
        if (i % 97 == 0 || i == one.length - 1) {
          sessions.getLast().reset();
          sessions.getLast().add(other);
          float[] soFar = Arrays.copyOf(one, i + 1);
          assertArrayEquals(fresh(model, soFar, 3), sessions.getFirst().forecast(3).quantiles());
          assertArrayEquals(fresh(model, other, 3), sessions.getLast().forecast(3).quantiles());
        }
      }
    }
  }

  private static float[] fresh(ForecastModel model, float[] series, int horizon) {
    return model.forecast(List.of(series), horizon, 1, TEAM).getFirst().quantiles();
  }

  @ParameterizedTest
  @MethodSource("models")
  void forecastsAsAPlainSessionRightAfterAnchoring(String name, boolean trend) throws IOException {
    try (ForecastModel model = open(name)) {
      int patch = model.patchLength();
      boolean wholePatches = model.contextLength() % patch == 0;
      float[] series = series(model.contextLength(), trend);
      for (int stride : new int[] {1, patch}) {
        AnchoredSession session = model.newAnchoredSessions(1, stride, TEAM).getFirst();
        session.add(Arrays.copyOf(series, series.length - 1));
        assertFalse(session.isAnchored());
        session.add(series[series.length - 1]);
        assertTrue(session.isAnchored());
        assertEquals(series.length, session.length());
        int most = Math.min(3 * patch, model.longestHorizon());
        if (wholePatches) {
          assertArrayEquals(fresh(model, series, 1), session.forecast(1).quantiles());
        }
        float[] expected = model.forecast(List.of(series), most, 3, TEAM).getFirst().quantiles();
        assertArrayEquals(expected, session.forecast(most).quantiles(), 2e-4f * series.length);
        assertArrayEquals(expected, session.forecast(most).quantiles(), 2e-4f * series.length);
      }
    }
  }

  /** Between two phases the forecast is that of the last one, later in time. */
  @ParameterizedTest
  @ValueSource(strings = {"tirex-mini", "tirex2/horizon"})
  void betweenPhasesTheLastForecastGoesOn(String name) throws IOException {
    try (ForecastModel model = open(name)) {
      int stride = model.patchLength() / 2;
      AnchoredSession session = model.newAnchoredSessions(1, stride, TEAM).getFirst();
      session.add(series(model.contextLength() + 3 * stride, false));
      int levels = model.levels().size();
      float[] before = session.forecast(stride + 1).quantiles();
      session.add(1000, Float.NaN);
      if (stride > 2) {
        float[] after = session.forecast(stride - 1).quantiles();
        assertArrayEquals(Arrays.copyOfRange(before, 2 * levels, before.length), after);
      }
      session.add(new float[stride]);
      assertFalse(Arrays.equals(before, session.forecast(stride + 1).quantiles()));
    }
  }

  /** Each phase sees every value, so a forecast is as good as a plain one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8, 32})
  void staysCloseToPlainForecasts(int stride) throws IOException {
    try (ForecastModel model = open("tirex-mini")) {
      float[] series = series(3 * model.contextLength(), false);
      AnchoredSession anchored = model.newAnchoredSessions(1, stride, TEAM).getFirst();
      ForecastSession plain = model.newSession(TEAM);
      double difference = 0;
      int count = 0;
      for (int i = 0; i < series.length; i++) {
        anchored.add(series[i]);
        plain.add(series[i]);
        if (i > model.contextLength() && i % 160 == 31) {
          float[] expected = plain.forecast(24).median();
          float[] actual = anchored.forecast(24).median();
          for (int step = 0; step < 24; step++) {
            difference += Math.abs(expected[step] - actual[step]);
            count++;
          }
        }
      }
      // the series swings by 6
      assertTrue(difference / count < 0.15, "mean difference " + difference / count);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void anchoringAnewFollowsTheLevel(String name, boolean trend) throws IOException {
    try (ForecastModel model = open(name)) {
      float[] series = series(3 * model.contextLength(), trend);
      AnchoredSession session = model.newAnchoredSessions(1, model.patchLength(), TEAM).getFirst();
      session.add(series);
      session.anchor();
      ForecastSession plain = model.newSession(TEAM);
      plain.add(series);
      if (model.contextLength() % model.patchLength() == 0) {
        assertArrayEquals(plain.forecast(1).quantiles(), session.forecast(1).quantiles(), 1e-3f);
      }
    }
  }

  @Test
  void addingAllocatesNothing() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String name : List.of("tirex-mini", "tirex2/plain")) {
      try (ForecastModel model = open(name)) {
        AnchoredSession session = model.newAnchoredSessions(1, 1, TEAM).getFirst();
        session.add(series(model.contextLength() + 2000, false));
        float[] more = series(500, false);
        long least = Long.MAX_VALUE;
        // on a busy machine the compiler takes its time
        long end = System.nanoTime() + 60_000_000_000L;
        while (least > 0 && System.nanoTime() < end) {
          long before = threads.getCurrentThreadAllocatedBytes();
          session.add(more);
          least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, name);
      }
    }
  }

  @Test
  void saysWhatItCannotDo() throws IOException {
    try (ForecastModel model = open("tirex-mini")) {
      for (int stride : new int[] {0, -1, 3, 64}) {
        assertThrows(
            IllegalArgumentException.class, () -> model.newAnchoredSessions(1, stride, TEAM));
      }
      AnchoredSession session = model.newAnchoredSessions(1, 32, TEAM).getFirst();
      assertThrows(IllegalStateException.class, session::anchor);
      session.add(Float.NaN, Float.NaN);
      assertThrows(IllegalStateException.class, session::anchor);
      assertThrows(IllegalArgumentException.class, () -> session.add(1, 2e30f));
      assertEquals(2, session.length());
      session.add(5);
      session.anchor();
      assertTrue(session.isAnchored());
      assertThrows(IllegalArgumentException.class, () -> session.forecast(0));
      session.reset();
      assertFalse(session.isAnchored());
      assertEquals(0, session.length());
      session.add(series(100, false));
      assertArrayEquals(
          model.forecast(List.of(series(100, false)), 40, 2, TEAM).getFirst().quantiles(),
          session.forecast(40).quantiles());
    }
  }
}
