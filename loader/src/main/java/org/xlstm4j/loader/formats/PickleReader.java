package org.xlstm4j.loader.formats;

import static org.xlstm4j.loader.bytes.LittleEndian.INT;
import static org.xlstm4j.loader.bytes.LittleEndian.LONG;
import static org.xlstm4j.loader.bytes.LittleEndian.SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.config.Value;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;

/**
 * A pickle machine that can build tensors, numbers, texts, lists, tuples and dictionaries, and
 * nothing else: any other opcode, global name or call is refused by name, so nothing in the file
 * can run.
 *
 * <p>It is a loop over opcodes without recursion. A {@link PickleBudget} bounds the memory of the
 * objects, and the pickle's length is bounded too.
 */
final class PickleReader {
  /** Longest pickle; the names and shapes of a hundred thousand tensors fit. */
  static final long MAX_BYTES = 16_000_000;

  /** Most objects on the stack; Python's own pickler flushes containers every thousand items. */
  private static final int MAX_STACK = 1 << 18;

  private static final int MAX_PROTOCOL = 5;

  private static final Pickled.Tuple EMPTY_TUPLE = new Pickled.Tuple(List.of());

  /** The numbers that one byte can say. */
  private static final Pickled[] SMALL = new Pickled[256];

  static {
    for (int i = 0; i < SMALL.length; i++) {
      SMALL[i] = new Pickled.Plain(new Value.Whole(i));
    }
  }

  private static final ValueLayout.OfDouble BIG_ENDIAN_DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Path file;
  private final String entry;
  private final MemorySegment bytes;
  private final TorchTensors tensors;
  private final PickleBudget budget;

  private final List<Pickled> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final List<@Nullable Pickled> memo = new ArrayList<>();
  private long position;

  private PickleReader(
      Path file, String entry, MemorySegment bytes, TorchTensors tensors, PickleBudget budget) {
    this.file = file;
    this.entry = entry;
    this.bytes = bytes;
    this.tensors = tensors;
    this.budget = budget;
  }

  /**
   * Reads a pickle.
   *
   * @param file the file that errors name
   * @param entry the archive's entry that errors name
   * @param bytes the pickle
   * @param tensors builds storages and tensors
   * @param budget bounds the memory of the objects
   * @return the object the pickle describes
   */
  static Pickled read(
      Path file, String entry, MemorySegment bytes, TorchTensors tensors, PickleBudget budget)
      throws ModelFormatException {
    if (bytes.byteSize() > MAX_BYTES) {
      throw ModelFormatException.of(
          file, entry, "at most " + MAX_BYTES + " bytes", bytes.byteSize() + " bytes");
    }
    return new PickleReader(file, entry, bytes, tensors, budget).run();
  }

  private Pickled run() throws ModelFormatException {
    while (true) {
      int code = u8();
      PickleOpcode opcode = PickleOpcode.of(code);
      if (opcode == null) {
        throw refused("a pickle opcode", "byte " + code);
      }
      if (opcode == PickleOpcode.STOP) {
        break;
      }
      execute(opcode);
      if (stack.size() + marks.size() > MAX_STACK) {
        throw refused("at most " + MAX_STACK + " objects on the stack", "more");
      }
    }
    Pickled root = pop();
    if (!stack.isEmpty() || !marks.isEmpty() || position != bytes.byteSize()) {
      throw refused("one object, then the end", "more");
    }
    return root;
  }

  private void execute(PickleOpcode opcode) throws ModelFormatException {
    switch (opcode) {
      case PROTO -> readProtocol();
      case FRAME -> slice(Long.BYTES);
      case MARK -> marks.add(stack.size());
      case NONE -> push(Pickled.Plain.NONE);
      case NEWTRUE -> push(Pickled.Plain.TRUE);
      case NEWFALSE -> push(Pickled.Plain.FALSE);
      case BININT -> pushNumber(new Value.Whole(slice(4).get(INT, 0)));
      case BININT1 -> push(SMALL[u8()]);
      case BININT2 -> pushNumber(new Value.Whole(u16()));
      case LONG1 -> pushNumber(bigInteger(slice(u8())));
      case BINFLOAT -> pushNumber(new Value.Real(slice(8).get(BIG_ENDIAN_DOUBLE, 0)));
      case SHORT_BINUNICODE -> pushText(slice(u8()));
      case BINUNICODE -> pushText(slice(u32()));
      case BINUNICODE8 -> pushText(slice(slice(8).get(LONG, 0)));
      case EMPTY_LIST -> pushList();
      case APPEND -> append(List.of(pop()));
      case APPENDS -> append(popToMark());
      case EMPTY_TUPLE -> push(EMPTY_TUPLE);
      case TUPLE1 -> pushTuple(popLast(1));
      case TUPLE2 -> pushTuple(popLast(2));
      case TUPLE3 -> pushTuple(popLast(3));
      case TUPLE -> pushTuple(popToMark());
      case EMPTY_DICT -> push(dictionary());
      case SETITEM -> setItems(popLast(2));
      case SETITEMS -> setItems(popToMark());
      case BINPUT -> memoize(u8());
      case LONG_BINPUT -> memoize(u32());
      case MEMOIZE -> memoize(memo.size());
      case BINGET -> recall(u8());
      case LONG_BINGET -> recall(u32());
      case GLOBAL -> global(line(), line());
      case STACK_GLOBAL -> {
        String name = text(pop());
        global(text(pop()), name);
      }
      case BINPERSID -> push(storage(arguments(pop(), "a storage")));
      case REDUCE -> {
        Pickled arguments = pop();
        push(call(pop(), arguments));
      }
      case BUILD -> build(pop());
      default -> throw refused("tensors and plain containers", "the opcode " + opcode);
    }
  }

  private void readProtocol() throws ModelFormatException {
    int protocol = u8();
    if (protocol > MAX_PROTOCOL) {
      throw refused("a protocol up to " + MAX_PROTOCOL, "protocol " + protocol);
    }
  }

  /** Two's complement, little-endian; beyond the range of a long it becomes a float. */
  private static Value bigInteger(MemorySegment littleEndian) {
    int length = (int) littleEndian.byteSize();
    byte[] bigEndian = new byte[Math.max(1, length)];
    for (int i = 0; i < length; i++) {
      bigEndian[length - 1 - i] = littleEndian.get(ValueLayout.JAVA_BYTE, i);
    }
    BigInteger whole = new BigInteger(bigEndian);
    return whole.bitLength() < Long.SIZE
        ? new Value.Whole(whole.longValue())
        : new Value.Real(whole.doubleValue());
  }

  private void append(List<Pickled> values) throws ModelFormatException {
    if (top() instanceof Pickled.Items list) {
      take((long) PickleBudget.REFERENCE * values.size());
      list.values().addAll(values);
    } else {
      throw refused("a list to append to", top().describe());
    }
  }

  private void setItems(List<Pickled> keysAndValues) throws ModelFormatException {
    if (!(top() instanceof Pickled.Dictionary dictionary)) {
      throw refused("a dictionary to set items of", top().describe());
    }
    if (keysAndValues.size() % 2 != 0) {
      throw refused("pairs of key and value", "an odd number of objects");
    }
    take((long) PickleBudget.ENTRY * (keysAndValues.size() / 2));
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      String key = key(keysAndValues.get(i));
      if (dictionary.values().put(key, keysAndValues.get(i + 1)) != null) {
        throw refused("each key once", "another \"" + key + '"');
      }
    }
  }

  private String key(Pickled key) throws ModelFormatException {
    if (key instanceof Pickled.Plain(Value value)) {
      return value instanceof Value.Text(String text) ? text : value.describe();
    }
    throw refused("a text or number as key", key.describe());
  }

  private void memoize(long index) throws ModelFormatException {
    // A pickler numbers the objects it writes, so no index exceeds the bytes read so far.
    if (index > position) {
      throw refused("a memo index below " + position, String.valueOf(index));
    }
    take(PickleBudget.REFERENCE * Math.max(0, index + 1 - memo.size()));
    while (memo.size() <= index) {
      memo.add(null);
    }
    memo.set((int) index, top());
  }

  private void recall(long index) throws ModelFormatException {
    Pickled object = index < memo.size() ? memo.get((int) index) : null;
    if (object == null) {
      throw refused("a memo index that was set", String.valueOf(index));
    }
    push(object);
  }

  private void global(String module, String name) throws ModelFormatException {
    Pickled.Global global = Pickled.Global.of(module, name);
    if (global == null) {
      throw refused("only the names of PyTorch's tensors", module + "." + name);
    }
    push(global);
  }

  private Pickled call(Pickled callable, Pickled argumentTuple) throws ModelFormatException {
    List<Pickled> arguments = arguments(argumentTuple, callable.describe());
    if (callable == Pickled.Global.ORDERED_DICT && arguments.isEmpty()) {
      return dictionary();
    }
    if (callable == Pickled.Global.REBUILD_TENSOR) {
      return tensor(arguments);
    }
    if (callable == Pickled.Global.REBUILD_PARAMETER
        && arguments.size() == 3
        && arguments.getFirst() instanceof Pickled.Array parameter) {
      return parameter;
    }
    if (callable == Pickled.Global.SIZE
        && arguments.size() == 1
        && arguments.getFirst() instanceof Pickled.Tuple lengths) {
      return lengths;
    }
    throw refused(
        "only calls that rebuild tensors and ordered dictionaries",
        "a call of " + callable.describe() + " with " + arguments.size() + " arguments");
  }

  /** A module's ordered dictionary carries its version numbers as attributes: dropped. */
  private void build(Pickled attributes) throws ModelFormatException {
    if (!(top() instanceof Pickled.Dictionary) || !(attributes instanceof Pickled.Dictionary)) {
      throw refused(
          "attributes of an ordered dictionary only",
          attributes.describe() + " for " + top().describe());
    }
  }

  private List<Pickled> arguments(Pickled tuple, String of) throws ModelFormatException {
    if (tuple instanceof Pickled.Tuple(List<Pickled> values)) {
      return values;
    }
    throw refused("a tuple with the arguments of " + of, tuple.describe());
  }

  private String text(Pickled object) throws ModelFormatException {
    if (object instanceof Pickled.Plain(Value.Text(String text))) {
      return text;
    }
    throw refused("a text", object.describe());
  }

  private Pickled storage(List<Pickled> identity) throws ModelFormatException {
    Pickled.Storage storage = tensors.storage(identity, this::place);
    take(PickleBudget.STORAGE + 2L * storage.entry().length());
    return storage;
  }

  private Pickled tensor(List<Pickled> arguments) throws ModelFormatException {
    Tensor tensor = tensors.rebuild(arguments, this::place);
    take(PickleBudget.TENSOR + (long) Long.BYTES * tensor.shape().length);
    return new Pickled.Array(tensor);
  }

  private Pickled dictionary() throws ModelFormatException {
    take(PickleBudget.DICTIONARY);
    return new Pickled.Dictionary(new LinkedHashMap<>(0));
  }

  private void pushList() throws ModelFormatException {
    take(PickleBudget.SEQUENCE);
    push(new Pickled.Items(new ArrayList<>(0)));
  }

  private void pushTuple(List<Pickled> values) throws ModelFormatException {
    take(PickleBudget.SEQUENCE + (long) PickleBudget.REFERENCE * values.size());
    push(new Pickled.Tuple(values));
  }

  private void pushNumber(Value value) throws ModelFormatException {
    take(PickleBudget.NUMBER);
    push(new Pickled.Plain(value));
  }

  private void pushText(MemorySegment utf8) throws ModelFormatException {
    try {
      take(PickleBudget.TEXT);
      String text = StandardCharsets.UTF_8.newDecoder().decode(utf8.asByteBuffer()).toString();
      push(new Pickled.Plain(new Value.Text(text)));
    } catch (CharacterCodingException e) {
      throw ModelFormatException.notUtf8(file, place());
    }
  }

  private void push(Pickled object) {
    stack.add(object);
  }

  private void take(long size) throws ModelFormatException {
    budget.take(size, entry);
  }

  private Pickled pop() throws ModelFormatException {
    Pickled object = top();
    stack.removeLast();
    return object;
  }

  /** The object on the stack's top, above the last mark. */
  private Pickled top() throws ModelFormatException {
    if (stack.size() <= floor()) {
      throw refused("an object on the stack", "none");
    }
    return stack.getLast();
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.getLast();
  }

  private List<Pickled> popLast(int count) throws ModelFormatException {
    if (stack.size() - count < floor()) {
      throw refused(count + " objects on the stack", String.valueOf(stack.size() - floor()));
    }
    return removeFrom(stack.size() - count);
  }

  private List<Pickled> popToMark() throws ModelFormatException {
    if (marks.isEmpty()) {
      throw refused("a mark on the stack", "none");
    }
    return removeFrom(marks.removeLast());
  }

  private List<Pickled> removeFrom(int index) {
    List<Pickled> last = stack.subList(index, stack.size());
    List<Pickled> removed = List.copyOf(last);
    last.clear();
    return removed;
  }

  private String line() throws ModelFormatException {
    long start = position;
    while (u8() != '\n') {}
    byte[] line = bytes.asSlice(start, position - 1 - start).toArray(ValueLayout.JAVA_BYTE);
    return new String(line, StandardCharsets.UTF_8);
  }

  private int u8() throws ModelFormatException {
    return Byte.toUnsignedInt(slice(1).get(ValueLayout.JAVA_BYTE, 0));
  }

  private int u16() throws ModelFormatException {
    return Short.toUnsignedInt(slice(2).get(SHORT, 0));
  }

  private long u32() throws ModelFormatException {
    return Integer.toUnsignedLong(slice(4).get(INT, 0));
  }

  /** The next bytes. */
  private MemorySegment slice(long length) throws ModelFormatException {
    if (length < 0 || length > bytes.byteSize() - position) {
      throw refused(
          Long.toUnsignedString(length) + " more bytes", bytes.byteSize() - position + " bytes");
    }
    MemorySegment slice = bytes.asSlice(position, length);
    position += length;
    return slice;
  }

  private String place() {
    return entry + " byte " + position;
  }

  private ModelFormatException refused(String expected, String found) {
    return ModelFormatException.of(file, place(), expected, found);
  }
}
