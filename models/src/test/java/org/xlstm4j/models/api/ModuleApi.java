package org.xlstm4j.models.api;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The public API of a module as text: what its declaration says, then each public type of the
 * exported packages. Sorted, so that it changes only where the API does.
 */
final class ModuleApi {
  private final ModuleDescriptor module;
  private final List<String> files;

  /**
   * A module.
   *
   * @param member any class of it, loaded from a folder or a jar of its own
   * @throws IOException if the classes cannot be read
   */
  ModuleApi(Class<?> member) throws IOException {
    ModuleReference reference;
    try {
      Path place = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
      reference = ModuleFinder.of(place).findAll().iterator().next();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    module = reference.descriptor();
    try (ModuleReader reader = reference.open()) {
      files = reader.list().toList();
    }
  }

  String name() {
    return module.name();
  }

  /** The packages that every module may use. */
  Set<String> exported() {
    return module.exports().stream()
        .filter(exported -> !exported.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** All the others. */
  Set<String> hidden() {
    Set<String> packages = new TreeSet<>(module.packages());
    packages.removeAll(exported());
    return packages;
  }

  List<String> describe() {
    List<String> lines = new ArrayList<>();
    lines.add("module " + module.name());
    module.requires().stream()
        .filter(
            required -> !required.modifiers().contains(ModuleDescriptor.Requires.Modifier.MANDATED))
        .map(required -> "  requires " + words(required.modifiers()) + required.name())
        .sorted()
        .forEach(lines::add);
    module.uses().stream().map(used -> "  uses " + used).sorted().forEach(lines::add);
    module.provides().stream()
        .map(provided -> "  provides " + provided.service() + " with " + provided.providers())
        .sorted()
        .forEach(lines::add);
    for (String exported : exported()) {
      lines.add("");
      lines.add("package " + exported);
      for (Class<?> type : types(exported)) {
        lines.add("");
        TypeApi.describe(type, lines);
      }
    }
    return lines;
  }

  /** The public types of a package, nested ones behind those around them. */
  private List<Class<?>> types(String packageName) {
    String folder = packageName.replace('.', '/') + "/";
    return files.stream()
        .filter(file -> file.startsWith(folder) && file.endsWith(".class"))
        .map(file -> file.substring(folder.length(), file.length() - ".class".length()))
        .filter(name -> !name.contains("/") && !name.equals("package-info"))
        .sorted()
        .<Class<?>>map(name -> load(packageName + "." + name))
        .filter(TypeApi::isVisible)
        .toList();
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ModuleApi.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String words(Set<ModuleDescriptor.Requires.Modifier> modifiers) {
    return modifiers.stream()
        .map(modifier -> modifier.toString().toLowerCase(Locale.ROOT) + " ")
        .sorted()
        .collect(Collectors.joining());
  }
}
