package org.xlstm4j.cli.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that clients must have one of. Comparing takes the same time for all keys of a length,
 * and says nothing about how much of a key is right.
 */
public final class ApiKeys {
  private static final String SCHEME = "Bearer ";

  private final List<byte[]> digests;

  /**
   * Keys.
   *
   * @param keys none if clients need none
   */
  public ApiKeys(List<String> keys) {
    digests = keys.stream().map(ApiKeys::digest).toList();
  }

  /** Whether a client with this header {@code Authorization} may ask. */
  boolean allow(@Nullable String authorization) {
    if (digests.isEmpty()) {
      return true;
    } else if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] given = digest(authorization.substring(SCHEME.length()).strip());
    boolean found = false;
    for (byte[] digest : digests) {
      found |= MessageDigest.isEqual(digest, given);
    }
    return found;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
