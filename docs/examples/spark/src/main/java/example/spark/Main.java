package example.spark;

import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** {@code forecasts MODEL TABLE.csv HORIZON OUT} or {@code features MODEL PICTURES OUT}. */
public final class Main {
  private Main() {}

  /**
   * Reads a table or a folder of pictures, and writes a Parquet folder.
   *
   * @param arguments as above
   * @throws IOException if Spark cannot be ended
   */
  public static void main(String[] arguments) throws IOException {
    try (SparkSession spark = SparkSession.builder().appName("xlstm4j").getOrCreate()) {
      Dataset<Row> result =
          switch (arguments[0]) {
            case "forecasts" ->
                SeriesForecasts.of(
                    spark
                        .read()
                        .option("header", true)
                        .schema("series string, time string, value float")
                        .csv(arguments[2]),
                    arguments[1],
                    Integer.parseInt(arguments[3]));
            case "features" ->
                PictureFeatures.of(
                    spark.read().format("binaryFile").load(arguments[2]), arguments[1]);
            default -> throw new IllegalArgumentException("forecasts or features");
          };
      result.write().parquet(arguments[arguments.length - 1]);
    }
  }
}
