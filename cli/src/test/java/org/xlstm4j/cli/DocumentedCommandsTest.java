package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.cli.commands.Commands;
import org.xlstm4j.cli.commands.Subcommand;
import picocli.CommandLine;

/**
 * Each command on a page is run here, or {@code commands-not-run.txt} says why not. Commands with
 * {@code curl} on the server's pages are run by {@code ServerDocumentationTest}.
 */
@Tag("slow")
class DocumentedCommandsTest {
  private static final Set<String> SERVER_PAGES =
      Set.of("docs/server.md", "docs/server-models.md", "docs/howto/service.md");

  /** Ends an entry of the list that stands for all commands with the same beginning. */
  private static final String ANY = " ...";

  private static final Pattern CLASS = Pattern.compile("org\\.xlstm4j(\\.[a-z0-9]+)+\\.[A-Z]\\w*");

  @TempDir private static Path folder;

  @BeforeAll
  static void write() throws IOException {
    StandInFiles.write(folder);
  }

  /** The commands that are not run, one an entry; reasons are in brackets. */
  private static List<String> notRun() throws IOException {
    try (var list =
        Objects.requireNonNull(
            DocumentedCommandsTest.class.getResourceAsStream("commands-not-run.txt"))) {
      return new String(list.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("["))
          .toList();
    }
  }

  private static boolean covers(String entry, ShellLine line) {
    return entry.endsWith(ANY)
        ? line.text().startsWith(entry.substring(0, entry.length() - 3))
        : line.text().equals(entry);
  }

  private static boolean isListed(ShellLine line, List<String> notRun) {
    return notRun.stream().anyMatch(entry -> covers(entry, line));
  }

  static Stream<DocumentedCommand> commandsToRun() throws IOException {
    List<String> notRun = notRun();
    Set<String> texts = new TreeSet<>();
    return DocumentedCommand.all().stream()
        .filter(command -> command.line().isXlstm() && !isListed(command.line(), notRun))
        .filter(command -> texts.add(command.line().text()) || !command.prints().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("commandsToRun")
  void whatAPageTellsToTypeWorks(DocumentedCommand command) throws IOException {
    ShellLine line = command.line();
    String[] arguments =
        line.words().stream().skip(1).map(DocumentedCommandsTest::inPlace).toArray(String[]::new);
    byte[] input =
        line.input().isEmpty() ? new byte[0] : Files.readAllBytes(folder.resolve(line.input()));
    Outcome outcome = Outcome.ofInput(input, arguments);
    assertEquals(line.status(), outcome.status(), outcome.err());
    if (!line.output().isEmpty()) {
      assertFalse(outcome.out().isEmpty());
    }
    List<String> printed =
        Stream.of(outcome.out(), outcome.err())
            .flatMap(String::lines)
            .map(text -> text.replace(folder + "/", ""))
            .map(text -> text.replace(DocumentedCommand.REPOSITORY + "/", ""))
            .toList();
    for (String expected : command.prints()) {
      boolean whole = !expected.endsWith("...");
      String text = whole ? expected : expected.substring(0, expected.length() - 3);
      assertTrue(
          printed.stream().anyMatch(whole ? text::equals : one -> one.startsWith(text)),
          expected + "\nis not in\n" + outcome);
    }
  }

  /** A file of the repository by its path, a stand-in for a reader's file, or a file to write. */
  private static String inPlace(String word) {
    if (word.startsWith("-") || word.contains(" ")) {
      return word;
    }
    String first = word.replaceFirst("/.*", "");
    if (Files.exists(folder.resolve(first)) || word.matches("my-.*|[\\w-]+\\.[a-z]+")) {
      return folder.resolve(word).toString();
    }
    Path file = DocumentedCommand.REPOSITORY.resolve(word);
    return word.contains("/") && Files.exists(file) ? file.toString() : word;
  }

  @Test
  void everyCommandIsRunOrListed() throws IOException {
    List<String> notRun = notRun();
    List<DocumentedCommand> neither =
        DocumentedCommand.all().stream()
            .filter(command -> !command.line().isXlstm())
            .filter(
                command ->
                    !SERVER_PAGES.contains(command.page())
                        || !command.line().text().startsWith("curl "))
            .filter(command -> !isListed(command.line(), notRun))
            .toList();
    assertEquals(List.of(), neither);
  }

  @Test
  void everyListedCommandIsOnAPage() throws IOException {
    List<DocumentedCommand> commands = DocumentedCommand.all();
    for (String entry : notRun()) {
      assertTrue(commands.stream().anyMatch(command -> covers(entry, command.line())), entry);
      assertFalse(entry.startsWith("xlstm") && entry.endsWith(ANY), entry);
    }
  }

  /** Also of commands that are not run, the options exist. */
  @Test
  void theOptionsOfEveryCommandExist() throws IOException {
    for (DocumentedCommand command : DocumentedCommand.all()) {
      List<String> words = command.line().words();
      int name = words.indexOf("xlstm") + 1;
      Subcommand parsed =
          name == 0 || name == words.size() ? null : Commands.named(words.get(name));
      if (parsed != null) {
        CommandLine line = new CommandLine(parsed);
        line.setExpandAtFiles(false);
        line.parseArgs(words.subList(name + 1, words.size()).toArray(String[]::new));
      }
    }
  }

  @Test
  void everyScriptAndProgramOnAPageExists() throws IOException {
    List<String> missing = new ArrayList<>();
    for (DocumentedCommand command : DocumentedCommand.all()) {
      for (String word : command.line().words()) {
        boolean script = word.matches("(\\.ci|bench|reliability|cli/src)/[\\w/.-]*\\w");
        if (script && !Files.exists(DocumentedCommand.REPOSITORY.resolve(word))) {
          missing.add(command.page() + ": " + word);
        }
      }
    }
    for (Path page : DocumentedCommand.pages()) {
      Matcher named = CLASS.matcher(Files.readString(page));
      while (named.find()) {
        if (!isSource(named.group())) {
          missing.add(page + ": " + named.group());
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  private static boolean isSource(String name) {
    String file = name.replace('.', '/') + ".java";
    return Stream.of("engine", "loader", "models", "cli", "bench", "reliability")
        .flatMap(module -> Stream.of(module + "/src/main/java/", module + "/src/test/java/"))
        .anyMatch(sources -> Files.exists(DocumentedCommand.REPOSITORY.resolve(sources + file)));
  }

  /** Links lead to pages and files that are there, and to headings that the page has. */
  @Test
  void linksLeadSomewhere() throws IOException {
    Pattern link = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(#[^)\\s]*)?\\)");
    List<String> broken = new ArrayList<>();
    for (Path page : DocumentedCommand.pages()) {
      Matcher links = link.matcher(Files.readString(page));
      while (links.find()) {
        Path target =
            links.group(1).isEmpty() ? page : page.resolveSibling(links.group(1)).normalize();
        String anchor = links.group(2);
        if (!Files.exists(target) || (anchor != null && !anchors(target).contains(anchor))) {
          broken.add(DocumentedCommand.REPOSITORY.relativize(page) + ": " + links.group());
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static List<String> anchors(Path page) {
    try {
      return Files.readAllLines(page).stream()
          .filter(line -> line.startsWith("#"))
          .map(line -> line.replaceFirst("#+ +", "").toLowerCase(Locale.ROOT))
          .map(heading -> "#" + heading.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
