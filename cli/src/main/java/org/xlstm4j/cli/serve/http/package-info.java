/**
 * Requests and answers: who may ask and how much, which endpoint answers, what errors look like.
 * Nothing here knows a model.
 */
@NullMarked
package org.xlstm4j.cli.serve.http;

import org.jspecify.annotations.NullMarked;
