// Small helpers of all sections.

export const $ = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same in a drawing. */
export function drawn(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Fills a choice of models; where there is only one, the choice itself is left out. */
export function offerModels(select, models) {
  select.replaceChildren(...models.map((model) => element("option", { value: model.id }, model.id)));
  select.closest(".field").hidden = models.length < 2;
}

/** A time for people. */
export function time(milliseconds) {
  if (milliseconds < 1) {
    return (milliseconds * 1000).toFixed(0) + " µs";
  }
  if (milliseconds < 10) {
    return milliseconds.toFixed(1) + " ms";
  }
  return milliseconds < 1000
    ? milliseconds.toFixed(0) + " ms"
    : (milliseconds / 1000).toFixed(2) + " s";
}

/** The time that the server says its model took, in milliseconds, or NaN. */
export function modelTime(response) {
  const found = /model;dur=([0-9.]+)/.exec(response.headers.get("Server-Timing") ?? "");
  return found ? Number(found[1]) : NaN;
}

/** What a request took: the model, and the way there and back. */
export function taken(begun, response) {
  const all = time(performance.now() - begun);
  const model = modelTime(response);
  return Number.isNaN(model) ? all : time(model) + " in the model, " + all + " in all";
}

/** A line about what happens; a failure looks like one. */
export function say(line, text, failed = false) {
  line.classList.toggle("failed", failed);
  line.textContent = text;
}

/** Lets files be dropped on an element. */
export function dropsOn(target, take) {
  target.addEventListener("dragover", (event) => {
    event.preventDefault();
    target.classList.add("over");
  });
  target.addEventListener("dragleave", () => target.classList.remove("over"));
  target.addEventListener("drop", (event) => {
    target.classList.remove("over");
    const file = event.dataTransfer.files[0];
    if (file) {
      event.preventDefault();
      take(file);
    }
  });
}
