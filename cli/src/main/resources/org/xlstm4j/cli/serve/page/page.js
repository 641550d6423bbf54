// What the sections have in common: which models there are, and the key.

import { request, useKey, Failure } from "./api.js";
import * as text from "./text.js";
import * as pictures from "./pictures.js";
import * as series from "./series.js";
import * as control from "./control.js";
import { $ } from "./dom.js";

/** The section's models; a section without any says so. */
function offer(section, models, begin) {
  $(section).querySelector(".missing").hidden = models.length > 0;
  $(section).querySelector(".work").hidden = models.length === 0;
  if (models.length > 0) {
    begin(models);
  }
}

async function begin() {
  const server = $("server");
  try {
    const { data } = await (await request("/v1/models")).json();
    const models = data.map((model) => ({ ...model, capabilities: model.capabilities ?? [] }));
    const able = (capability) => models.filter((model) => model.capabilities.includes(capability));
    const samples = await (await request("/page/samples")).json();
    offer("text", able("completions"), (found) => text.begin(found, able("chat")));
    offer("pictures", able("classifications"), (found) => pictures.begin(found, samples.pictures));
    offer("series", able("forecasts"), (found) => series.begin(found, samples.series));
    offer("control", able("act").filter((model) => model.tasks?.includes(control.TASK)), control.begin);
    const names = models.map((model) => model.id).join(", ");
    server.textContent = models.length + (models.length === 1 ? " model: " : " models: ") + names;
  } catch (e) {
    if (!(e instanceof Failure)) {
      throw e;
    }
    server.textContent = e.message;
  }
}

document.addEventListener("key-needed", () => {
  $("key-form").hidden = false;
});
$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey($("key").value);
  location.reload();
});

begin();
