package example.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.image.ImageDecoder;
import org.xlstm4j.models.vision.VisionSession;
import scala.jdk.javaapi.CollectionConverters;

/** Picture files in, feature vectors out. */
public final class PictureFeatures {
  private static final StructType SCHEMA =
      new StructType()
          .add("path", DataTypes.StringType, false)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private PictureFeatures() {}

  /**
   * The features of each picture.
   *
   * @param files with columns {@code path} and {@code content}, as Spark's source {@code binaryFile}
   *     gives them
   * @param folder of the model, on every worker
   * @return rows of path and features
   */
  public static Dataset<Row> of(Dataset<Row> files, String folder) {
    MapPartitionsFunction<Row, Row> features = rows -> features(rows, folder);
    return files.select("path", "content").mapPartitions(features, Encoders.row(SCHEMA));
  }

  private static Iterator<Row> features(Iterator<Row> files, String folder) {
    VisionSession session = WorkerModels.pictures(folder).newSession(Team.of(1));
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(files, 0), false)
        .map(file -> features(session, file.getString(0), file.getAs(1)))
        .iterator();
  }

  private static Row features(VisionSession session, String path, byte[] content) {
    try {
      session.run(ImageDecoder.decode(content, Path.of(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(path + " is no picture", e);
    }
    // the session's own array, valid until the next picture
    List<Float> features = new ArrayList<>();
    for (float value : session.features()) {
      features.add(value);
    }
    // an array in a row is a sequence of Scala
    return RowFactory.create(path, CollectionConverters.asScala(features));
  }
}
