// Says what is on a picture.

import { request, Failure } from "./api.js";
import { $, drawn, dropsOn, element, offerModels, say, taken } from "./dom.js";

const TOP = 5;

let shownUrl = "";
let number = 0;

export function begin(models, samples) {
  offerModels($("picture-model"), models);
  $("picture-file").addEventListener("change", () => {
    const file = $("picture-file").files[0];
    if (file) {
      show(file, file.name);
    }
  });
  dropsOn($("picture-drop"), (file) => show(file, file.name));
  document.addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (file) {
      show(file, "the pasted picture");
    }
  });
  $("picture-model").addEventListener("change", () => say($("picture-status"), ""));
  if (models.some((model) => model.id.includes("fashion"))) {
    $("picture-note").hidden = false;
    $("picture-note").textContent =
      "The shipped model tells ten kinds of clothing apart, on small gray pictures with a black" +
      " background. Whatever else it is shown, it calls one of the ten.";
  }
  samples.forEach((sample, index) => offer(sample, index));
}

/** A button with a sample, fetched as all else is, since an element of its own brings no key. */
async function offer(sample, index) {
  const name = "sample picture " + (index + 1);
  const image = element("img", { alt: "Sample picture " + (index + 1) });
  const button = element("button", { type: "button", "aria-pressed": "false" }, image);
  $("picture-samples").append(button);
  try {
    const file = await (await request(sample.url)).blob();
    image.src = URL.createObjectURL(file);
    button.addEventListener("click", async () => {
      await show(file, name);
      button.setAttribute("aria-pressed", "true");
    });
  } catch (e) {
    button.remove();
  }
}

async function show(file, name) {
  const mine = ++number;
  for (const button of $("picture-samples").children) {
    button.setAttribute("aria-pressed", "false");
  }
  URL.revokeObjectURL(shownUrl);
  shownUrl = URL.createObjectURL(file);
  const picture = $("picture-shown");
  picture.onload = () => picture.classList.toggle("small", picture.naturalWidth < 100);
  picture.src = shownUrl;
  picture.alt = name;
  picture.hidden = false;
  $("picture-hint").replaceChildren("Drop another or ", element("u", {}, "choose one"));
  say($("picture-status"), "Looking");
  const begun = performance.now();
  const path =
    "/v1/classifications?top_k=" + TOP + "&model=" + encodeURIComponent($("picture-model").value);
  try {
    const headers = { "Content-Type": file.type || "application/octet-stream" };
    const response = await request(path, { method: "POST", headers, body: file });
    const answer = (await response.json()).data[0];
    if (mine !== number) {
      return;
    }
    list(answer.labels);
    const best = answer.labels[0];
    say(
      $("picture-status"),
      name + ": " + best.label + ", " + percent(best.probability) + ". " + taken(begun, response));
  } catch (e) {
    $("picture-labels").replaceChildren();
    say($("picture-status"), e instanceof Failure ? e.message : "The picture cannot be sent", true);
  }
}

function percent(share) {
  return (100 * share).toFixed(share < 0.1 ? 1 : 0) + " %";
}

function list(labels) {
  $("picture-labels").replaceChildren(
    ...labels.map(({ label, probability }) =>
      element(
        "li",
        {},
        element("span", { class: "name" }, label),
        element("span", { class: "share" }, percent(probability)),
        drawn(
          "svg",
          { viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
          drawn("rect", { class: "track", width: 100, height: 4, rx: 0.5 }),
          drawn("rect", { class: "bar", width: Math.max(100 * probability, 0.3), height: 4, rx: 0.5 })))));
}
