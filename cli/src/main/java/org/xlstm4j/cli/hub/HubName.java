package org.xlstm4j.cli.hub;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a published model.
 *
 * @param owner an organization or a person
 * @param model the model's name among those of its owner
 * @param revision a branch, a tag or a commit
 */
public record HubName(String owner, String model, String revision) {
  private static final String MAIN = "main";
  private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?";
  private static final Pattern FORM =
      Pattern.compile("(" + WORD + ")/(" + WORD + ")(?:@([A-Za-z0-9._/+-]{1,200}))?");

  /**
   * Reads {@code OWNER/MODEL[@REVISION]}.
   *
   * @return the name, or null if the text has not that form
   */
  public static @Nullable HubName parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String owner = matcher.group(1);
    String model = matcher.group(2);
    String revision = matcher.group(3) == null ? MAIN : matcher.group(3);
    boolean misleading =
        text.contains("..") || owner.contains("--") || model.contains("--") || escapes(revision);
    return misleading ? null : new HubName(owner, model, revision);
  }

  private static boolean escapes(String revision) {
    for (String part : revision.split("/", -1)) {
      if (part.isEmpty() || part.startsWith(".") || part.endsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** The name without the revision. */
  public String repository() {
    return owner + "/" + model;
  }

  /** The name of the model's folder in the cache. */
  String folder() {
    return "models--" + owner + "--" + model;
  }

  @Override
  public String toString() {
    return revision.equals(MAIN) ? repository() : repository() + "@" + revision;
  }
}
