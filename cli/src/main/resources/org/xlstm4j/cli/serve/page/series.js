// Forecasts a column of separated values.

import { request, Failure } from "./api.js";
import { Chart, short } from "./chart.js";
import { columns } from "./csv.js";
import { $, dropsOn, element, offerModels, say, taken } from "./dom.js";

/** Values of the past that are drawn: some horizons, but not a crowd. */
const LEAST_PAST = 120;
const MOST_PAST = 600;

let chart = null;
let number = 0;

export function begin(models, samples) {
  offerModels($("series-model"), models);
  chart = new Chart($("chart"), (text) => ($("chart-reading").value = text));
  $("csv").addEventListener("input", () => {
    press(null);
    readColumns();
  });
  $("csv-file").addEventListener("change", () => take($("csv-file").files[0]));
  dropsOn($("csv"), take);
  $("series-form").addEventListener("submit", (event) => {
    event.preventDefault();
    forecast();
  });
  for (const sample of samples) {
    const button = element("button", { type: "button", "aria-pressed": "false" }, title(sample.name));
    button.addEventListener("click", () => takeSample(sample, button));
    $("series-samples").append(button);
  }
  readColumns();
}

/** co2_weekly.csv is "co2 weekly". */
function title(name) {
  return name.replace(/\.[a-z]+$/, "").replaceAll("_", " ");
}

function press(pressed) {
  for (const button of $("series-samples").children) {
    button.setAttribute("aria-pressed", String(button === pressed));
  }
}

async function takeSample(sample, button) {
  try {
    const response = await request(sample.url);
    $("csv").value = await response.text();
    press(button);
    readColumns();
    await forecast();
  } catch (e) {
    say($("series-status"), e.message, true);
  }
}

async function take(file) {
  if (file) {
    $("csv").value = await file.text();
    press(null);
    readColumns();
  }
}

function readColumns() {
  const found = columns($("csv").value);
  const before = $("column").value;
  $("column").replaceChildren(
    ...(found.length > 0
      ? found.map((column) => element("option", { value: column.id }, column.name))
      : [element("option", { value: "" }, "no values yet")]));
  $("column").disabled = found.length === 0;
  if (found.some((column) => column.id === before)) {
    $("column").value = before;
  }
}

async function forecast() {
  const mine = ++number;
  const horizon = Number($("horizon").value);
  const past = Math.min(Math.max(3 * horizon, LEAST_PAST), MOST_PAST);
  const query = new URLSearchParams({ column: $("column").value, horizon, history: past });
  if ($("series-model").value) {
    query.set("model", $("series-model").value);
  }
  say($("series-status"), "Forecasting");
  const begun = performance.now();
  try {
    const headers = { "Content-Type": "text/csv" };
    const response = await request("/v1/forecasts?" + query, { method: "POST", headers, body: $("csv").value });
    const answer = await response.json();
    if (mine === number) {
      show(answer);
      say($("series-status"), summary(answer) + " " + taken(begun, response));
    }
  } catch (e) {
    say($("series-status"), e instanceof Failure ? e.message : "The forecast failed", true);
  }
}

function show(answer) {
  const one = answer.data[0];
  const times = answer.times ?? [];
  const before = answer.history_times ?? [];
  const label = (step) =>
    (step > 0 ? times[step - 1] : before[before.length - 1 + step]) ?? (step > 0 ? "+" + step : String(step));
  $("chart-figure").hidden = false;
  $("chart").setAttribute("aria-label", "Chart. " + summary(answer) + " Arrow keys read single values.");
  $("chart-band").textContent = band(answer.quantile_levels);
  chart.show({ past: one.history, levels: answer.quantile_levels, quantiles: one.quantiles, label });
  $("series-remarks").replaceChildren(...(answer.remarks ?? []).map((remark) => element("li", {}, remark)));
  table(answer, label);
}

function band(levels) {
  const percent = (level) => Number((100 * level).toPrecision(4));
  return percent(levels[0]) + " to " + percent(levels.at(-1)) + " %, denser where likelier";
}

function summary(answer) {
  const one = answer.data[0];
  const steps = one.mean.length;
  const low = short(one.quantiles[0][steps - 1]);
  const high = short(one.quantiles.at(-1)[steps - 1]);
  return (
    one.name + ", " + steps + (steps === 1 ? " step" : " steps") + " ahead: " +
    short(one.mean[steps - 1]) + " in the end, likely " + low + " to " + high + "."
  );
}

function table(answer, label) {
  const one = answer.data[0];
  const levels = answer.quantile_levels;
  const head = element(
    "tr", {},
    element("th", { scope: "col" }, "step"),
    ...levels.map((level) => element("th", { scope: "col" }, String(level))));
  const rows = one.mean.map((_, step) =>
    element(
      "tr", {},
      element("th", { scope: "row" }, label(step + 1)),
      ...levels.map((_, level) => element("td", {}, short(one.quantiles[level][step])))));
  $("numbers-table").replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
  $("numbers").hidden = false;
}
