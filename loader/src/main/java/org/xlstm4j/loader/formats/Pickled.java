package org.xlstm4j.loader.formats;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.config.Value;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * What the restricted unpickler can build: tensors and plain containers. Lists and dictionaries may
 * contain themselves, as in Python, so they are never compared or printed as a whole.
 */
sealed interface Pickled {

  /** How an error message names this. */
  String describe();

  /** A number, text, truth value or None. */
  record Plain(Value value) implements Pickled {
    static final Plain NONE = new Plain(Value.Null.NULL);
    static final Plain TRUE = new Plain(new Value.Bool(true));
    static final Plain FALSE = new Plain(new Value.Bool(false));

    @Override
    public String describe() {
      return value.describe();
    }
  }

  /** A list, still growing while it is read. */
  record Items(List<Pickled> values) implements Pickled {
    @Override
    public String describe() {
      return "a list of " + values.size();
    }
  }

  /** A tuple. */
  record Tuple(List<Pickled> values) implements Pickled {
    @Override
    public String describe() {
      return "a tuple of " + values.size();
    }
  }

  /** A dictionary, still growing while it is read; numbers as keys are kept as text. */
  record Dictionary(Map<String, Pickled> values) implements Pickled {
    @Override
    public String describe() {
      return "a dictionary of " + values.size();
    }
  }

  /** The memory of one or several tensors. */
  record Storage(String entry, TensorType type, MemorySegment bytes) implements Pickled {
    @Override
    public String describe() {
      return "a storage";
    }
  }

  /** A tensor that has no name yet. */
  record Array(Tensor tensor) implements Pickled {
    @Override
    public String describe() {
      return "a tensor";
    }
  }

  /** The names of Python's that a checkpoint may use. None of them is ever looked up or run. */
  enum Global implements Pickled {
    ORDERED_DICT("collections", "OrderedDict", null),
    REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2", null),
    REBUILD_PARAMETER("torch._utils", "_rebuild_parameter", null),
    SIZE("torch", "Size", null),
    FLOAT("torch", "FloatStorage", TensorType.F32),
    DOUBLE("torch", "DoubleStorage", TensorType.F64),
    HALF("torch", "HalfStorage", TensorType.F16),
    BFLOAT16("torch", "BFloat16Storage", TensorType.BF16),
    LONG("torch", "LongStorage", TensorType.I64),
    INT("torch", "IntStorage", TensorType.I32),
    SHORT("torch", "ShortStorage", TensorType.I16),
    CHAR("torch", "CharStorage", TensorType.I8),
    BYTE("torch", "ByteStorage", TensorType.U8),
    BOOL("torch", "BoolStorage", TensorType.BOOL);

    private final String module;
    private final String qualifiedName;
    private final @Nullable TensorType storage;

    Global(String module, String qualifiedName, @Nullable TensorType storage) {
      this.module = module;
      this.qualifiedName = qualifiedName;
      this.storage = storage;
    }

    /** The global of this name, or null. */
    static @Nullable Global of(String module, String name) {
      for (Global global : values()) {
        if (global.module.equals(module) && global.qualifiedName.equals(name)) {
          return global;
        }
      }
      return null;
    }

    /** The type of the elements if this is a storage, else null. */
    @Nullable TensorType storage() {
      return storage;
    }

    @Override
    public String describe() {
      return module + "." + qualifiedName;
    }
  }
}
