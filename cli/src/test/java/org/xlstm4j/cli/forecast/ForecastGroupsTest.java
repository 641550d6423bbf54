package org.xlstm4j.cli.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xlstm4j.cli.series.Series;
import org.xlstm4j.cli.series.SeriesFile;
import org.xlstm4j.models.forecast.SeriesGroup;

/** What a model that takes groups is given. */
class ForecastGroupsTest {
  private static final Series A = new Series("a", new float[] {1, 2});
  private static final Series B = new Series("b", new float[] {3, 4});
  private static final Series C = new Series("c", new float[] {5, 6});
  private static final Series D = new Series("d", new float[] {7, 8});
  private static final float[] AHEAD = {7, 8, 9};

  private static final ForecastGroups GROUPS =
      new ForecastGroups(
          new SeriesFile(List.of(A, B), List.of(C, D), null, true, List.of()), Map.of("d", AHEAD));

  @Test
  void allTargetsMakeOneGroup() {
    SeriesGroup group = GROUPS.groups(true).getFirst();
    assertEquals(1, GROUPS.groups(true).size());
    assertEquals(List.of(A.values(), B.values()), group.targets());
    assertEquals(List.of(C.values()), group.past());
    assertEquals(List.of(AHEAD), group.future());
  }

  @Test
  void orEachOneWithAllCovariates() {
    List<SeriesGroup> groups = GROUPS.groups(false);
    assertEquals(2, groups.size());
    assertSame(B.values(), groups.get(1).targets().getFirst());
    for (SeriesGroup group : groups) {
      assertEquals(1, group.targets().size());
      assertEquals(List.of(C.values()), group.past());
      assertEquals(List.of(AHEAD), group.future());
    }
  }
}
