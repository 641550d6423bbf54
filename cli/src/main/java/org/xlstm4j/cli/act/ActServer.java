package org.xlstm4j.cli.act;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.cli.terminal.LineReader;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.BadObservation;
import org.xlstm4j.models.action.GuardedSession;

/**
 * The other side of a simulator or robot: JSON lines in, JSON lines out, one for one, as described
 * in the documentation of control models. A line that cannot be used is answered with an error and
 * changes nothing.
 */
public final class ActServer {
  /** Longest line: a picture of some megapixels in base64. */
  static final int LONGEST_LINE = 1 << 24;

  /** Longest line where observations are numbers. */
  private static final int LONGEST_NUMBERS = 1 << 16;

  /** Tasks whose sessions are kept; the one that was longest not used makes room for another. */
  private static final int MOST_TASKS = 32;

  private static final JsonFactory JSON = new JsonFactory();

  private final ActSessions sessions;
  private final StepClock clock;
  private final @Nullable ActRecorder recorder;
  private final Map<ActionTask, GuardedSession> made = new LinkedHashMap<>(16, 0.75f, true);
  private final StepLog steps = new StepLog();
  private @Nullable GuardedSession session;
  private float[] action = new float[0];

  /**
   * A server.
   *
   * @param sessions makes the session of a task
   * @param recorder takes down what is asked and answered, or null
   */
  public ActServer(ActSessions sessions, @Nullable ActRecorder recorder) {
    this(sessions, System::nanoTime, recorder);
  }

  ActServer(ActSessions sessions, LongSupplier clock, @Nullable ActRecorder recorder) {
    this.sessions = sessions;
    this.clock = new StepClock(clock);
    this.recorder = recorder;
  }

  /** Most bytes of a line of a model's robots: only pictures need much. */
  public static int longestLine(ActionModel model) {
    return model.image() == null ? LONGEST_NUMBERS : LONGEST_LINE;
  }

  /** Starts an episode of the task that the settings name, if they do. */
  public void beginAsSet() throws IOException {
    String name = sessions.settings().task();
    if (name != null) {
      ActionTask task = sessions.model().task(name);
      begin(task, task.targetReturn(), null);
    }
  }

  private void begin(ActionTask task, double target, float @Nullable [] from) throws IOException {
    GuardedSession next = made.get(task);
    if (next == null) {
      next = sessions.open(task, clock);
      made.put(task, next);
    }
    GuardedSession before = session;
    if (from != null) {
      next.startFrom(from);
    }
    next.reset(target);
    if (from == null && before != null && before != next) {
      next.continueFrom(before);
    }
    session = next;
    action = new float[task.actionWidth()];
    if (made.size() > MOST_TASKS) {
      made.remove(made.keySet().iterator().next());
    }
  }

  /** Answers line by line until the input ends. */
  public void run(InputStream in, Writer out) throws IOException {
    LineReader lines = new LineReader(in, longestLine(sessions.model()));
    boolean more = true;
    while (more) {
      String line = null;
      String answer;
      try {
        line = lines.next();
        clock.exchange(System.nanoTime());
        more = line != null;
        answer = line == null || line.isBlank() ? "" : answer(line);
      } catch (LineReader.TooLongException e) {
        clock.exchange(System.nanoTime());
        answer = error(e);
      }
      if (!answer.isEmpty()) {
        try {
          out.write(answer);
          out.write('\n');
          out.flush();
          settle();
        } finally { // also if nobody is there any more to read the answer
          report();
          if (recorder != null) {
            recorder.add(line, answer, clock.start(), clock.duration());
          }
        }
      }
    }
  }

  /** Logs what became of the last step. */
  public void report() {
    steps.end();
  }

  /** Runs what the last action did not need, if the settings wish so. */
  public void settle() {
    if (sessions.settings().settle() && session != null) {
      session.settle();
    }
  }

  /** The answer to a line, on one line. */
  public String answer(String line) throws IOException {
    try {
      ActRequest request = ActRequest.parse(line);
      return request.reset() != null ? reset(request.reset()) : act(request);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      return error(e);
    }
  }

  private String reset(ActRequest.Reset reset) throws IOException {
    ActionTask task = task(reset);
    begin(task, reset.target() == null ? task.targetReturn() : reset.target(), reset.from());
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeNumberField("observation", task.observationWidth());
      json.writeNumberField("action", task.actionWidth());
      json.writeBooleanField("discrete", task.discrete());
      json.writeEndObject();
    }
    return line.toString();
  }

  /** The task that the line names or describes, else the one there is. */
  private ActionTask task(ActRequest.Reset reset) {
    if (reset.task() != null) {
      return sessions.model().task(reset.task());
    }
    ActionTask own = reset.own();
    if (own != null) {
      return own;
    }
    if (session == null) {
      throw new IllegalArgumentException(
          "reset: expected a task, one of " + String.join(", ", sessions.model().tasks().keySet()));
    }
    return session.task();
  }

  private String act(ActRequest request) throws IOException {
    GuardedSession current = session;
    if (current == null) {
      throw new IllegalArgumentException(
          "expected a reset with a task before the first observation");
    }
    if (request.flaw() != null
        && current.options().badObservation() instanceof BadObservation.Reject) {
      throw new IllegalArgumentException(request.flaw());
    }
    steps.begin(current);
    if (request.observation() != null) {
      current.act(request.observation(), request.reward(), action);
    } else if (request.picture() != null) {
      current.act(request.picture(), request.reward(), action);
    }
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      if (current.task().discrete()) {
        json.writeNumberField("action", (int) action[0]);
      } else {
        json.writeArrayFieldStart("action");
        for (float value : action) {
          json.writeNumber(value);
        }
        json.writeEndArray();
      }
      json.writeNumberField("return_to_go", current.returnToGo());
      json.writeNumberField("nanoseconds", current.timer().lastNanoseconds());
      json.writeNumberField("missed", current.timer().missed());
      if (sessions.settings().period() != null) {
        json.writeNumberField("late", current.timer().late());
      }
      if (sessions.settings().guarded()) {
        json.writeStringField("state", current.state().name().toLowerCase(Locale.ROOT));
        if (current.cause() != null) {
          json.writeStringField("cause", cause(current));
        }
      }
      json.writeEndObject();
    }
    return line.toString();
  }

  static String cause(GuardedSession stopped) {
    Throwable failure = stopped.failure();
    return failure == null
        ? String.valueOf(stopped.cause())
        : stopped.cause() + ": " + Failures.line(failure);
  }

  private static String error(Exception failure) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("error", Failures.line(failure));
      json.writeEndObject();
    }
    return line.toString();
  }
}
