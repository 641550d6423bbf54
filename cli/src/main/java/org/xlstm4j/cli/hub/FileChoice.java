package org.xlstm4j.cli.hub;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which files of a published model are needed to run it. */
final class FileChoice {
  private static final Set<String> SETTINGS =
      Set.of("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json");

  private static final Pattern YAML = Pattern.compile("[^/]+\\.ya?ml");
  private static final String WHOLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final Pattern SAFETENSORS = Pattern.compile("[^/]+\\.safetensors");
  private static final List<String> NAMED_ARCHIVES = List.of("pytorch_model.bin", "model.ckpt");
  private static final Pattern ARCHIVE = Pattern.compile("[^/]+\\.(ckpt|pt|pth|th|bin|zip)");

  private FileChoice() {}

  /**
   * The settings, the tokenizer and the weights, in the order in which they are looked for when a
   * model is opened; nothing of its subfolders.
   *
   * @return the files; without weights if there are none
   */
  static List<HubFile> of(List<HubFile> all) {
    Set<String> weights = Set.copyOf(weights(all).stream().map(HubFile::path).toList());
    return all.stream()
        .filter(
            file ->
                SETTINGS.contains(file.path())
                    || YAML.matcher(file.path()).matches()
                    || weights.contains(file.path()))
        .toList();
  }

  /** The files with weights, and their index. */
  static List<HubFile> weights(List<HubFile> all) {
    List<HubFile> whole = named(all, WHOLE);
    if (!whole.isEmpty()) {
      return whole;
    }
    List<HubFile> parts =
        all.stream()
            .filter(f -> f.path().equals(INDEX) || SAFETENSORS.matcher(f.path()).matches())
            .toList();
    if (!parts.isEmpty()) {
      return parts;
    }
    for (String name : NAMED_ARCHIVES) {
      List<HubFile> archive = named(all, name);
      if (!archive.isEmpty()) {
        return archive;
      }
    }
    return all.stream().filter(file -> ARCHIVE.matcher(file.path()).matches()).toList();
  }

  private static List<HubFile> named(List<HubFile> all, String name) {
    return all.stream().filter(file -> file.path().equals(name)).toList();
  }
}
