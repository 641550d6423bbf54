package org.xlstm4j.models.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The public API of a module as text: what its declaration says, then each public type of the
 * exported packages. Sorted, so that it changes only where the API does.
 */
final class ModuleApi {
  private ModuleApi() {}

  /**
   * Describes a module.
   *
   * @param member any class of it, loaded from a folder or a jar of its own
   * @return lines
   * @throws IOException if the classes cannot be read
   */
  static List<String> of(Class<?> member) throws IOException {
    Path place;
    try {
      place = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    if (Files.isDirectory(place)) {
      return ofRoot(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return ofRoot(jar.getPath("/"));
    }
  }

  private static List<String> ofRoot(Path root) throws IOException {
    ModuleDescriptor module;
    try (InputStream declaration = Files.newInputStream(root.resolve("module-info.class"))) {
      module = ModuleDescriptor.read(declaration);
    }
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
    module.exports().stream()
        .filter(exported -> !exported.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .sorted()
        .forEach(
            exported -> {
              lines.add("");
              lines.add("package " + exported);
              for (Class<?> type : types(root, exported)) {
                lines.add("");
                TypeApi.describe(type, lines);
              }
            });
    return lines;
  }

  /** The public types of a package, nested ones behind those around them. */
  private static List<Class<?>> types(Path root, String packageName) {
    try (Stream<Path> files = Files.list(root.resolve(packageName.replace('.', '/')))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
          .map(name -> packageName + "." + name.substring(0, name.length() - ".class".length()))
          .sorted()
          .<Class<?>>map(ModuleApi::load)
          .filter(TypeApi::isVisible)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
