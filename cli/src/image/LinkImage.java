import java.io.InputStream;
import java.io.PrintWriter;
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
import java.util.Arrays;
import jdk.tools.jlink.internal.Main;
import jdk.tools.jlink.internal.PluginRepository;
import jdk.tools.jlink.plugin.Plugin;
import jdk.tools.jlink.plugin.ResourcePool;
import jdk.tools.jlink.plugin.ResourcePoolBuilder;
import jdk.tools.jlink.plugin.ResourcePoolEntry;

/**
 * jlink, with its arguments, and with a plugin that makes the image's classes fit for the AOT cache.
 * A JVM of JDK 25 keeps neither the module graph nor linked classes in the cache where one module is
 * an incubator, nor any class from before Java 6, whose verification is slow besides. So the plugin
 * takes the mark of an incubator from {@code jdk.incubator.vector} and gives picocli's class files a
 * newer version, with the stack maps that it asks for. Without it the first word of {@code xlstm
 * generate} comes a third later.
 */
final class LinkImage implements Plugin {
  private static final String NAME = "archivable-classes";
  private static final String VECTOR_MODULE_INFO = "/jdk.incubator.vector/module-info.class";
  private static final String OLD_MODULE = "info.picocli";

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
    return out.build();
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
