package org.xlstm4j.cli.serve;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.xlstm4j.cli.serve.http.Access;
import org.xlstm4j.cli.serve.http.HttpLimits;
import org.xlstm4j.cli.serve.language.TextLimits;
import org.xlstm4j.engine.threads.Team;

/**
 * How a server runs.
 *
 * @param address where it listens; port 0 for any that is free
 * @param access who may ask
 * @param http limits of requests
 * @param texts limits of texts
 * @param team the threads that one request computes with
 * @param grace how long requests in flight may take to end when the server is to end
 */
public record ServeSettings(
    InetSocketAddress address,
    Access access,
    HttpLimits http,
    TextLimits texts,
    Team team,
    Duration grace) {}
