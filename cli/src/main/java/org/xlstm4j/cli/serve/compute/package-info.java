/** A bounded number of requests that compute, and a bounded number that wait. */
@NullMarked
package org.xlstm4j.cli.serve.compute;

import org.jspecify.annotations.NullMarked;
