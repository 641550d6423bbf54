package example.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import scala.jdk.javaapi.CollectionConverters;

/** Series in, quantiles out. */
public final class SeriesForecasts {
  /** Of the result: {@code quantiles} in the order of the model's levels. */
  private static final StructType SCHEMA =
      new StructType()
          .add("series", DataTypes.StringType, false)
          .add("step", DataTypes.IntegerType, false)
          .add("quantiles", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  /** Series that go through the network together. */
  private static final int BATCH = 64;

  private SeriesForecasts() {}

  /**
   * Forecasts each series of a table.
   *
   * @param table with columns {@code series}, {@code time}, by which it is sorted, and {@code value}
   * @param folder of the model, on every worker
   * @param horizon how many values to forecast
   * @return rows of series, step from 1 on, and quantiles
   */
  public static Dataset<Row> of(Dataset<Row> table, String folder, int horizon) {
    Dataset<Row> series =
        table
            .groupBy("series")
            .agg(sort_array(collect_list(struct(col("time"), col("value")))).as("points"))
            .select(col("series"), col("points.value").cast("array<float>").as("values"))
            // The last bits of a forecast may depend on how many others go through the network with
            // it: a task that starts again makes the same batches.
            .sortWithinPartitions("series");
    MapPartitionsFunction<Row, Row> forecasts = rows -> new Batches(rows, folder, horizon);
    return series.mapPartitions(forecasts, Encoders.row(SCHEMA));
  }

  /** The forecasts of a partition, made a batch at a time, as they are asked for. */
  private static final class Batches implements Iterator<Row> {
    private final Iterator<Row> series;
    private final ForecastModel model;
    private final int horizon;
    private Iterator<Row> ready = List.<Row>of().iterator();

    Batches(Iterator<Row> series, String folder, int horizon) {
      this.series = series;
      this.horizon = horizon;
      model = WorkerModels.forecasts(folder);
    }

    @Override
    public boolean hasNext() {
      return ready.hasNext() || series.hasNext();
    }

    @Override
    public Row next() {
      if (!ready.hasNext()) {
        ready = batch().iterator();
      }
      return ready.next();
    }

    private List<Row> batch() {
      List<String> names = new ArrayList<>();
      List<float[]> values = new ArrayList<>();
      while (names.size() < BATCH && series.hasNext()) {
        Row row = series.next();
        names.add(row.getString(0));
        values.add(floats(row.getList(1)));
      }
      // Spark runs as many tasks a process as it has processors: each computes in its own thread
      List<Forecast> forecasts = model.forecast(values, horizon, 1, Team.of(1));
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < forecasts.size(); i++) {
        Forecast forecast = forecasts.get(i);
        for (int step = 0; step < forecast.horizon(); step++) {
          List<Float> quantiles = new ArrayList<>();
          for (int level = 0; level < forecast.levels().size(); level++) {
            quantiles.add(forecast.quantile(step, level));
          }
          // an array in a row is a sequence of Scala
          rows.add(RowFactory.create(names.get(i), step + 1, CollectionConverters.asScala(quantiles)));
        }
      }
      return rows;
    }

    /** A value that is missing is NaN. */
    private static float[] floats(List<Float> values) {
      float[] floats = new float[values.size()];
      for (int i = 0; i < floats.length; i++) {
        Float value = values.get(i);
        floats[i] = value == null ? Float.NaN : value;
      }
      return floats;
    }
  }
}
