package org.xlstm4j.cli.act;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.loader.files.WholeFile;

/**
 * Writes down what comes in and goes out: a line with the settings, then a JSON object a line with
 * {@code time}, nanoseconds since the recording began, {@code duration}, nanoseconds that the step
 * took, {@code request} and {@code answer}. A request is there as it was sent, in a text if it is
 * no JSON object, null if it was too long.
 *
 * <p>What cannot be written ends the recording, not the control: it is logged, and {@link #close}
 * throws then.
 */
public final class ActRecorder implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;
  private final Writer out;
  private final long start = System.nanoTime();
  private @Nullable IOException failure;

  /**
   * Begins a recording. A file of this name is replaced by one that has its head already, so that a
   * program that dies leaves the old recording or the beginning of the new one.
   *
   * @param origin what computes
   */
  public ActRecorder(Path file, ActSettings settings, ActOrigin origin) throws IOException {
    this.file = file;
    String head = settings.head(origin) + "\n";
    boolean stream = Files.exists(file) && !Files.isRegularFile(file);
    if (!stream) {
      try (WholeFile begun = new WholeFile(file)) {
        begun.write(ByteBuffer.wrap(head.getBytes(UTF_8)));
        begun.finish();
      }
    }
    out = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    if (stream) {
      write(head);
    }
  }

  /**
   * Adds a request and its answer.
   *
   * @param time when it came, or its step began
   * @param duration nanoseconds that the step took, or 0 if there was none
   */
  void add(@Nullable String request, String answer, long time, long duration) {
    if (failure != null) {
      return;
    }
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeNumberField("time", time - start);
      json.writeNumberField("duration", duration);
      json.writeFieldName("request");
      if (request != null && isObject(request)) {
        json.writeRawValue(request.strip());
      } else {
        json.writeString(request);
      }
      json.writeFieldName("answer");
      json.writeRawValue(answer);
      json.writeEndObject();
    } catch (IOException e) {
      fail(e);
      return;
    }
    write(line.append('\n').toString());
  }

  private void write(String line) {
    try {
      out.write(line);
      out.flush();
    } catch (IOException e) {
      fail(e);
    }
  }

  private void fail(IOException cause) {
    failure = cause;
    System.getLogger(ActRecorder.class.getPackageName())
        .log(
            System.Logger.Level.WARNING,
            "{0}: the recording ends here: {1}",
            file,
            Failures.line(cause));
  }

  private static boolean isObject(String line) {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Ends the recording.
   *
   * @throws IOException if a part of it could not be written
   */
  @Override
  public void close() throws IOException {
    try (out) {
      if (failure != null) {
        throw new IOException("the recording is incomplete: " + failure.getMessage(), failure);
      }
    }
  }
}
