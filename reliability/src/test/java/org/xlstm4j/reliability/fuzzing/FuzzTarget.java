package org.xlstm4j.reliability.fuzzing;

import java.io.IOException;
import java.util.function.ToLongFunction;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.reliability.serving.ServedRequests;

/** All readers of files from strangers. The names are those of the folders of the corpus. */
@SuppressWarnings("ImmutableEnumChecker") // functions without a state
enum FuzzTarget {
  /** Safetensors files. */
  SAFETENSORS(ModelReaders::safetensors),
  /** Which shard holds which tensor. */
  INDEX(ModelReaders::index),
  /** PyTorch archives. */
  ARCHIVE(ModelReaders::archive),
  /** Configurations in JSON. */
  JSON(ModelReaders::json),
  /** Configurations in YAML. */
  YAML(ModelReaders::yaml),
  /** Tokenizers. */
  TOKENIZER(ModelReaders::tokenizer),
  /** Generation settings next to a model. */
  GENERATION(ModelReaders::generation),
  /** Chat templates, which also render a conversation. */
  TEMPLATE(ModelReaders::template, ModelReaders::bytesOfRendering),
  /** Quantized folders: the configuration's length, the configuration, the weights. */
  QUANTIZED(ModelReaders::quantized),
  /** Configurations of all families, with weights in place; the first byte says which. */
  MODEL(FamilyReaders::model),
  /** Saved sessions. */
  SESSION(FamilyReaders::session),
  /** Recorded episodes. */
  EPISODE(FamilyReaders::episode),
  /** Linear heads, the project's and the original's. */
  HEAD(FamilyReaders::head),
  /** Pictures. */
  JPEG(PictureReader::read, PictureReader::bytesOfPixels),
  /** Pictures. */
  PNG(PictureReader::read, PictureReader::bytesOfPixels),
  /** Pictures. */
  GIF(PictureReader::read, PictureReader::bytesOfPixels),
  /** Pictures. */
  BMP(PictureReader::read, PictureReader::bytesOfPixels),
  /** Series in columns, perhaps with covariates in a second file behind a zero byte. */
  COLUMNS(CommandReaders::columns, IOException.class),
  /** Series in rows. */
  ROWS(CommandReaders::rows, IOException.class),
  /** A robot's request. */
  REQUEST(CommandReaders::request, IOException.class),
  /** A robot's requests and their answers; nothing is refused but by an answer. */
  CONTROL(CommandReaders::control, IOException.class),
  /** Recordings of control. */
  RECORDING(CommandReaders::recording, IOException.class),
  /** Limits of actions. */
  LIMITS(CommandReaders::limits),
  /** Answers of a model hub. */
  HUB(CommandReaders::hub, IOException.class),
  /** All that a client sends to the server; nothing is refused but by an answer. */
  HTTP(ServedRequests::http, IOException.class),
  /** Bodies of requests, pictures among them; the first byte says to which endpoint. */
  BODY(ServedRequests::body, IOException.class, PictureReader::bytesOfPixels),
  /** What a robot sends over a WebSocket. */
  FRAMES(ServedRequests::frames, IOException.class);

  private final FuzzedReader reader;
  private final Class<? extends IOException> refusal;
  private final ToLongFunction<byte[]> extraBytes;

  FuzzTarget(FuzzedReader reader) {
    this(reader, ModelFormatException.class);
  }

  FuzzTarget(FuzzedReader reader, Class<? extends IOException> refusal) {
    this(reader, refusal, _ -> 0);
  }

  FuzzTarget(FuzzedReader reader, ToLongFunction<byte[]> extraBytes) {
    this(reader, ModelFormatException.class, extraBytes);
  }

  FuzzTarget(
      FuzzedReader reader,
      Class<? extends IOException> refusal,
      ToLongFunction<byte[]> extraBytes) {
    this.reader = reader;
    this.refusal = refusal;
    this.extraBytes = extraBytes;
  }

  FuzzedReader reader() {
    return reader;
  }

  /** The one exception that refuses a file. */
  Class<? extends IOException> refusal() {
    return refusal;
  }

  /** Whether other threads than the caller's read it. */
  boolean isServed() {
    return this == HTTP || this == BODY || this == FRAMES;
  }

  /** What may be allocated beyond that of every file. */
  long extraBytes(byte[] file) {
    return extraBytes.applyAsLong(file);
  }
}
