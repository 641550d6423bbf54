package org.xlstm4j.cli.commands;

import java.util.List;
import java.util.Map;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.models.ModelFamily;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.Models;

/** Options that only some families have. */
final class FamilyOptions {
  private FamilyOptions() {}

  /**
   * Refuses what a family does not have.
   *
   * @param family of the model
   * @param chosen what the user wants, each with the option that says so
   * @throws UsageException naming the first option that is not for the family
   */
  static void check(ModelFamily family, Map<ModelOption, String> chosen) {
    chosen.forEach((option, name) -> check(family, option, name));
  }

  private static void check(ModelFamily family, ModelOption option, String name) {
    if (!family.options().contains(option)) {
      List<String> others =
          Models.families().stream()
              .filter(other -> other.options().contains(option))
              .map(ModelFamily::name)
              .sorted()
              .toList();
      throw new UsageException(
          name + " is not for " + family.name() + ", but for " + String.join(", ", others));
    }
  }
}
