package org.xlstm4j.bench.peers;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.xlstm4j.loader.tokenizer.Tokenizer;

/**
 * ONNX Runtime through its Java API: the decoding step as a graph of {@code make_onnx.py}. States
 * go from outputs to inputs without a copy.
 */
public final class OnnxPeer {
  private static final String TOKEN = "token";
  private static final String LOGITS = "logits";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final int vocabularySize;
  private OrtSession.Result last;

  private OnnxPeer(OrtEnvironment environment, OrtSession session) throws OrtException {
    this.environment = environment;
    this.session = session;
    NodeInfo logits = Objects.requireNonNull(session.getOutputInfo().get(LOGITS), LOGITS);
    vocabularySize = (int) ((TensorInfo) logits.getInfo()).getShape()[1];
    last = step(0, zeros());
  }

  /**
   * Runs.
   *
   * @param arguments {@code STEP.onnx THREADS CASE REPEATS}; for case {@code start1}, which prints
   *     the likeliest word behind a prompt, then {@code TOKENIZER PROMPT}
   * @throws OrtException if ONNX Runtime refuses
   * @throws IOException if there is no tokenizer
   */
  public static void main(String[] arguments) throws OrtException, IOException {
    PeerTask task = PeerTask.of(arguments);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(task.threads());
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    try (OrtSession session = environment.createSession(task.model().toString(), options)) {
      OnnxPeer peer = new OnnxPeer(environment, session);
      if (task.work().equals("start")) {
        System.out.println(peer.firstWord(Tokenizer.read(Path.of(arguments[4])), arguments[5]));
        return;
      }
      List<Float> check = PeerResult.check(peer.begin());
      if (task.depth() > 0) {
        peer.begin(task.depthTokens(peer.vocabularySize));
      }
      List<Double> seconds = Timed.runs(task, () -> peer.run(task));
      String runtime = "ONNX Runtime " + environment.getVersion() + " (Java)";
      PeerResult result = new PeerResult(runtime, check, task.count(), seconds, Map.of());
      System.out.println(result.toJson());
    }
  }

  private String firstWord(Tokenizer tokenizer, String prompt) throws OrtException {
    float[] logits = begin(tokenizer.encode(prompt));
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return tokenizer.decode(new int[] {best});
  }

  private double run(PeerTask task) throws OrtException {
    int[] tokens = task.tokens(vocabularySize);
    if (task.depth() == 0) {
      begin();
    }
    long start = System.nanoTime();
    for (int token : tokens) {
      next(token);
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  /** The logits behind the tokens that all runtimes are checked with. */
  private float[] begin() throws OrtException {
    return begin(PeerTask.checkTokens(vocabularySize));
  }

  /** The logits behind the first tokens of a text. */
  private float[] begin(int[] tokens) throws OrtException {
    Map<String, OnnxTensor> zeros = zeros();
    float[] logits = {};
    for (int token : tokens) {
      if (zeros.isEmpty()) {
        logits = next(token);
      } else {
        OrtSession.Result old = last;
        last = step(token, zeros);
        logits = logits();
        old.close();
        zeros.values().forEach(OnnxTensor::close);
        zeros = Map.of();
      }
    }
    return logits;
  }

  private float[] next(int token) throws OrtException {
    OrtSession.Result old = last;
    Map<String, OnnxTensor> states = new LinkedHashMap<>();
    for (String name : session.getInputNames()) {
      if (!name.equals(TOKEN)) {
        states.put(name, (OnnxTensor) old.get(name + "_").orElseThrow());
      }
    }
    last = step(token, states);
    old.close();
    return logits();
  }

  private float[] logits() throws OrtException {
    OnnxTensor logits = (OnnxTensor) last.get(LOGITS).orElseThrow();
    float[] values = new float[vocabularySize];
    logits.getFloatBuffer().get(values);
    return values;
  }

  private OrtSession.Result step(int token, Map<String, OnnxTensor> states) throws OrtException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>(states);
    LongBuffer id = LongBuffer.wrap(new long[] {token});
    try (OnnxTensor tokens = OnnxTensor.createTensor(environment, id, new long[] {1})) {
      inputs.put(TOKEN, tokens);
      return session.run(inputs);
    }
  }

  private Map<String, OnnxTensor> zeros() throws OrtException {
    Map<String, OnnxTensor> states = new LinkedHashMap<>();
    for (NodeInfo input : session.getInputInfo().values()) {
      if (!input.getName().equals(TOKEN)) {
        long[] shape = ((TensorInfo) input.getInfo()).getShape();
        long elements = 1;
        for (long length : shape) {
          elements *= length;
        }
        FloatBuffer zeros = FloatBuffer.allocate((int) elements);
        states.put(input.getName(), OnnxTensor.createTensor(environment, zeros, shape));
      }
    }
    return states;
  }
}
