package org.xlstm4j.cli.serve.http;

import java.time.Duration;

/**
 * What a client may ask of the server.
 *
 * @param bodyBytes of a request
 * @param headerBytes of a request's line and headers together
 * @param headers how many
 * @param connections open at a time; more wait until one closes
 * @param idle how long a connection may neither send nor take a byte
 * @param sending how long a request may take to arrive as a whole
 * @param answering how long a request may take to be answered
 */
public record HttpLimits(
    int bodyBytes,
    int headerBytes,
    int headers,
    int connections,
    Duration idle,
    Duration sending,
    Duration answering) {
  /** 8 MB in 30 s, 16 KB of 100 headers, 512 connections, 30 s without a byte, 10 minutes. */
  public static HttpLimits usual() {
    return new HttpLimits(
        8 << 20,
        16 << 10,
        100,
        512,
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10));
  }
}
