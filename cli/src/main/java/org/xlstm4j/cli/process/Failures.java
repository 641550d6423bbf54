package org.xlstm4j.cli.process;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says in one line what went wrong. */
public final class Failures {
  /** Longest line: what somebody else's file says must not fill the terminal. */
  private static final int LONGEST = 2000;

  /**
   * What a terminal would obey, what changes the order of a text or is invisible, and halves of
   * characters, which have no bytes; but not the joiners that some scripts and pictures need.
   */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Cf}&&[^\\u200c\\u200d]]");

  private Failures() {}

  /** One line that names the file, the tensor or the option. */
  public static String line(Throwable failure) {
    return oneLine(text(failure));
  }

  /** A text on one line of bounded length, without characters that are not there to see. */
  public static String oneLine(String text) {
    String whole = text.strip();
    String start = whole.length() > LONGEST ? whole.substring(0, LONGEST) + "..." : whole;
    return printable(
        start
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("; ")));
  }

  /** A text whose characters are all there to see. */
  public static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }

  private static String missing(String file) {
    return Files.isSymbolicLink(Path.of(file))
        ? ": a link to what is not there"
        : ": no such file or folder";
  }

  private static String text(Throwable failure) {
    return switch (failure) {
      case UncheckedIOException e when e.getCause() != null -> text(e.getCause());
      case NoSuchFileException e -> e.getFile() + missing(e.getFile());
      case NotDirectoryException e -> e.getFile() + ": not a folder";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case FileSystemException e when e.getReason() == null -> e.getMessage() + ": cannot be used";
      case FileNotFoundException e -> String.valueOf(e.getMessage());
      case IOException e when e.getMessage() != null -> e.getMessage();
      // what the JVM makes of a page fault behind the new end of a mapped file
      case InternalError e -> "a file of the model was truncated while it was read";
      case OutOfMemoryError e -> "not enough memory: " + e.getMessage();
      default -> failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
    };
  }
}
