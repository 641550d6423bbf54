package org.xlstm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command in a block of a page. Where commands have {@code $} in front, the lines below them are
 * what they print.
 *
 * @param page the page's path in the repository
 * @param line what is typed
 * @param prints what the page says it prints; nothing if the page does not say
 */
record DocumentedCommand(String page, ShellLine line, List<String> prints) {
  private static final Pattern FENCE = Pattern.compile(" *```([a-z]*)");

  /** What begins a command in a block that has no language. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(\\./)?xlstm [a-z].*|(\\.ci|bench|reliability|cli/src)/\\w.*"
              + "|(mvn|java|python|curl|git) .*|XLSTM_\\w+=.*");

  static final Path REPOSITORY = Outcome.pretrained("../..").normalize();

  /** The pages that have commands: the README, how to contribute, and all in {@code docs}. */
  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    pages.add(REPOSITORY.resolve("README.md"));
    pages.add(REPOSITORY.resolve("CONTRIBUTING.md"));
    try (Stream<Path> files = Files.walk(REPOSITORY.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  /** All commands of all pages, in their order. */
  static List<DocumentedCommand> all() throws IOException {
    List<DocumentedCommand> commands = new ArrayList<>();
    for (Path page : pages()) {
      addAll(REPOSITORY.relativize(page).toString(), Files.readAllLines(page), commands);
    }
    return commands;
  }

  private static void addAll(String page, List<String> lines, List<DocumentedCommand> commands) {
    String language = null;
    boolean withAnswers = false;
    List<String> prints = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (fence.matches()) {
        language = language == null ? fence.group(1) : null;
        withAnswers = false;
        prints = new ArrayList<>();
        continue;
      }
      String line = lines.get(i).strip();
      if (language == null || line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      boolean typed = line.startsWith("$ ");
      withAnswers |= typed;
      if (typed
          || language.equals("sh")
          || (language.isEmpty() && !withAnswers && COMMAND.matcher(line).matches())) {
        StringBuilder command = new StringBuilder(typed ? line.substring(2) : line);
        while (command.charAt(command.length() - 1) == '\\') {
          command.setLength(command.length() - 1);
          command.append(lines.get(++i).strip());
        }
        prints = new ArrayList<>();
        commands.add(new DocumentedCommand(page, ShellLine.of(command.toString()), prints));
      } else if (language.isEmpty()) {
        prints.add(lines.get(i));
      }
    }
  }

  @Override
  public String toString() {
    return page + ": " + line.text();
  }
}
