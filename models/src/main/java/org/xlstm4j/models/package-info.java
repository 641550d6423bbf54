/** What the models of all families have in common. */
@NullMarked
package org.xlstm4j.models;

import org.jspecify.annotations.NullMarked;
