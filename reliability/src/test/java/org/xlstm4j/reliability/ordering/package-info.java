/**
 * What threads see of one another, for jcstress: {@code reliability/ordering} runs these classes.
 */
@NullMarked
package org.xlstm4j.reliability.ordering;

import org.jspecify.annotations.NullMarked;
