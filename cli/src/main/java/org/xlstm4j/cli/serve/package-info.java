/**
 * {@code xlstm serve}: models behind HTTP. {@code ModelServer} puts everything together.
 *
 * <p>To add an endpoint, write an {@code Endpoint} (package {@code http}) that reads the request's
 * {@code Fields} and answers with JSON, and add it to the {@code Routes} in {@code ServerRoutes};
 * put its path into {@code openapi.json} and a line with {@code curl} into {@code docs/server.md}.
 * Limits, keys, errors and draining are then those of all. A model is found by name with {@code
 * ServedModels.find}. A WebSocket goes between {@code AccessHandler} and {@code RouteHandler} in
 * {@code ModelServer}, so that access is checked before the upgrade.
 */
@NullMarked
package org.xlstm4j.cli.serve;

import org.jspecify.annotations.NullMarked;
