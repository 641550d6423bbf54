package org.xlstm4j.models.api;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What other modules see of a type: its declaration, and its public and protected members. */
final class TypeApi {
  private TypeApi() {}

  /** Whether other modules may name the type, given that its package is exported. */
  static boolean isVisible(Class<?> type) {
    if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic()) {
      return false;
    }
    Class<?> around = type.getDeclaringClass();
    return isVisible(type, around) && (around == null || isVisible(around));
  }

  private static boolean isVisible(Class<?> type, Class<?> around) {
    return Modifier.isPublic(type.getModifiers())
        || (Modifier.isProtected(type.getModifiers()) && isOpen(around));
  }

  /** Adds the lines of a type. */
  static void describe(Class<?> type, List<String> lines) {
    lines.add(declaration(type));
    List<String> members = new ArrayList<>();
    addMembers(type, type, members);
    members.stream().distinct().sorted().forEach(member -> lines.add("  " + member));
  }

  private static String declaration(Class<?> type) {
    StringBuilder text = new StringBuilder(modifiers(type));
    text.append(
        type.isAnnotation()
            ? "@interface "
            : type.isInterface()
                ? "interface "
                : type.isEnum() ? "enum " : type.isRecord() ? "record " : "class ");
    text.append(shortName(type.getTypeName())).append(variables(type.getTypeParameters()));
    if (type.isRecord()) {
      text.append(
          Arrays.stream(type.getRecordComponents())
              .map(component -> name(component.getAnnotatedType()) + " " + component.getName())
              .collect(joining(", ", "(", ")")));
    }
    Class<?> above = type.getSuperclass();
    if (above != null && above != Object.class && !type.isEnum() && !type.isRecord()) {
      text.append(" extends ").append(name(type.getAnnotatedSuperclass()));
    }
    if (type.getInterfaces().length > 0) {
      text.append(
          Arrays.stream(type.getAnnotatedInterfaces())
              .map(TypeApi::name)
              .sorted()
              .collect(joining(", ", type.isInterface() ? " extends " : " implements ", "")));
    }
    List<String> permitted =
        type.isSealed() && !type.isEnum()
            ? Arrays.stream(type.getPermittedSubclasses())
                .filter(TypeApi::isVisible)
                .map(subclass -> shortName(subclass.getTypeName()))
                .sorted()
                .toList()
            : List.of();
    if (!permitted.isEmpty()) {
      text.append(" permits ").append(String.join(", ", permitted));
    }
    return text.toString();
  }

  private static String modifiers(Class<?> type) {
    int shown = type.getModifiers() & ~Modifier.STATIC;
    if (type.isInterface()) {
      shown &= ~Modifier.ABSTRACT;
    }
    if (type.isEnum() || type.isRecord()) {
      shown &= ~(Modifier.FINAL | Modifier.ABSTRACT);
    }
    String text = Modifier.toString(shown & ~Modifier.INTERFACE);
    boolean isNested = type.getDeclaringClass() != null;
    return text
        + (isNested && Modifier.isStatic(type.getModifiers()) ? " static " : " ")
        + (type.isSealed() && !type.isEnum() ? "sealed " : "");
  }

  /** Members declared by a type, and those that it has from types that cannot be named. */
  private static void addMembers(Class<?> type, Class<?> declarer, List<String> members) {
    for (Field field : declarer.getDeclaredFields()) {
      if (isVisible(field.getModifiers(), type) && !field.isSynthetic()) {
        members.add(
            field.isEnumConstant()
                ? "constant " + field.getName()
                : modifiers(field.getModifiers())
                    + name(field.getAnnotatedType())
                    + " "
                    + field.getName());
      }
    }
    for (Method method : declarer.getDeclaredMethods()) {
      if (isVisible(method.getModifiers(), type) && !isUnderstood(method)) {
        members.add(
            (method.isDefault() ? "default " : "")
                + modifiers(method.getModifiers() & Modifier.methodModifiers() & ~hidden(declarer))
                + variables(method.getTypeParameters(), " ")
                + name(method.getAnnotatedReturnType())
                + " "
                + method.getName()
                + parameters(method));
      }
    }
    if (type == declarer && isOpenForConstruction(type)) {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (isVisible(constructor.getModifiers(), type) && !constructor.isSynthetic()) {
          members.add(
              modifiers(constructor.getModifiers())
                  + "new"
                  + variables(constructor.getTypeParameters())
                  + parameters(constructor));
        }
      }
    }
    Stream.concat(
            Stream.ofNullable(declarer.getSuperclass()), Arrays.stream(declarer.getInterfaces()))
        .filter(above -> !Modifier.isPublic(above.getModifiers()))
        .forEach(above -> addMembers(type, above, members));
  }

  /** Whether the kind of its type says that it is there. */
  private static boolean isUnderstood(Method method) {
    Class<?> type = method.getDeclaringClass();
    return method.isSynthetic()
        || (type.isEnum() && List.of("values", "valueOf").contains(method.getName()))
        || (type.isRecord()
            && List.of("equals", "hashCode", "toString").contains(method.getName()));
  }

  private static boolean isOpenForConstruction(Class<?> type) {
    return !type.isInterface() && !type.isEnum();
  }

  /** What says nothing to a caller. */
  private static int hidden(Class<?> declarer) {
    int hidden = Modifier.SYNCHRONIZED | Modifier.NATIVE | Modifier.STRICT;
    if (declarer.isInterface()) {
      hidden |= Modifier.PUBLIC;
    }
    return declarer.isRecord() || declarer.isEnum() ? hidden | Modifier.FINAL : hidden;
  }

  private static boolean isVisible(int modifiers, Class<?> type) {
    return Modifier.isPublic(modifiers) || (Modifier.isProtected(modifiers) && isOpen(type));
  }

  /** Whether another module may extend it. */
  private static boolean isOpen(Class<?> type) {
    return type != null && !Modifier.isFinal(type.getModifiers()) && !type.isSealed();
  }

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers);
    return text.isEmpty() ? "" : text + " ";
  }

  private static String parameters(Executable executable) {
    Parameter[] parameters = executable.getParameters();
    AnnotatedType[] thrown = executable.getAnnotatedExceptionTypes();
    return Arrays.stream(parameters)
            .map(
                parameter ->
                    parameter.isVarArgs()
                        ? name(parameter.getAnnotatedType()).replaceFirst("\\[]$", "...")
                        : name(parameter.getAnnotatedType()))
            .collect(joining(", ", "(", ")"))
        + (thrown.length == 0
            ? ""
            : Arrays.stream(thrown)
                .map(TypeApi::name)
                .sorted()
                .collect(joining(", ", " throws ", "")));
  }

  private static String variables(TypeVariable<?>[] variables, String end) {
    return variables.length == 0 ? "" : variables(variables) + end;
  }

  private static String variables(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(
                variable ->
                    variable.getName()
                        + Arrays.stream(variable.getAnnotatedBounds())
                            .map(TypeApi::name)
                            .filter(bound -> !bound.equals("Object"))
                            .map(bound -> " extends " + bound)
                            .collect(joining()))
            .collect(joining(", ", "<", ">"));
  }

  private static String name(AnnotatedType type) {
    return shortName(type.toString());
  }

  /** Without packages of this project, where simple names are unique, and of the language. */
  private static String shortName(String name) {
    return name.replace("org.jspecify.annotations.", "")
        .replaceAll("org\\.xlstm4j\\.([a-z0-9]+\\.)*", "")
        .replace('$', '.')
        .replaceAll("java\\.lang\\.(?=[A-Z])", "")
        .replaceAll("java\\.util\\.(?=[A-Z])", "");
  }
}
