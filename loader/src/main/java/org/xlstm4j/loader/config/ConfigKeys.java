package org.xlstm4j.loader.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * The keys that a family of models knows in its configuration, so that no key that changes what a
 * model computes is ignored. Immutable and thread-safe.
 *
 * <p>A key is a path of names with dots between, of which one may be {@code *} for any name; a key
 * that names an object stands for all that is in it. Fields whose names begin with an underscore
 * are notes, as Hugging Face's library and others write them.
 */
public final class ConfigKeys {
  /** What Hugging Face's library keeps in any configuration; nothing of it changes logits. */
  private static final Set<String> BOOKKEEPING =
      Set.of(
          "architectures",
          "attention_dropout",
          "auto_map",
          "bos_token_id",
          "chunk_size_feed_forward",
          "do_sample",
          "dropout",
          "dtype",
          "eos_token_id",
          "finetuning_task",
          "hidden_dropout",
          "id2label",
          "initializer_range",
          "is_decoder",
          "is_encoder_decoder",
          "label2id",
          "max_length",
          "max_position_embeddings",
          "min_length",
          "model_type",
          "num_labels",
          "output_attentions",
          "output_hidden_states",
          "pad_token_id",
          "prefix",
          "problem_type",
          "pruned_heads",
          "quantization_config",
          "repetition_penalty",
          "return_dict",
          "sep_token_id",
          "task_specific_params",
          "temperature",
          "tokenizer_class",
          "top_k",
          "top_p",
          "torch_dtype",
          "torchscript",
          "transformers_version",
          "unk_token_id",
          "use_cache");

  /** Stands in a path for any name. */
  private static final String ANY = "*";

  /** Texts that switch an option off. */
  private static final Set<String> OFF_TEXTS = Set.of("", "none", "null", "no", "off", "false");

  private final Set<String> known;

  /** The only values that a key may have besides those that switch it off. */
  private final Map<String, Set<String>> limited;

  private ConfigKeys(Set<String> known, Map<String, Set<String>> limited) {
    this.known = known;
    this.limited = limited;
  }

  /**
   * The keys whose values a family uses, and those that Hugging Face's library writes for any
   * model.
   *
   * @param keys paths
   * @return the keys
   */
  public static ConfigKeys used(String... keys) {
    return new ConfigKeys(BOOKKEEPING, Map.of()).harmless(keys);
  }

  /**
   * These keys and others that do not change what a model computes.
   *
   * @param keys paths
   * @return the keys
   */
  public ConfigKeys harmless(String... keys) {
    Set<String> more = new HashSet<>(known);
    more.addAll(List.of(keys));
    return new ConfigKeys(Set.copyOf(more), limited);
  }

  /**
   * These keys and others that change what a model computes and are not supported: refused unless
   * they are switched off, by {@code null}, {@code false}, 0, {@code "none"} or nothing in them.
   *
   * @param keys paths
   * @return the keys
   */
  public ConfigKeys unsupported(String... keys) {
    ConfigKeys more = this;
    for (String key : keys) {
      more = more.only(key);
    }
    return more;
  }

  /**
   * These keys and another, of whose values only some are supported; it may be switched off, too.
   *
   * @param key a path
   * @param values as a configuration writes them, texts without quotes
   * @return the keys
   */
  public ConfigKeys only(String key, String... values) {
    Map<String, Set<String>> more = new HashMap<>(limited);
    more.put(key, Set.of(values));
    return new ConfigKeys(known, Map.copyOf(more));
  }

  /**
   * Checks a configuration. Keys that the family does not know are listed in one warning of a
   * {@link System.Logger}.
   *
   * @param config of a model of the family
   * @throws ModelFormatException if it sets a key that is not supported
   */
  public void check(Config config) throws ModelFormatException {
    List<String> unknown = new ArrayList<>();
    check(config, "", unknown);
    if (!unknown.isEmpty()) {
      ModelFormatException told =
          ModelFormatException.of(
              config.file(),
              "keys",
              "those of the model's family",
              String.join(", ", unknown) + ": not used, though they may matter");
      System.getLogger(ConfigKeys.class.getPackageName())
          .log(System.Logger.Level.WARNING, told.getMessage());
    }
  }

  /**
   * Checks an object.
   *
   * @param place the path of its keys, dot included
   * @param unknown receives the paths of keys that are not known
   */
  private void check(Config object, String place, List<String> unknown)
      throws ModelFormatException {
    boolean anyName = leadsOn(place + ANY);
    for (String name : object.keys()) {
      String key = place + (anyName ? ANY : name);
      Value value = object.value(name);
      Set<String> supported = limited.get(key);
      if (supported != null) {
        requireSupported(object, name, value, supported);
      } else if (value instanceof Value.Fields && !known.contains(key) && leadsOn(key)) {
        check(object.child(name), key + ".", unknown);
      } else if (!(value instanceof Value.Null) && !name.startsWith("_") && !known.contains(key)) {
        unknown.add(object.path(name));
      }
    }
  }

  /** Whether there are keys within an object. */
  private boolean leadsOn(String key) {
    String start = key + ".";
    return known.stream().anyMatch(path -> path.startsWith(start))
        || limited.keySet().stream().anyMatch(path -> path.startsWith(start));
  }

  private static void requireSupported(
      Config object, String name, Value value, Set<String> supported) throws ModelFormatException {
    String written = value instanceof Value.Text(String text) ? text : value.describe();
    if (!isOff(value) && !supported.contains(written)) {
      throw object.error(
          name,
          value.describe(),
          supported.isEmpty()
              ? "none, as this is not supported"
              : String.join(" or ", supported.stream().sorted().toList())
                  + ", as nothing else is supported");
    }
  }

  private static boolean isOff(Value value) {
    return switch (value) {
      case Value.Null ignored -> true;
      case Value.Bool(boolean on) -> !on;
      case Value.Whole(long whole) -> whole == 0;
      case Value.Real(double real) -> real == 0;
      case Value.Text(String text) -> OFF_TEXTS.contains(text.toLowerCase(Locale.ROOT));
      case Value.Items(List<Value> values) -> values.isEmpty();
      case Value.Fields(Map<String, Value> values) -> values.isEmpty();
    };
  }
}
