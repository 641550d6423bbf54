package org.xlstm4j.cli.chat;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.cli.process.InterruptSignal;
import org.xlstm4j.cli.terminal.LineReader;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.models.chat.ChatAnswer;
import org.xlstm4j.models.chat.ChatTemplateException;
import org.xlstm4j.models.chat.Conversation;
import org.xlstm4j.models.language.GenerationOptions;

/** Reads messages and commands and writes answers, until the input ends. */
public final class ChatDialog {
  private static final int INTERRUPTED = 130;

  private static final String HELP =
      """
      /reset        forget the conversation, the system message included
      /system TEXT  tell the model about its part; without TEXT take that back
      /save FILE    save the conversation, for --session FILE
      /exit         leave, as Ctrl-D does
      //...         a message that begins with a slash
      A line that ends in \\ goes on in the next one. Ctrl-C stops an answer; a second one leaves.
      """;

  private final Terminal terminal;
  private final Conversation conversation;
  private final GenerationOptions options;
  private final @Nullable Path session;
  private final ChatInput input;
  private final ChatOutput output;
  private final ChatInterrupt interrupt =
      new ChatInterrupt(() -> Runtime.getRuntime().exit(INTERRUPTED));

  /**
   * A dialog.
   *
   * @param terminal where a person types and reads
   * @param conversation goes on here
   * @param options how answers are generated
   * @param session where the conversation is saved after each turn, or null
   * @param json whether each answer is a line of JSON
   */
  public ChatDialog(
      Terminal terminal,
      Conversation conversation,
      GenerationOptions options,
      @Nullable Path session,
      boolean json) {
    this.terminal = terminal;
    this.conversation = conversation;
    this.options = options;
    this.session = session;
    input = new ChatInput(terminal);
    output = new ChatOutput(terminal.out(), json);
  }

  /**
   * Runs up to the end of the input, or /exit.
   *
   * @throws IOException if something cannot be read or written
   */
  public void run() throws IOException {
    InterruptSignal.handle(interrupt::interrupt);
    if (terminal.progress()) {
      terminal.err().println("/help lists the commands; Ctrl-D leaves");
    }
    boolean goesOn = true;
    while (goesOn) {
      goesOn = turn();
    }
  }

  /** A message or a command; false if it was the last one. */
  private boolean turn() throws IOException {
    try {
      String message = input.next();
      if (message == null) {
        if (terminal.progress()) {
          terminal.err().println();
        }
        return false;
      }
      if (message.startsWith("/") && !message.startsWith("//")) {
        return command(message.strip());
      }
      if (!message.isBlank()) {
        answer(message.startsWith("//") ? message.substring(1) : message);
      }
    } catch (ChatTemplateException | LineReader.TooLongException e) {
      if (!terminal.progress()) {
        throw e;
      }
      say(Failures.line(e));
    }
    return true;
  }

  private void answer(String message) throws IOException {
    ChatAnswer answer = conversation.ask(message, options);
    interrupt.begin(answer);
    try {
      output.write(answer);
    } finally {
      interrupt.end();
      answer.finish();
      save();
    }
  }

  private boolean command(String line) throws IOException {
    int space = line.indexOf(' ');
    String name = space < 0 ? line : line.substring(0, space);
    String rest = space < 0 ? "" : line.substring(space + 1).strip();
    switch (name) {
      case "/exit", "/quit" -> {
        return false;
      }
      case "/help" -> terminal.err().print(HELP);
      case "/reset" -> {
        conversation.reset();
        save();
      }
      case "/system" -> {
        conversation.setSystem(rest);
        save();
      }
      case "/save" -> saveTo(rest);
      default -> say("no command " + Failures.oneLine(name) + "; /help lists them");
    }
    return true;
  }

  private void saveTo(String name) {
    if (name.isEmpty()) {
      say("/save FILE: the file is missing");
      return;
    }
    try {
      conversation.save(Path.of(name));
      say("saved; to go on: --session " + name);
    } catch (IOException | InvalidPathException e) {
      say(Failures.line(e));
    }
  }

  private void save() throws IOException {
    if (session != null) {
      conversation.save(session);
    }
  }

  private void say(String line) {
    terminal.err().println("xlstm chat: " + line);
  }
}
