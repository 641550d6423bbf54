import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.attribute.ModuleResolutionAttribute;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.tools.jlink.internal.Main;
import jdk.tools.jlink.internal.PluginRepository;
import jdk.tools.jlink.plugin.Plugin;
import jdk.tools.jlink.plugin.PluginException;
import jdk.tools.jlink.plugin.ResourcePool;
import jdk.tools.jlink.plugin.ResourcePoolBuilder;
import jdk.tools.jlink.plugin.ResourcePoolEntry;
import jdk.tools.jlink.plugin.ResourcePoolModule;

/**
 * jlink, with its arguments, and with a plugin that makes the image's classes fit for the AOT cache
 * and gives each module of others its legal notices.
 *
 * <p>A JVM of JDK 25 keeps neither the module graph nor linked classes in the cache where one module
 * is an incubator, nor any class from before Java 6, whose verification is slow besides. So the
 * plugin takes the mark of an incubator from {@code jdk.incubator.vector} and gives picocli's class
 * files a newer version, with the stack maps that it asks for. Without it the first word of {@code
 * xlstm generate} comes a third later.
 *
 * <p>The notices in a jar become files of the folder {@code legal} of the image, as those of the JDK
 * are. A module whose jar has none takes those of the folder with its name, or with the start of its
 * name, that is named by the property {@code notices}. Without any there is no image.
 */
final class LinkImage implements Plugin {
  private static final String NAME = "archivable-classes";
  private static final String VECTOR_MODULE_INFO = "/jdk.incubator.vector/module-info.class";
  private static final String OLD_MODULE = "info.picocli";
  private static final Pattern OWN_OR_JAVAS = Pattern.compile("(org\\.xlstm4j|java|jdk)\\..*");
  private static final Pattern NOTICE =
      Pattern.compile("/[^/]+/META-INF/[^/]*(LICENSE|NOTICE)[^/]*");

  private final Path kept = Path.of(System.getProperty("notices"));

  public static void main(String[] arguments) {
    PluginRepository.registerPlugin(new LinkImage());
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--" + NAME;
    System.exit(
        Main.run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), all));
  }

  @Override
  public String getName() {
    return NAME;
  }

  /** Before the plugin that writes down the modules and their marks. */
  @Override
  public Category getType() {
    return Category.FILTER;
  }

  @Override
  public ResourcePool transform(ResourcePool in, ResourcePoolBuilder out) {
    ClassHierarchyResolver resolver =
        ClassHierarchyResolver.ofResourceParsing(name -> oldClass(in, name))
            .orElse(ClassHierarchyResolver.defaultResolver());
    ClassFile classFile =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(resolver));
    in.transformAndCopy(entry -> transform(classFile, entry), out);
    in.moduleView()
        .modules()
        .filter(module -> !OWN_OR_JAVAS.matcher(module.name()).matches())
        .forEach(module -> notices(module).forEach(out::add));
    return out.build();
  }

  private List<ResourcePoolEntry> notices(ResourcePoolModule module) {
    List<ResourcePoolEntry> inJar =
        module
            .entries()
            .filter(entry -> NOTICE.matcher(entry.path()).matches())
            .map(entry -> notice(module.name(), fileName(entry.path()), entry.contentBytes()))
            .toList();
    return inJar.isEmpty() ? keptNotices(module.name()) : inJar;
  }

  /** Those of the folder with the longest start of a module's name. */
  private List<ResourcePoolEntry> keptNotices(String module) {
    String name = module;
    while (!Files.isDirectory(kept.resolve(name))) {
      int end = name.lastIndexOf('.');
      if (end < 0) {
        throw new PluginException(
            module + ": no legal notices in its jar, and no folder for it in " + kept);
      }
      name = name.substring(0, end);
    }
    try (Stream<Path> files = Files.list(kept.resolve(name))) {
      List<ResourcePoolEntry> notices = new ArrayList<>();
      for (Path file : files.toList()) {
        notices.add(notice(module, file.getFileName().toString(), Files.readAllBytes(file)));
      }
      return notices;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ResourcePoolEntry notice(String module, String file, byte[] content) {
    String path = "/%1$s/legal/%1$s/%2$s".formatted(module, file);
    return ResourcePoolEntry.create(path, ResourcePoolEntry.Type.LEGAL_NOTICE, content);
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static ResourcePoolEntry transform(ClassFile classFile, ResourcePoolEntry entry) {
    if (entry.path().equals(VECTOR_MODULE_INFO)) {
      ClassTransform unmarked =
          ClassTransform.dropping(element -> element instanceof ModuleResolutionAttribute);
      return transform(classFile, entry, unmarked);
    } else if (entry.moduleName().equals(OLD_MODULE)
        && entry.path().endsWith(".class")
        && !entry.path().endsWith("/module-info.class")) {
      ClassTransform renewed =
          ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
              .andThen(LinkImage::renewVersion);
      return transform(classFile, entry, renewed);
    }
    return entry;
  }

  private static ResourcePoolEntry transform(
      ClassFile classFile, ResourcePoolEntry entry, ClassTransform change) {
    ClassModel model = classFile.parse(entry.contentBytes());
    return entry.copyWithContent(classFile.transformClass(model, change));
  }

  private static void renewVersion(ClassBuilder builder, ClassElement element) {
    if (element instanceof ClassFileVersion) {
      builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
    } else {
      builder.with(element);
    }
  }

  private static InputStream oldClass(ResourcePool pool, ClassDesc name) {
    String descriptor = name.descriptorString();
    String path = descriptor.substring(1, descriptor.length() - 1);
    return pool.findEntry("/" + OLD_MODULE + "/" + path + ".class")
        .map(ResourcePoolEntry::content)
        .orElse(null);
  }
}
