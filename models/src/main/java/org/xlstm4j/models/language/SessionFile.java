package org.xlstm4j.models.language;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.StateFile;

/**
 * A session on disk: its state and the logits of its next token as a safetensors file ({@link
 * StateFile}). Loading continues bit for bit.
 */
public final class SessionFile {
  private static final String LOGITS = "logits";

  private SessionFile() {}

  /**
   * Saves a session. A program that is asked to end meanwhile ends when the file is whole.
   *
   * @param session any session
   * @param file where to; replaced only by a whole file, which has the same permissions; a symbolic
   *     link stays and its target is replaced
   * @throws IOException if it cannot be written
   */
  public static void save(LanguageSession session, Path file) throws IOException {
    save(session, file, Map.of());
  }

  /**
   * Saves a session with texts that belong to it, as {@link #save(LanguageSession, Path)} does.
   *
   * @param session any session
   * @param file where to
   * @param notes the texts by name, for {@link #load}
   * @throws IOException if it cannot be written
   */
  public static void save(LanguageSession session, Path file, Map<String, String> notes)
      throws IOException {
    float[] logits =
        session.position() > 0 ? session.logits() : new float[session.model().vocabularySize()];
    StateFile.save(
        file,
        session.model().checkpoint(),
        new StateFile.Contents(session.state(), session.position(), Map.of(LOGITS, logits), notes));
  }

  /**
   * Continues a saved session.
   *
   * @param session a session of the same model; unchanged if the file is refused
   * @param file written by {@link #save(LanguageSession, Path)}
   * @return the texts that were saved with it, by name
   * @throws ModelFormatException if the file is damaged or of another model
   * @throws IOException if it cannot be read
   */
  public static Map<String, String> load(LanguageSession session, Path file) throws IOException {
    LanguageModel model = session.model();
    StateFile.Contents saved =
        StateFile.load(
            file,
            model.checkpoint(),
            session.state().layout(),
            Map.of(LOGITS, model.vocabularySize()));
    float[] logits = Objects.requireNonNull(saved.vectors().get(LOGITS));
    session.restore(saved.state(), logits, saved.position());
    return saved.notes();
  }
}
