package org.xlstm4j.cli.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the hub can be asked about a model. */
final class HubApi {
  private static final int MOST_BYTES = 32 << 20;
  private static final int MOST_PAGES = 100;
  private static final int MOST_FILES = 50_000;
  private static final Pattern NEXT = Pattern.compile("<([^<>]*)>\\s*;\\s*rel=\"next\"");

  private final HubClient client;
  private final HubName name;
  private final Patience patience;

  /**
   * Questions about a model.
   *
   * @param client asks them
   * @param name of the model
   * @param patience for questions that get no answer
   */
  HubApi(HubClient client, HubName name, Patience patience) {
    this.client = client;
    this.name = name;
    this.patience = patience;
  }

  /** The commit that the name's revision is now. */
  String commit() throws IOException {
    return HubJson.commit(ask(uri("/api/models/%s/revision/", name.revision())).body());
  }

  /** All files of a commit. */
  List<HubFile> files(String commit) throws IOException {
    Map<String, HubFile> files = new LinkedHashMap<>();
    URI page = URI.create(uri("/api/models/%s/tree/", commit) + "?recursive=true");
    for (int pages = 0; page != null; pages++) {
      if (pages == MOST_PAGES) {
        throw new IOException(name + ": a list of files of more than " + MOST_PAGES + " pages");
      }
      Reply reply = ask(page);
      for (HubFile file : HubJson.files(reply.body())) {
        if (files.putIfAbsent(file.path(), file) != null) {
          throw new IOException(name + ": " + file.path() + " is twice in the list of files");
        }
      }
      if (files.size() > MOST_FILES) {
        throw new IOException(name + ": more than " + MOST_FILES + " files");
      }
      page = reply.next();
    }
    return List.copyOf(files.values());
  }

  /** Where a file's content is. */
  URI content(HubFile file, String commit) {
    String path =
        Arrays.stream(file.path().split("/", -1))
            .map(HubApi::encoded)
            .collect(Collectors.joining("/"));
    return URI.create(uri("/%s/resolve/", commit) + "/" + path);
  }

  private URI uri(String form, String last) {
    return URI.create(client.endpoint() + form.replace("%s", name.repository()) + encoded(last));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /**
   * An answer that was read.
   *
   * @param next the address of what follows it, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // read once
  private record Reply(byte[] body, @Nullable URI next) {}

  private Reply ask(URI uri) throws IOException {
    patience.renew();
    while (true) {
      try (HubAnswer answer = client.get(uri, 0)) {
        byte[] body = answer.all(MOST_BYTES);
        return new Reply(body, next(uri, answer.header("Link")));
      } catch (PassingException e) {
        patience.after(e);
      }
    }
  }

  private static @Nullable URI next(URI page, @Nullable String link) throws IOException {
    Matcher matcher = NEXT.matcher(link == null ? "" : link);
    if (!matcher.find()) {
      return null;
    }
    try {
      return HubClient.web(page, page.resolve(matcher.group(1)));
    } catch (IllegalArgumentException e) {
      throw new IOException("the list of files goes on at '" + matcher.group(1) + "'", e);
    }
  }
}
