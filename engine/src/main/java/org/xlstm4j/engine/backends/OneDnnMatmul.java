package org.xlstm4j.engine.backends;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One size of oneDNN's matmul primitive with bf16 operands and f32 sums: {@code result = source
 * weights^T}. Belongs to one thread.
 *
 * <p>Version 3 makes descriptors itself, version 2 fills those of its caller; all else is the same.
 */
final class OneDnnMatmul implements AutoCloseable {
  private static final int BF16 = 2;
  private static final int F32 = 3;
  private static final int SOURCE = 1;
  private static final int RESULT = 17;
  private static final int WEIGHTS = 33;

  /** An int, padding, an address. */
  private static final long ARGUMENT_BYTES = 16;

  private static final int MAX_DIMENSIONS = 12;

  /** Larger than any descriptor of version 2. */
  private static final long DESCRIPTOR_BYTES = 1 << 13;

  private final Functions functions;
  private final Arena arena = Arena.ofShared();
  private final List<Runnable> undo = new ArrayList<>();
  private final MemorySegment stream;
  private final MemorySegment primitive;
  private final MemorySegment weights;
  private final MemorySegment arguments;

  /** The activations, {@code [tokens][columns]}, to be filled before {@link #run}. */
  final MemorySegment source;

  /** What comes out, {@code [tokens][rows]}. */
  final MemorySegment result;

  /** The library's functions. */
  static final class Functions {
    private final NativeSymbols symbols;
    final MethodHandle execute;
    final MethodHandle await;
    final MethodHandle setData;
    final MemorySegment engine;

    Functions(NativeSymbols symbols) {
      this.symbols = symbols;
      // The function takes one argument less and ignores the last, as any in C does. A segment that
      // is an argument cannot be unmapped before the call returns.
      execute = status("dnnl_primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
      await = status("dnnl_stream_wait", ADDRESS);
      setData = status("dnnl_memory_set_data_handle", ADDRESS, ADDRESS);
      try (Arena local = Arena.ofConfined()) {
        MemorySegment made = local.allocate(ADDRESS);
        call(status("dnnl_engine_create", ADDRESS, JAVA_INT, JAVA_LONG), made, 1, 0L);
        engine = made.get(ADDRESS, 0);
      }
    }

    MethodHandle status(String name, ValueLayout... parameters) {
      return symbols.function(name, FunctionDescriptor.of(JAVA_INT, parameters));
    }

    Optional<MethodHandle> optional(String name, ValueLayout... parameters) {
      return symbols.find(name, FunctionDescriptor.of(JAVA_INT, parameters));
    }

    /** Calls a function that is not worth an exact call. */
    static void call(MethodHandle function, Object... arguments) {
      int status;
      try {
        status = (int) function.invokeWithArguments(arguments);
      } catch (Throwable e) {
        throw Downcall.failed(e);
      }
      check(status);
    }

    static void check(int status) {
      if (status != 0) {
        throw new IllegalStateException("oneDNN failed with status " + status);
      }
    }
  }

  /** Whether the library has such products for this processor. */
  static boolean isSupported(Functions functions) {
    try {
      new OneDnnMatmul(functions, 16, 16, 16).close();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  OneDnnMatmul(Functions functions, int tokens, int rows, int columns) {
    this.functions = functions;
    boolean whole = false;
    try {
      source = arena.allocate((long) Short.BYTES * tokens * columns, 64);
      result = arena.allocate((long) Float.BYTES * tokens * rows, 64);
      MemorySegment sourceShape = shape(BF16, tokens, columns, columns, 1);
      MemorySegment weightShape = shape(BF16, columns, rows, 1, columns);
      MemorySegment resultShape = shape(F32, tokens, rows, rows, 1);
      MemorySegment descriptor = descriptor(sourceShape, weightShape, resultShape);
      primitive = made("dnnl_primitive_create", "dnnl_primitive_destroy", descriptor);
      weights = memory(weightShape, MemorySegment.NULL);
      MemorySegment sourceMemory = memory(sourceShape, source);
      MemorySegment resultMemory = memory(resultShape, result);
      MemorySegment at = arena.allocate(ADDRESS);
      Functions.call(
          functions.status("dnnl_stream_create", ADDRESS, ADDRESS, JAVA_INT),
          at,
          functions.engine,
          1);
      stream = at.get(ADDRESS, 0);
      undoWith("dnnl_stream_destroy", stream);
      arguments = arena.allocate(3 * ARGUMENT_BYTES, 8);
      argument(0, SOURCE, sourceMemory);
      argument(1, WEIGHTS, weights);
      argument(2, RESULT, resultMemory);
      whole = true;
    } finally {
      if (!whole) {
        close();
      }
    }
  }

  private void argument(int index, int kind, MemorySegment memory) {
    arguments.set(JAVA_INT, index * ARGUMENT_BYTES, kind);
    arguments.set(ADDRESS, index * ARGUMENT_BYTES + 8, memory);
  }

  private MemorySegment shape(int type, long height, long width, long down, long right) {
    MemorySegment sizes = arena.allocate(JAVA_LONG, MAX_DIMENSIONS);
    MemorySegment strides = arena.allocate(JAVA_LONG, MAX_DIMENSIONS);
    sizes.setAtIndex(JAVA_LONG, 0, height);
    sizes.setAtIndex(JAVA_LONG, 1, width);
    strides.setAtIndex(JAVA_LONG, 0, down);
    strides.setAtIndex(JAVA_LONG, 1, right);
    Optional<MethodHandle> version3 =
        functions.optional(
            "dnnl_memory_desc_create_with_strides", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    if (version3.isPresent()) {
      MemorySegment at = arena.allocate(ADDRESS);
      Functions.call(version3.get(), at, 2, sizes, type, strides);
      undoWith("dnnl_memory_desc_destroy", at.get(ADDRESS, 0));
      return at.get(ADDRESS, 0);
    }
    MemorySegment shape = arena.allocate(DESCRIPTOR_BYTES, 64);
    Functions.call(
        functions.status(
            "dnnl_memory_desc_init_by_strides", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS),
        shape,
        2,
        sizes,
        type,
        strides);
    return shape;
  }

  private MemorySegment descriptor(
      MemorySegment sourceShape, MemorySegment weightShape, MemorySegment resultShape) {
    MemorySegment none = MemorySegment.NULL;
    MemorySegment at = arena.allocate(ADDRESS);
    Optional<MethodHandle> version3 =
        functions.optional(
            "dnnl_matmul_primitive_desc_create",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS);
    if (version3.isPresent()) {
      Functions.call(
          version3.get(), at, functions.engine, sourceShape, weightShape, none, resultShape, none);
    } else {
      MemorySegment operation = arena.allocate(DESCRIPTOR_BYTES, 64);
      Functions.call(
          functions.status("dnnl_matmul_desc_init", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
          operation,
          sourceShape,
          weightShape,
          none,
          resultShape);
      Functions.call(
          functions.status(
              "dnnl_primitive_desc_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
          at,
          operation,
          none,
          functions.engine,
          none);
    }
    undoWith("dnnl_primitive_desc_destroy", at.get(ADDRESS, 0));
    return at.get(ADDRESS, 0);
  }

  private MemorySegment memory(MemorySegment shape, MemorySegment data) {
    MemorySegment at = arena.allocate(ADDRESS);
    Functions.call(
        functions.status("dnnl_memory_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS),
        at,
        shape,
        functions.engine,
        data);
    undoWith("dnnl_memory_destroy", at.get(ADDRESS, 0));
    return at.get(ADDRESS, 0);
  }

  private MemorySegment made(String maker, String destroyer, MemorySegment from) {
    MemorySegment at = arena.allocate(ADDRESS);
    Functions.call(functions.status(maker, ADDRESS, ADDRESS), at, from);
    undoWith(destroyer, at.get(ADDRESS, 0));
    return at.get(ADDRESS, 0);
  }

  private void undoWith(String destroyer, MemorySegment object) {
    MethodHandle function = functions.status(destroyer, ADDRESS);
    undo.addFirst(() -> Functions.call(function, object));
  }

  /**
   * Multiplies.
   *
   * @param w bf16 weights, {@code [rows][columns]}, off-heap
   */
  void run(MemorySegment w) {
    try {
      Functions.check((int) functions.setData.invokeExact(weights, w));
      Functions.check((int) functions.execute.invokeExact(primitive, stream, 3, arguments, w));
      Functions.check((int) functions.await.invokeExact(stream));
    } catch (Throwable e) {
      throw Downcall.failed(e);
    }
  }

  @Override
  public void close() {
    undo.forEach(Runnable::run);
    arena.close();
  }
}
