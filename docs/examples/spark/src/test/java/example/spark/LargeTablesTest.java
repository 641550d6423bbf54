package example.spark;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.image.ImageDecoder;
import org.xlstm4j.models.vision.VisionModel;
import org.xlstm4j.models.vision.VisionSession;

/** Two workers in local mode, each task tried up to three times. */
class LargeTablesTest {
  private static final String SERIES_MODEL = System.getProperty("models") + "/tirex-mini";
  private static final String PICTURE_MODEL = System.getProperty("models") + "/vil-fashion";
  private static final int SERIES = 200;
  private static final int VALUES = 96;
  private static final int HORIZON = 8;
  private static final AtomicInteger FAILURES = new AtomicInteger();

  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2,3]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", 4)
            .config("spark.sql.adaptive.enabled", false)
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void forecastsAreThoseOfTheLibrary() throws IOException {
    List<Row> rows = sorted(SeriesForecasts.of(table(), SERIES_MODEL, HORIZON));
    assertEquals(SERIES * HORIZON, rows.size());
    List<float[]> values = new ArrayList<>();
    for (int series = 0; series < SERIES; series++) {
      values.add(new float[VALUES]);
      for (int time = 0; time < VALUES; time++) {
        values.get(series)[time] = value(series, time);
      }
    }
    try (ForecastModel model = ForecastModel.open(Path.of(SERIES_MODEL))) {
      // together, as in a partition: a series alone may be added up in another order
      List<Forecast> expected = model.forecast(values, HORIZON, 1, Team.of(1));
      for (int series = 0; series < SERIES; series++) {
        Forecast forecast = expected.get(series);
        for (int step = 0; step < HORIZON; step++) {
          Row row = rows.get(series * HORIZON + step);
          assertEquals(name(series), row.getString(0));
          assertEquals(step + 1, row.getInt(1));
          for (int level = 0; level < forecast.levels().size(); level++) {
            assertEquals(forecast.quantile(step, level), row.<Float>getList(2).get(level), name(series));
          }
        }
      }
    }
  }

  @Test
  void aTaskThatFailsAndStartsAgainGivesTheSame() {
    List<Row> expected = sorted(SeriesForecasts.of(table(), SERIES_MODEL, HORIZON));
    FAILURES.set(0);
    // in each partition but the first, the first attempt fails in the middle of its output
    MapFunction<Row, Row> failing =
        row -> {
          TaskContext task = TaskContext.get();
          if (task.attemptNumber() == 0 && task.partitionId() > 0 && row.getInt(1) == HORIZON / 2) {
            FAILURES.incrementAndGet();
            throw new IllegalStateException("a worker that dies, for the test");
          }
          return row;
        };
    Dataset<Row> forecasts = SeriesForecasts.of(table(), SERIES_MODEL, HORIZON);
    Dataset<Row> restarted = forecasts.map(failing, Encoders.row(forecasts.schema()));
    String file = folder.resolve("forecasts").toString();
    restarted.write().parquet(file);
    assertEquals(3, FAILURES.get());
    assertEquals(expected, sorted(spark.read().parquet(file)));
  }

  @Test
  void featuresAreThoseOfTheLibrary() throws IOException {
    Dataset<Row> files =
        spark.read().format("binaryFile").load(PICTURE_MODEL + "/images").repartition(4);
    List<Row> rows = PictureFeatures.of(files, PICTURE_MODEL).orderBy("path").collectAsList();
    assertEquals(200, rows.size());
    try (VisionModel model = VisionModel.open(Path.of(PICTURE_MODEL))) {
      VisionSession session = model.newSession(Team.of(1));
      for (int i = 0; i < rows.size(); i += 19) {
        Path file = Path.of(rows.get(i).getString(0).replaceFirst("^file:", ""));
        session.run(ImageDecoder.read(file));
        List<Float> features = rows.get(i).getList(1);
        float[] found = new float[features.size()];
        for (int j = 0; j < found.length; j++) {
          found[j] = features.get(j);
        }
        assertArrayEquals(session.features(), found, file.toString());
      }
    }
  }

  @AfterAll
  static void aModelIsOpenedOnceAProcess() {
    assertEquals(2, WorkerModels.opened());
  }

  private static List<Row> sorted(Dataset<Row> forecasts) {
    return forecasts.orderBy(col("series"), col("step")).collectAsList();
  }

  /** Waves of different lengths, the values in a mixed order. */
  private static Dataset<Row> table() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < SERIES * VALUES; i++) {
      int cell = (int) (i * 7919L % (SERIES * VALUES));
      int series = cell / VALUES;
      int time = cell % VALUES;
      rows.add(RowFactory.create(name(series), time, value(series, time)));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("series", DataTypes.StringType, false)
            .add("time", DataTypes.IntegerType, false)
            .add("value", DataTypes.FloatType, false));
  }

  private static String name(int series) {
    return "series %03d".formatted(series);
  }

  private static float value(int series, int time) {
    return (float) (series + Math.sin(time * (0.2 + series * 0.01)) * 10);
  }
}
