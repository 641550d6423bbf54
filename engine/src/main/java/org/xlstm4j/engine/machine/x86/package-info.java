/** The kernels for x86-64, and the queries that tell what a processor has. */
@org.jspecify.annotations.NullMarked
package org.xlstm4j.engine.machine.x86;
