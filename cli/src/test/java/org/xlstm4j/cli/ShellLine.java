package org.xlstm4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a shell, as far as pages in {@code docs} use it: words with quotes, a comment behind
 * them, input from a file and output into one.
 *
 * @param words the command and its arguments, without quotes
 * @param input the name behind {@code <}, or nothing
 * @param output the name behind {@code >}, or nothing
 * @param status the exit status that the comment names, else 0
 * @param text the line without its comment and without {@code ./} in front
 */
record ShellLine(List<String> words, String input, String output, int status, String text) {
  private static final Pattern STATUS = Pattern.compile("exit status (\\d)");

  static ShellLine of(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    int end = line.length();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (c == '#' && !inWord) {
        end = i;
        break;
      } else if (c != ' ') {
        word.append(c);
        inWord = true;
      } else if (inWord) {
        words.add(word.toString());
        word.setLength(0);
        inWord = false;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    String text = line.substring(0, end).strip();
    if (text.startsWith("./")) {
      text = text.substring(2);
      words.set(0, words.getFirst().substring(2));
    }
    String output = redirection(words, ">");
    String input = redirection(words, "<");
    Matcher status = STATUS.matcher(line.substring(end));
    int expected = status.find() ? Integer.parseInt(status.group(1)) : 0;
    return new ShellLine(List.copyOf(words), input, output, expected, text);
  }

  /** Takes an arrow and the name behind it out of the words. */
  private static String redirection(List<String> words, String arrow) {
    int place = words.indexOf(arrow);
    if (place < 0) {
      return "";
    }
    words.remove(place);
    return words.remove(place);
  }

  /** Whether it is the command of this project, and nothing else. */
  boolean isXlstm() {
    return words.getFirst().equals("xlstm");
  }
}
