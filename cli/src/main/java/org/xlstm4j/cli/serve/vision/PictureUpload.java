package org.xlstm4j.cli.serve.vision;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Attributes;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.http.Query;
import org.xlstm4j.cli.serve.json.JsonException;

/**
 * Pictures that a client sent, and its wishes: a picture is a body of its own, or one or more are
 * parts of a form, as {@code curl -F file=@boot.png} makes it.
 *
 * @param pictures at least one
 * @param wishes the path's parameters and the form's other fields
 */
public record PictureUpload(List<Picture> pictures, Query wishes) {
  private static final String FORM = "multipart/form-data";
  private static final int MOST_PARTS = 64;
  private static final int MOST_TEXT = 1024;

  /**
   * A picture that was sent.
   *
   * @param name of its file, or empty
   * @param bytes of its file
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, read once
  public record Picture(String name, byte[] bytes) {}

  /** Whether a body of this type holds pictures. */
  public static boolean takes(String contentType) {
    return contentType.startsWith("image/")
        || contentType.equals(FORM)
        || contentType.equals("application/octet-stream");
  }

  /** Reads a request. */
  public static PictureUpload read(Exchange exchange)
      throws ApiException, JsonException, IOException {
    String type = exchange.contentType();
    if (!takes(type)) {
      throw ApiException.refused(
          415,
          (type.isEmpty() ? "the body has no type" : "the body is " + type)
              + ", expected a picture or "
              + FORM,
          "unsupported_media_type");
    }
    byte[] body = exchange.body();
    if (!type.equals(FORM)) {
      return new PictureUpload(List.of(new Picture("", body)), exchange.query());
    }
    Map<String, List<String>> texts = new LinkedHashMap<>(exchange.parameters());
    List<Picture> pictures = new ArrayList<>();
    try (MultiPartFormData.Parts parts =
        parts(body, String.valueOf(exchange.header("Content-Type")))) {
      for (MultiPart.Part part : parts) {
        if (part.getFileName() != null) {
          byte[] bytes = Content.Source.asByteBuffer(part.getContentSource()).array();
          pictures.add(new Picture(part.getFileName(), bytes));
        } else if (part.getName() == null) {
          throw new JsonException("", "a part of the form has neither a name nor a file's");
        } else if (part.getLength() > MOST_TEXT) {
          throw new JsonException(
              part.getName(), "a field of the form is longer than " + MOST_TEXT);
        } else {
          texts.computeIfAbsent(part.getName(), _ -> new ArrayList<>()).add(text(part));
        }
      }
    }
    if (pictures.isEmpty()) {
      throw new JsonException("file", "the form has no file, expected one or more pictures");
    }
    return new PictureUpload(pictures, new Query(texts));
  }

  private static String text(MultiPart.Part part) throws JsonException, IOException {
    try {
      ByteBuffer bytes = Content.Source.asByteBuffer(part.getContentSource());
      return UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new JsonException(part.getName(), "a field of the form is no text in UTF-8");
    }
  }

  /** The parts of a form that is in memory as a whole, and is not written to files. */
  private static MultiPartFormData.Parts parts(byte[] body, String type) throws JsonException {
    MultiPartConfig config =
        new MultiPartConfig.Builder()
            .maxParts(MOST_PARTS)
            .maxSize(body.length)
            .maxPartSize(body.length)
            .maxMemoryPartSize(body.length)
            .maxHeadersSize(1 << 13)
            .build();
    try {
      return MultiPartFormData.getParts(
          Content.Source.from(ByteBuffer.wrap(body)), new Attributes.Mapped(), type, config);
    } catch (RuntimeException e) {
      throw new JsonException("", "the form cannot be read: " + reason(e));
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause.getMessage() == null ? "it ends early" : cause.getMessage();
  }
}
