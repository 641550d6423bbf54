package org.xlstm4j.cli.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Gets a published model into the cache. It can be ended at any moment and begun again: contents
 * are complete or continued, the revision is written down last.
 */
public final class Pull {
  private static final int READ_MILLISECONDS = 60_000;

  private final HubEnvironment environment;
  private final HubName name;
  private final boolean everything;
  private final Patience patience;
  private final int readMilliseconds;

  /** Is kept informed. */
  public interface Watch {
    /**
     * Bytes have arrived.
     *
     * @param done bytes so far
     * @param total bytes that had to come when this program began
     */
    void update(long done, long total);
  }

  /**
   * What is there now.
   *
   * @param commit that the revision is
   * @param folder with the files
   * @param files how many
   * @param bytes of all files
   * @param received bytes that had to come
   */
  public record Result(String commit, Path folder, int files, long bytes, long received) {}

  /**
   * A model to get.
   *
   * @param environment says from where and where to
   * @param name of the model
   * @param everything whether to get all of its files, not just those that are needed to run it
   */
  public Pull(HubEnvironment environment, HubName name, boolean everything) {
    this(environment, name, everything, Thread::sleep, READ_MILLISECONDS);
  }

  Pull(
      HubEnvironment environment,
      HubName name,
      boolean everything,
      Patience.Pause pause,
      int readMilliseconds) {
    this.environment = environment;
    this.name = name;
    this.everything = everything;
    this.patience = new Patience(pause);
    this.readMilliseconds = readMilliseconds;
  }

  /**
   * Gets what is not there yet. Waits for another program that gets the same model.
   *
   * @throws IOException saying in one line what went wrong
   */
  public Result run(Watch watch) throws IOException {
    HubClient client = new HubClient(environment, name, readMilliseconds);
    HubApi api = new HubApi(client, name, patience);
    String commit = api.commit();
    List<HubFile> files = chosen(api.files(commit));
    ModelCache cache = new ModelCache(environment.cache(), name);
    cache.create();
    try (FileChannel channel =
        FileChannel.open(cache.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock(channel);
      return run(client, api, cache, commit, files, watch);
    }
  }

  private List<HubFile> chosen(List<HubFile> all) throws IOException {
    if (everything) {
      return all;
    }
    if (FileChoice.weights(all).isEmpty()) {
      throw new IOException(
          name + ": no weights among its " + all.size() + " files (--all takes every file)");
    }
    return FileChoice.of(all);
  }

  /** Waits until nobody else has the lock, which is given back when the channel is closed. */
  private static void lock(FileChannel channel) {
    try {
      FileLock unused = channel.lock();
    } catch (IOException e) {
      // the file system has no locks; what two programs write is the same
    }
  }

  private Result run(
      HubClient client,
      HubApi api,
      ModelCache cache,
      String commit,
      List<HubFile> files,
      Watch watch)
      throws IOException {
    long bytes = 0;
    long total = 0;
    for (HubFile file : files) {
      bytes += file.size();
      total += missing(cache, file);
    }
    requireSpace(total);
    long[] done = {0};
    long expected = total;
    Download download =
        new Download(
            client,
            cache,
            patience,
            count -> {
              done[0] += count;
              watch.update(Math.clamp(done[0], 0, expected), expected);
            });
    for (HubFile file : files) {
      if (!cache.has(file)) {
        download.get(file, api.content(file, commit));
      }
    }
    for (HubFile file : files) {
      cache.link(file, commit);
    }
    cache.remember(commit);
    return new Result(commit, cache.snapshot(commit), files.size(), bytes, total);
  }

  private static long missing(ModelCache cache, HubFile file) throws IOException {
    if (cache.has(file)) {
      return 0;
    }
    Path incomplete = cache.incomplete(file);
    long there = Files.isRegularFile(incomplete) ? Files.size(incomplete) : 0;
    return there > file.size() ? file.size() : file.size() - there;
  }

  private void requireSpace(long bytes) throws IOException {
    Path folder = environment.cache();
    FileStore store = Files.getFileStore(folder);
    long free = store.getUsableSpace();
    if (bytes > free && store.getTotalSpace() > 0) {
      throw new FileSystemException(
          folder.toString(), null, "needs " + bytes + " bytes more, but " + free + " are free");
    }
  }
}
