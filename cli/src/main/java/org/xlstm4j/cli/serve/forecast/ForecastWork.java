package org.xlstm4j.cli.serve.forecast;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.cli.serve.compute.Demand;
import org.xlstm4j.cli.serve.compute.Work;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastOptions;
import org.xlstm4j.models.forecast.SeriesGroup;

/**
 * Forecasts of a request, some series at a time, so that one that nobody waits for ends soon.
 *
 * @param model which
 * @param request what is to be forecast
 * @param team the threads to compute with
 */
record ForecastWork(ForecastModel model, ForecastRequest request, Team team)
    implements Work<List<List<Forecast>>> {
  /** Passes of series through the network between two looks at whether somebody waits. */
  private static final int PASSES = 64;

  @Override
  public List<List<Forecast>> run(Demand demand) throws JsonException {
    requireFit();
    ForecastOptions options =
        ForecastOptions.of(request.horizon()).withPatchesPerPass(request.rollout());
    if (request.extend()) {
      options = options.extended();
    }
    List<SeriesGroup> groups = model.takesGroups() ? request.groups() : singles();
    List<List<Forecast>> forecasts = new ArrayList<>();
    int next = 0;
    while (next < groups.size()) {
      demand.require();
      int from = next;
      long rows = 0;
      do {
        rows += groups.get(next).rows();
        next++;
      } while (next < groups.size() && (rows + groups.get(next).rows()) * passes() <= PASSES);
      try {
        forecasts.addAll(model.forecastGroups(groups.subList(from, next), options, team));
      } catch (IllegalArgumentException e) {
        throw new JsonException("context", "context: " + e.getMessage());
      }
    }
    return model.takesGroups() ? forecasts : regrouped(forecasts);
  }

  private long passes() {
    long patches = Math.ceilDiv(request.horizon(), model.patchLength());
    return Math.ceilDiv(patches, request.rollout());
  }

  private void requireFit() throws JsonException {
    int longest = model.longestHorizon();
    if (request.horizon() > longest && !request.extend()) {
      throw new JsonException(
          "horizon",
          "horizon is "
              + request.horizon()
              + ", and the model forecasts at most "
              + longest
              + " steps; extend goes on beyond");
    }
    for (SeriesGroup group : request.groups()) {
      if (!model.takesGroups() && group.rows() > group.targets().size()) {
        throw new JsonException(
            "context", "the model forecasts each series from its own past, without covariates");
      }
    }
  }

  /** Each target by itself, for a model that does not see several together. */
  private List<SeriesGroup> singles() {
    return request.groups().stream()
        .flatMap(group -> group.targets().stream())
        .map(SeriesGroup::of)
        .toList();
  }

  private List<List<Forecast>> regrouped(List<List<Forecast>> singles) {
    List<List<Forecast>> groups = new ArrayList<>();
    int next = 0;
    for (SeriesGroup group : request.groups()) {
      int end = next + group.targets().size();
      groups.add(singles.subList(next, end).stream().map(List::getFirst).toList());
      next = end;
    }
    return groups;
  }
}
