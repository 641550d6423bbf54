package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.loader.config.Config;

/** Speeds differ from machine to machine; the rest of the output is checked. */
@Tag("slow")
class InspectAndBenchTest {
  @TempDir private Path folder;

  private Config json(Outcome outcome) throws IOException {
    assertEquals(ExitStatus.DONE, outcome.status(), outcome.err());
    return Config.read(Files.writeString(folder.resolve("out.json"), outcome.out()));
  }

  @Test
  void inspectTellsTheLimitOfAStepAndThePrediction() throws IOException {
    Config row = json(Outcome.of("inspect", "lram-control", "--threads", "1", "--json"));
    assertEquals("observation", row.text("step"));
    double weights = row.number("weight_bytes_per_step");
    double state = row.number("state_bytes_per_session");
    double seconds =
        weights / row.number("read_GB_per_second") + state / row.number("update_GB_per_second");
    double products = row.number("multiplications_per_step");
    double arithmetic = 2 * products / row.number("GFLOP_per_second");
    assertEquals(seconds > arithmetic ? "memory" : "arithmetic", row.text("limit"));
    double limit = 1e9 / Math.max(seconds, arithmetic);
    assertEquals(limit, row.number("limit_steps_per_second"), 0.2 * limit);
    assertTrue(row.number("predicted_steps_per_second") <= 1.05 * limit);
    assertTrue(row.number("predicted_steps_per_second") >= 0.01 * limit);
  }

  @Test
  void benchTellsWhichLimitBinds() throws IOException {
    Path config = Outcome.golden("xlstm", "hf_single").resolve("config.json");
    Config row =
        json(
            Outcome.of(
                ("bench --random " + config + " --type f32 -p 0 -n 16 -r 2 -t 1 --json")
                    .split(" ")));
    assertEquals("tg16", row.text("test"));
    assertTrue(row.text("limit").matches("memory|arithmetic"), row.text("limit"));
    double share = row.number("share_of_limit");
    assertTrue(share > 0.001 && share < 1.05, share + " of the limit");
  }

  @Test
  void benchTimesTextsTogetherAndTheLastTurnOfAConversation() throws IOException {
    Path config = Outcome.golden("xlstm", "hf_single").resolve("config.json");
    String options = " --type q8 --batch 1,3 --turns 2 -p 0 -n 4 -d 5 -r 1 -t 1 --json";
    Outcome outcome = Outcome.of(("bench --random " + config + options).split(" "));
    assertEquals(ExitStatus.DONE, outcome.status(), outcome.err());
    Pattern test = Pattern.compile("\"test\":\"([^\"]*)\"");
    assertEquals(
        List.of("tg4 @ d5", "tg4 b1 @ d5", "tg4 b3 @ d5", "turn2", "turn2 cached"),
        test.matcher(outcome.out()).results().map(found -> found.group(1)).toList());
  }
}
