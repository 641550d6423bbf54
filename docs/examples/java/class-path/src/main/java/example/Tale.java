package example;

import java.io.IOException;
import java.nio.file.Path;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.TextGenerator;

/** Writes a sentence with the model of a folder. */
final class Tale {
  private Tale() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    try (LanguageModel model = LanguageModel.open(folder)) {
      TextGenerator generator = TextGenerator.of(model, folder);
      GenerationOptions options = generator.options().greedy().withMaxTokens(40).withStops(".");
      String prompt = "It was a dark and stormy night";
      System.out.println(prompt + generator.generate(prompt, options).text() + ".");
    }
  }
}
