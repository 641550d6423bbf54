/**
 * Published models: finding them in the cache of the hub's tools, and getting them there. Whatever
 * a server says is checked before it becomes a file's name or a length.
 */
@NullMarked
package org.xlstm4j.cli.hub;

import org.jspecify.annotations.NullMarked;
