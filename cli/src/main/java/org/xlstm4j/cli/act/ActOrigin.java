package org.xlstm4j.cli.act;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.process.ProgramVersion;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.StateFile;
import org.xlstm4j.models.action.ActionModel;

/**
 * What a recording was made with, apart from its settings: with the same, it is played bit for bit.
 *
 * @param model name of the model
 * @param weights fingerprint of its weights, or null if the recording does not say
 * @param version of this program, or null
 * @param kernels that computed, or null
 */
public record ActOrigin(
    String model, @Nullable String weights, @Nullable String version, @Nullable String kernels) {
  /** What this process computes with. Waits until its kernels are there. */
  public static ActOrigin ofProcess(String name, ActionModel model) {
    WarmUp.Result unused = WarmUp.complete();
    return new ActOrigin(
        name,
        StateFile.fingerprint(model.checkpoint()),
        ProgramVersion.text(),
        WarmUp.description());
  }

  /** From the head of a recording. */
  static ActOrigin of(Config head) throws IOException {
    String model = head.text("model");
    try {
      Path unused = Path.of(model);
    } catch (InvalidPathException e) {
      throw new IOException(head.file() + ": model: " + e.getMessage(), e);
    }
    return new ActOrigin(
        model, text(head, "weights"), text(head, "version"), text(head, "kernels"));
  }

  private static @Nullable String text(Config head, String key) throws IOException {
    return head.has(key) ? head.text(key) : null;
  }

  /** For the head of a recording. */
  Config addTo(Config head) {
    return head.with("model", model)
        .with("weights", weights)
        .with("version", version)
        .with("kernels", kernels);
  }

  /** What is not as it was, as the end of a sentence. */
  String differences(ActOrigin now) {
    List<String> differences = new ArrayList<>();
    compare("model", model, now.model, differences);
    compare("weights", weights, now.weights, differences);
    compare("version", version, now.version, differences);
    compare("kernels", kernels, now.kernels, differences);
    if (differences.isEmpty()) {
      return weights == null
          ? "the recording does not say what weights and kernels it was made with"
          : "model, version and kernels are those of the recording";
    }
    return "since the recording changed " + String.join("; ", differences);
  }

  private static void compare(
      String what, @Nullable String then, @Nullable String now, List<String> differences) {
    if (then != null && !then.equals(now)) {
      differences.add(what + " from " + then + " to " + now);
    }
  }
}
