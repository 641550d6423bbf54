package org.xlstm4j.cli.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xlstm4j.cli.Outcome;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.image.ImageDecoder;
import org.xlstm4j.models.vision.Prediction;
import org.xlstm4j.models.vision.VisionModel;
import org.xlstm4j.models.vision.VisionSession;

/** Labels and vectors of pictures over HTTP, and pictures that mean no good. */
@Timeout(60)
class PicturesTest {
  private static final String PATH = "/v1/classifications";
  private static final String FORM = "multipart/form-data; boundary=xyz";

  private static TestServer server;
  private static byte[] boot;
  private static byte[] pullover;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.of("vil-fashion");
    boot = Files.readAllBytes(Outcome.pretrained("vil-fashion/images/00000.png"));
    pullover = Files.readAllBytes(Outcome.pretrained("vil-fashion/images/00001.png"));
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @AfterEach
  void hasNotFailed() {
    assertEquals("", server.log());
  }

  private static HttpResponse<String> send(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    return server.send(
        server
            .request(path)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(body))
            .build());
  }

  private static List<Fields> data(HttpResponse<String> response) throws Exception {
    assertEquals(200, response.statusCode(), response.body());
    return Fields.read(response.body().getBytes(UTF_8), List.of("embedding")).objects("data");
  }

  private static void refused(int status, String message, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response.body());
    assertTrue(response.body().contains(message), response.body());
  }

  /** A form with fields and files, as curl makes it. */
  private static byte[] form(Object... namesAndValues) throws IOException {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String name = "--xyz\r\nContent-Disposition: form-data; name=\"" + namesAndValues[i] + '"';
      form.write(name.getBytes(UTF_8));
      if (namesAndValues[i + 1] instanceof byte[] file) {
        form.write("; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n".getBytes(UTF_8));
        form.write(file);
      } else {
        form.write(("\r\n\r\n" + namesAndValues[i + 1]).getBytes(UTF_8));
      }
      form.write("\r\n".getBytes(UTF_8));
    }
    form.write("--xyz--\r\n".getBytes(UTF_8));
    return form.toByteArray();
  }

  @Test
  void saysWhatTheModelSays() throws Exception {
    List<Fields> data = data(send(PATH + "?top_k=3", "image/png", boot));
    assertEquals(1, data.size());
    assertEquals(28, data.getFirst().integerOr("width", 0, 0, 100));
    List<Fields> labels = data.getFirst().objects("labels");
    assertEquals(3, labels.size());
    try (VisionModel model = VisionModel.open(Outcome.pretrained("vil-fashion"))) {
      VisionSession session = model.newSession(Team.of(1));
      float[] logits =
          session.run(ImageDecoder.read(Outcome.pretrained("vil-fashion/images/00000.png")));
      Prediction best = Prediction.top(model, logits, 1).getFirst();
      assertEquals(best.name(), labels.getFirst().text("label"));
      assertEquals(best.probability(), labels.getFirst().numberOr("probability", 0, 0, 1));
    }
  }

  @Test
  void takesFormsOfSeveralPictures() throws Exception {
    List<Fields> data = data(send(PATH, FORM, form("file", boot, "file", pullover, "top_k", "1")));
    assertEquals(2, data.size());
    assertEquals("a.png", data.get(1).text("name"));
    assertEquals("Pullover", data.get(1).objects("labels").getFirst().text("label"));
    assertEquals(1, data.get(1).objects("labels").size());
  }

  @Test
  void givesVectorsOfPictures() throws Exception {
    double[] floats =
        (double[]) data(send("/v1/embeddings", "image/png", boot)).getFirst().value("embedding");
    String text =
        data(send("/v1/embeddings", FORM, form("encoding_format", "base64", "file", boot)))
            .getFirst()
            .text("embedding");
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(floats.length * 4, bytes.remaining());
    for (double value : floats) {
      assertEquals((float) value, bytes.getFloat());
    }
  }

  /** A gray picture of one color, of which only the header says how large it is. */
  private static byte[] png(int width, int height, int rows) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      byte[] row = new byte[width + 1];
      for (int i = 0; i < rows; i++) {
        out.write(row);
      }
    }
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put(new byte[] {8, 0, 0, 0, 0});
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write("\u0089PNG\r\n\u001A\n".getBytes(ISO_8859_1));
    chunk(file, "IHDR", header.array());
    chunk(file, "IDAT", packed.toByteArray());
    chunk(file, "IEND");
    return file.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte... data)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length).putInt(data.length);
    chunk.put(type.getBytes(ISO_8859_1)).put(data);
    CRC32 check = new CRC32();
    check.update(chunk.array(), 4, 4 + data.length);
    file.write(chunk.putInt((int) check.getValue()).array());
  }

  @Test
  void refusesBombs() throws Exception {
    byte[] bomb = png(40_000, 40_000, 2);
    assertTrue(bomb.length < 1000);
    refused(
        400,
        "expected at most 33554432 pixels, found 40000 x 40000",
        send(PATH, "image/png", bomb));
    byte[] large = png(6000, 6000, 6000);
    assertTrue(large.length < 100_000);
    refused(400, "found 6000 x 6000 pixels", send(PATH, FORM, form("file", boot, "file", large)));
    refused(400, "expected", send(PATH, "image/png", png(3000, 3000, 2)));
  }

  @Test
  void refusesWhatIsNoPicture() throws Exception {
    refused(400, "found nothing", send(PATH, "image/png", new byte[0]));
    refused(400, "found unknown bytes", send(PATH, "image/jpeg", "words".getBytes(UTF_8)));
    refused(400, "expected", send(PATH, "image/png", Arrays.copyOf(boot, boot.length / 2)));
    refused(415, "expected a picture", send(PATH, "application/json", "{}".getBytes(UTF_8)));
    refused(400, "top_k is '0'", send(PATH + "?top_k=0", "image/png", boot));
    refused(400, "labels is not supported", send(PATH + "?labels=3", "image/png", boot));
    refused(404, "no model 'x'", send(PATH + "?model=x", "image/png", boot));
  }

  @Test
  void refusesFormsThatAreNone() throws Exception {
    refused(400, "the form has no file", send(PATH, FORM, form("top_k", "1")));
    refused(400, "the form cannot be read", send(PATH, FORM, "--xyz\r\nno form".getBytes(UTF_8)));
    refused(400, "the form cannot be read", send(PATH, "multipart/form-data", form("file", boot)));
    refused(
        400, "longer than 1024", send(PATH, FORM, form("model", "x".repeat(2000), "file", boot)));
    String nameless = "--xyz\r\nContent-Disposition: form-data\r\n\r\n2\r\n--xyz--\r\n";
    refused(400, "neither a name", send(PATH, FORM, nameless.getBytes(UTF_8)));
    String binary =
        "--xyz\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\u0081\r\n--xyz--\r\n";
    refused(400, "no text in UTF-8", send(PATH, FORM, binary.getBytes(ISO_8859_1)));
    Object[] many = new Object[400];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = "file";
      many[i + 1] = boot;
    }
    refused(400, "the form cannot be read", send(PATH, FORM, form(many)));
  }
}
