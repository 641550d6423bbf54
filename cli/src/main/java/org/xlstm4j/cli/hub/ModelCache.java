package org.xlstm4j.cli.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.files.WholeFile;

/**
 * A model's folder in the cache, laid out as the hub's tools do: contents under their digests in
 * {@code blobs}, a folder for each commit in {@code snapshots} with links to them, and the commit
 * of each revision in {@code refs}.
 */
public final class ModelCache {
  private static final int COMMIT_LENGTH = 40;

  private final Path root;
  private final Path folder;
  private final String revision;
  private final List<SnapshotLink> links;

  /**
   * The place of a model, which need not exist.
   *
   * @param root the folder of all models
   * @param name of the model
   */
  public ModelCache(Path root, HubName name) {
    this(root, name, SnapshotLink.ALL);
  }

  ModelCache(Path root, HubName name, List<SnapshotLink> links) {
    this.root = root;
    folder = root.resolve(name.folder());
    revision = name.revision();
    this.links = links;
  }

  /**
   * The folder of the model's revision with its files.
   *
   * @return the folder, or null if it is not there
   */
  public @Nullable Path find() throws IOException {
    String commit = HubJson.isCommit(revision) ? revision : ref();
    Path snapshot = commit == null ? null : snapshot(commit);
    return snapshot != null && Files.isDirectory(snapshot) ? snapshot : null;
  }

  private @Nullable String ref() throws IOException {
    Path file = folder.resolve("refs").resolve(revision);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      String commit = new String(in.readNBytes(COMMIT_LENGTH + 2), UTF_8).strip();
      if (!HubJson.isCommit(commit)) {
        throw new IOException(file + ": found '" + commit + "', expected the name of a commit");
      }
      return commit;
    }
  }

  /** Makes the folders that files are put in. */
  void create() throws IOException {
    Files.createDirectories(folder.resolve("blobs"));
    Files.createDirectories(folder.resolve("refs"));
    Files.createDirectories(folder.resolve("snapshots"));
    Files.createDirectories(locks());
  }

  /** The folder of locks of this model. */
  private Path locks() {
    return root.resolve(".locks").resolve(folder.getFileName());
  }

  /** The file whose lock says that somebody is getting this model. */
  Path lock() {
    return locks().resolve("xlstm.lock");
  }

  /** Where the content of a file lies. */
  Path blob(HubFile file) {
    return folder.resolve("blobs").resolve(file.digest());
  }

  /** Where the content of a file lies before it is whole. */
  Path incomplete(HubFile file) {
    return folder.resolve("blobs").resolve(file.digest() + ".incomplete");
  }

  /** Whether the content of a file is there. */
  boolean has(HubFile file) throws IOException {
    Path blob = blob(file);
    return Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS) && Files.size(blob) == file.size();
  }

  /** The folder of a commit. */
  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  /** Puts a file, whose content is there, into the folder of a commit. */
  void link(HubFile file, String commit) throws IOException {
    Path snapshot = snapshot(commit);
    Files.createDirectories(snapshot);
    Path name;
    try {
      name = snapshot.resolve(file.path());
    } catch (InvalidPathException e) {
      throw new IOException(file.path() + ": no name of a file on this system", e);
    }
    Path parent = Objects.requireNonNull(name.getParent());
    Files.createDirectories(parent);
    if (!parent.toRealPath().startsWith(snapshot.toRealPath())) {
      throw new FileSystemException(parent.toString(), null, "leads out of the model's folder");
    }
    if (Files.isRegularFile(name) && Files.size(name) == file.size() && current(file, name)) {
      return;
    }
    if (!Files.isDirectory(name, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(name);
    }
    SnapshotLink.place(blob(file), name, links);
  }

  /** Whether a name of a snapshot is a link to the content, or a file of its own. */
  private boolean current(HubFile file, Path name) throws IOException {
    return !Files.isSymbolicLink(name) || name.toRealPath().equals(blob(file).toRealPath());
  }

  /** Writes down which commit the revision is. */
  void remember(String commit) throws IOException {
    if (HubJson.isCommit(revision)) {
      return;
    }
    Path file = folder.resolve("refs").resolve(revision);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    try (WholeFile ref = new WholeFile(file)) {
      ref.write(ByteBuffer.wrap(commit.getBytes(UTF_8)));
      ref.finish();
    }
  }
}
