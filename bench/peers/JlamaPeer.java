import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.safetensors.Config;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.SafeTensorSupport;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.KvBufferCache;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Times Jlama decoding a Llama with weights of 4 bits. Speaks the protocol of bench/run: one line
 * of JSON.
 *
 * <pre>
 * java -cp JLAMA JlamaPeer.java MODEL quantize OUT          writes the weights of 4 bits
 * java -cp JLAMA JlamaPeer.java MODEL THREADS tg32 REPEATS
 * </pre>
 */
public final class JlamaPeer {
  private static final int CHECKED_TOKENS = 16;
  private static final int CHECKED_LOGITS = 32;
  private static final int VOCABULARY = 8192;

  private final AbstractModel model;
  private final KvBufferCache caches;

  private JlamaPeer(AbstractModel model) {
    this.model = model;
    caches = new KvBufferCache(model);
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments[1].equals("quantize")) {
      String[] none = {};
      Path out = Path.of(arguments[2]);
      SafeTensorSupport.quantizeModel(Path.of(arguments[0]), DType.Q4, none, none, Optional.of(out));
      return;
    }
    int threads = Integer.parseInt(arguments[1]);
    int count = Integer.parseInt(arguments[2].substring(2));
    int repeats = Integer.parseInt(arguments[3]);
    AbstractModel model =
        ModelSupport.loadModel(
            new File(arguments[0]), null, DType.F32, DType.I8, Optional.empty(),
            Optional.of(threads));
    JlamaPeer peer = new JlamaPeer(model);
    float[] other = peer.start(5);
    float[] check = peer.start(11);
    double apart = 0;
    for (int i = 0; i < CHECKED_LOGITS; i++) {
      if (!Float.isFinite(check[i])) {
        throw new IllegalStateException("logits are not finite");
      }
      apart = Math.max(apart, Math.abs(check[i] - other[i]));
    }
    if (apart < 1e-3) {
      throw new IllegalStateException("logits do not depend on the prompt");
    }
    // A cold JVM needs more than one run before it is at full speed.
    long warm = System.nanoTime() + 5_000_000_000L;
    do {
      peer.run(count);
    } while (System.nanoTime() < warm);
    List<Double> seconds =
        IntStream.range(0, repeats).mapToObj(i -> peer.run(count)).toList();
    // A token reads everything but the embedding, of which it takes one row.
    Config config = model.getConfig();
    long width = config.embeddingLength;
    long block = width * (4 * width + 3L * config.hiddenLength);
    long weights = config.numberOfLayers * block + VOCABULARY * width;
    long file = new File(arguments[0], "model.safetensors").length();
    long bytes = Math.round((double) file * weights / (weights + VOCABULARY * width));
    System.out.printf(
        Locale.ROOT,
        "{\"runtime\": \"Jlama 0.8.4\", \"check\": [%s], \"units\": %d, \"seconds\": %s,"
            + " \"weights\": %d, \"weight_bytes\": %d}%n",
        Arrays.stream(boxed(check)).map(String::valueOf).collect(Collectors.joining(", ")),
        count,
        seconds,
        weights,
        bytes);
  }

  private static Float[] boxed(float[] logits) {
    Float[] first = new Float[CHECKED_LOGITS];
    for (int i = 0; i < CHECKED_LOGITS; i++) {
      first[i] = logits[i];
    }
    return first;
  }

  /** The logits behind a prompt, up to a common addend: Jlama gives probabilities. */
  private float[] start(int first) {
    try (KvBufferCache.KvBuffer cache = caches.getEphemeralKvBuffer()) {
      float[] logits = prompt(cache, first);
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) Math.log(logits[i]);
      }
      return logits;
    }
  }

  private float[] prompt(KvBufferCache.KvBuffer cache, int first) {
    float[] logits = {};
    for (int i = 0; i < CHECKED_TOKENS; i++) {
      logits = step(cache, (37 * i + first) % VOCABULARY, i);
    }
    return logits;
  }

  private double run(int count) {
    try (KvBufferCache.KvBuffer cache = caches.getEphemeralKvBuffer()) {
      prompt(cache, 11);
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        step(cache, (31 * i + 7) % VOCABULARY, CHECKED_TOKENS + i);
      }
      return (System.nanoTime() - start) * 1e-9;
    }
  }

  private float[] step(KvBufferCache.KvBuffer cache, int token, int position) {
    try (AbstractTensor output = model.forward(token, position, cache, Optional.empty())) {
      return model.getLogits(output);
    }
  }
}
