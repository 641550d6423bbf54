package org.xlstm4j.loader;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.tensors.MatrixForm;
import org.xlstm4j.loader.tensors.MatrixView;
import org.xlstm4j.loader.tensors.Tensor;

/** What models use the tensors of a checkpoint for. Thread-safe. */
final class MatrixUses {
  /** Empty for a tensor that is also used in another way. */
  private final Map<String, Optional<MatrixForm>> uses = new LinkedHashMap<>();

  private final Set<String> aliases = new HashSet<>();
  private final IdentityHashMap<Matrix, MatrixView> views = new IdentityHashMap<>();

  /** A tensor is used as matrices. */
  synchronized void asMatrices(Tensor tensor, MatrixForm form) {
    uses.merge(
        tensor.name(),
        Optional.of(form),
        (known, added) -> known.equals(added) ? known : Optional.empty());
  }

  /** Remembers whose weights a matrix shows. */
  synchronized void view(Matrix matrix, MatrixView view) {
    views.put(matrix, view);
  }

  /** Whose weights a matrix shows, or null if it is none of the checkpoint's. */
  synchronized @Nullable MatrixView viewOf(Matrix matrix) {
    return views.get(matrix);
  }

  /** A tensor is another one by a further name. */
  synchronized void alias(Tensor tensor) {
    aliases.add(tensor.name());
  }

  synchronized Set<String> aliases() {
    return Set.copyOf(aliases);
  }

  /** A tensor's elements are used one by one. */
  synchronized void asNumbers(Tensor tensor) {
    uses.put(tensor.name(), Optional.empty());
  }

  /** The tensors that are used as matrices of one form and for nothing else. */
  synchronized Map<String, MatrixForm> forms() {
    Map<String, MatrixForm> forms = new LinkedHashMap<>();
    uses.forEach((name, use) -> use.ifPresent(form -> forms.put(name, form)));
    return forms;
  }
}
