package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.chat.ChatDialog;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.SamplingOptions;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.process.Background;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import org.xlstm4j.models.chat.ChatTemplate;
import org.xlstm4j.models.chat.Conversation;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.ModelTokenizer;
import org.xlstm4j.models.language.TextGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A conversation in the terminal. */
@Command(
    name = "chat",
    description = "Talks with a chat model; /help there lists what can be typed.",
    footer = {
      "",
      "Examples:",
      "  xlstm chat -m ethicalabs/xLSTM-7b-Instruct --system \"Answer in one sentence.\"",
      "  echo \"What is a recurrent network?\" | xlstm chat -m MODEL --session talk"
    })
final class ChatCommand extends Subcommand {
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "The system message: how the model is to answer.")
  private @Nullable String system;

  @Option(
      names = {"-n", "--tokens"},
      paramLabel = "N",
      defaultValue = "1024",
      description = "Largest number of tokens of an answer (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Mixin private SamplingOptions sampling = new SamplingOptions();

  @Option(
      names = "--session",
      paramLabel = "FILE",
      description = "Continue the conversation of this file, if it exists, and save each turn.")
  private @Nullable Path session;

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description = "A chat template in the Jinja language instead of the model's own.")
  private @Nullable Path templateFile;

  @Option(names = "--json", description = "Write each answer as a line of JSON.")
  private boolean json;

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException {
    if (tokens < 1) {
      throw new UsageException("-n is " + tokens + ", expected 1 or more");
    }
    if (session != null) {
      WholeFile.requirePlace(session);
    }
    Team team = model.team();
    Path folder = model.folder();
    Background<Tokenizer> reading = Background.start(() -> Tokenizer.read(folder));
    ChatTemplate template = template(folder);
    try (LanguageModel languageModel = LanguageModel.open(folder, model.load())) {
      GenerationOptions options =
          sampling.options(GenerationOptions.read(folder)).withMaxTokens(tokens);
      ModelTokenizer tokenizer =
          template.answering(ModelTokenizer.of(folder, reading.await(), languageModel));
      Conversation conversation =
          new Conversation(
              template,
              new TextGenerator(languageModel, tokenizer, options, team),
              languageModel.newSession(team));
      if (session != null && Files.exists(session)) {
        conversation.load(session);
      }
      if (system != null) {
        conversation.setSystem(system);
      }
      new ChatDialog(terminal, conversation, options, session, json).run();
    }
  }

  private ChatTemplate template(Path folder) throws IOException {
    if (templateFile != null) {
      return ChatTemplate.read(templateFile, folder);
    }
    return ChatTemplate.find(folder)
        .orElseThrow(
            () ->
                new IOException(
                    folder
                        + ": no chat model, since it has no chat template; xlstm generate continues"
                        + " texts with it, and --template FILE chats with it anyway"));
  }
}
