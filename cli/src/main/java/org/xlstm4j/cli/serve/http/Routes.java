package org.xlstm4j.cli.serve.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which endpoint answers a method and path. Complete before the server starts. */
public final class Routes {
  private final Map<String, Map<String, Endpoint>> byPath = new LinkedHashMap<>();
  private final Set<String> open = new TreeSet<>();

  /** Adds an endpoint for GET. */
  public Routes get(String path, Endpoint endpoint) {
    return add("GET", path, endpoint);
  }

  /** Adds an endpoint for POST. */
  public Routes post(String path, Endpoint endpoint) {
    return add("POST", path, endpoint);
  }

  /** Adds an endpoint for GET that needs no key. */
  public Routes open(String path, Endpoint endpoint) {
    open.add(path);
    return get(path, endpoint);
  }

  private Routes add(String method, String path, Endpoint endpoint) {
    if (byPath.computeIfAbsent(path, _ -> new TreeMap<>()).put(method, endpoint) != null) {
      throw new IllegalArgumentException(method + " " + path + " is there twice");
    }
    return this;
  }

  /** Whether a path needs no key. */
  boolean isOpen(String path) {
    return open.contains(path);
  }

  /** Whether a path has an endpoint, for any method. */
  boolean knows(String path) {
    return byPath.containsKey(path);
  }

  /** All paths. */
  public Set<String> paths() {
    return byPath.keySet();
  }

  /** What a path takes, as the header {@code Allow} has it. */
  String methods(String path) {
    return String.join(", ", byPath.getOrDefault(path, Map.of()).keySet());
  }

  /** The endpoint for a request. */
  Endpoint find(String method, String path) throws ApiException {
    Map<String, Endpoint> methods = byPath.get(path);
    if (methods == null) {
      throw ApiException.refused(
          404, "there is no " + path + "; /openapi.json lists what there is", "not_found");
    }
    Endpoint endpoint = methods.get(method.equals("HEAD") ? "GET" : method);
    if (endpoint == null) {
      throw ApiException.refused(
          405, path + " takes " + methods(path) + ", not " + method, "method_not_allowed");
    }
    return endpoint;
  }
}
