// Draws a series and its forecast: quantiles as bands around the median.

import { drawn } from "./dom.js";

const LEFT = 52;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 26;

/**
 * A chart in an element, drawn anew when its size changes.
 *
 * data: past (numbers or null), levels, quantiles (a row a level, a number a step), and
 * label(step), the text of a step, 1 for the first one forecast, 0 and less for those before.
 */
export class Chart {
  constructor(place, read) {
    this.place = place;
    this.read = read;
    this.data = null;
    this.at = null;
    new ResizeObserver(() => this.draw()).observe(place);
    place.addEventListener("pointermove", (event) => this.point(event));
    place.addEventListener("pointerleave", () => this.choose(null));
    place.addEventListener("blur", () => this.choose(null));
    place.addEventListener("keydown", (event) => this.step(event));
  }

  show(data) {
    this.data = data;
    this.at = null;
    const all = [...data.past.filter((value) => value !== null), ...data.quantiles.flat()];
    const low = Math.min(...all);
    const high = Math.max(...all);
    const room = (high - low || Math.abs(high) || 1) * 0.04;
    this.low = low - room;
    this.high = high + room;
    this.draw();
  }

  get first() {
    return 1 - this.data.past.length;
  }

  get last() {
    return this.data.quantiles[0].length;
  }

  x(step) {
    return LEFT + ((step - this.first) / Math.max(this.last - this.first, 1)) * this.plotWidth;
  }

  y(value) {
    return TOP + (1 - (value - this.low) / (this.high - this.low)) * this.plotHeight;
  }

  draw() {
    const width = this.place.clientWidth;
    const height = this.place.clientHeight;
    if (!this.data || width === 0) {
      return;
    }
    this.plotWidth = width - LEFT - RIGHT;
    this.plotHeight = height - TOP - BOTTOM;
    const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    this.axes(svg, width, height);
    this.bands(svg);
    svg.append(drawn("path", { class: "past", d: this.line(this.data.past, this.first) }));
    this.lonely(svg);
    const median = this.data.quantiles[this.data.levels.indexOf(0.5)];
    if (median) {
      const before = this.data.past.at(-1);
      svg.append(
        before === null || before === undefined
          ? drawn("path", { class: "median", d: this.line(median, 1) })
          : drawn("path", { class: "median", d: this.line([before, ...median], 0) }));
    }
    this.cursor = drawn("line", { class: "cursor", y1: TOP, y2: height - BOTTOM });
    this.cursor.setAttribute("visibility", "hidden");
    svg.append(this.cursor);
    this.place.replaceChildren(svg);
  }

  axes(svg, width, height) {
    for (const value of ticks(this.low, this.high, Math.max(3, Math.round(this.plotHeight / 60)))) {
      const y = this.y(value).toFixed(1);
      svg.append(
        drawn("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y, y2: y }),
        drawn("text", { x: LEFT - 8, y, "text-anchor": "end", "dominant-baseline": "middle" }, short(value)));
    }
    const count = Math.min(Math.max(2, Math.floor(this.plotWidth / 130)), this.last - this.first);
    for (let i = 0; i <= count; i++) {
      const step = Math.round(this.first + ((this.last - this.first) * i) / Math.max(count, 1));
      const anchor = i === 0 ? "start" : i === count ? "end" : "middle";
      svg.append(
        drawn("text", { x: this.x(step).toFixed(1), y: height - 6, "text-anchor": anchor }, this.data.label(step)));
    }
    const now = this.x(0.5).toFixed(1);
    svg.append(drawn("line", { class: "now", x1: now, x2: now, y1: TOP, y2: height - BOTTOM }));
  }

  /** From the outermost levels inward, so that the likely middle is darkest. */
  bands(svg) {
    const { levels, quantiles } = this.data;
    for (let low = 0, high = levels.length - 1; low < high; low++, high--) {
      const forth = quantiles[high].map((value, i) => this.spot(i + 1, value));
      const back = quantiles[low].map((value, i) => this.spot(i + 1, value)).reverse();
      svg.append(drawn("path", { class: "band", d: "M" + [...forth, ...back].join("L") + "Z" }));
    }
  }

  line(values, from) {
    let path = "";
    let pen = "M";
    values.forEach((value, i) => {
      if (value === null) {
        pen = "M";
      } else {
        path += pen + this.spot(from + i, value);
        pen = "L";
      }
    });
    return path || "M0 0";
  }

  /** A value with none next to it makes no line. */
  lonely(svg) {
    const { past } = this.data;
    past.forEach((value, i) => {
      if (value !== null && (past[i - 1] ?? null) === null && (past[i + 1] ?? null) === null) {
        svg.append(drawn("circle", { class: "dot", cx: this.x(this.first + i), cy: this.y(value), r: 1.8 }));
      }
    });
  }

  spot(step, value) {
    return this.x(step).toFixed(1) + " " + this.y(value).toFixed(1);
  }

  point(event) {
    if (this.data) {
      const inside = (event.clientX - this.place.getBoundingClientRect().left - LEFT) / this.plotWidth;
      this.choose(Math.round(this.first + inside * (this.last - this.first)));
    }
  }

  step(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
    const ends = { Home: this.first, End: this.last };
    if (this.data && (event.key in moves || event.key in ends)) {
      event.preventDefault();
      this.choose(ends[event.key] ?? (this.at ?? 0) + moves[event.key]);
    }
  }

  choose(step) {
    if (!this.data || !this.cursor) {
      return;
    }
    this.at = step === null ? null : Math.min(Math.max(step, this.first), this.last);
    this.cursor.setAttribute("visibility", this.at === null ? "hidden" : "visible");
    if (this.at === null) {
      this.read("");
      return;
    }
    const x = this.x(this.at).toFixed(1);
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
    this.read(this.describe(this.at));
  }

  describe(step) {
    const { past, levels, quantiles, label } = this.data;
    if (step < 1) {
      const value = past[step - this.first];
      return label(step) + ": " + (value === null ? "missing" : short(value));
    }
    const at = (level) => short(quantiles[level][step - 1]);
    const median = levels.indexOf(0.5);
    return (
      label(step) + ": " + (median < 0 ? "" : at(median) + ", ") +
      at(0) + " to " + at(levels.length - 1)
    );
  }
}

/** Round values from low to high. */
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].find((one) => one * power >= rough) * power;
  const found = [];
  for (let i = Math.ceil(low / size); i * size <= high; i++) {
    found.push(i * size);
  }
  return found;
}

/** A number of five digits or so. */
export function short(value) {
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e6 || size < 1e-3)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(5)));
}
