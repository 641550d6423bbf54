// Continues a text, or talks: the answer is shown while it is written.

import { events, Failure } from "./api.js";
import { $, element, offerModels, say, time } from "./dom.js";

/** Milliseconds between two looks of a text that grows: each costs the browser a layout. */
const SHOWN_EACH = 50;

let writers = [];
let talkers = [];
let turns = [];
let running = null;

export function begin(completing, chatting) {
  writers = completing;
  talkers = chatting;
  $("kind-text").addEventListener("change", choose);
  $("kind-chat").addEventListener("change", choose);
  $("text-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!running) {
      chats() ? answer() : write($("prompt").value);
    }
  });
  $("text-stop").addEventListener("click", () => running?.abort());
  $("text-more").addEventListener("click", () => write($("story").textContent));
  $("text-clear").addEventListener("click", () => {
    turns = [];
    clear();
    $("prompt").focus();
  });
  $("prompt").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      $("text-form").requestSubmit();
    }
  });
  choose();
}

function chats() {
  return $("kind-chat").checked;
}

function choose() {
  running?.abort();
  const chat = chats();
  const models = chat ? talkers : writers;
  const none = models.length === 0;
  $("text-form").hidden = none;
  $("text-note").hidden = chat;
  $("chat-missing").hidden = !none;
  $("prompt-label").textContent = chat ? "Your words" : "Beginning";
  $("text-go").textContent = chat ? "Send" : "Continue";
  $("prompt").value = chat ? "" : "It was a dark and stormy night";
  offerModels($("text-model"), models);
  turns = [];
  clear();
}

function clear() {
  $("story").replaceChildren();
  $("story").hidden = true;
  $("text-more").hidden = true;
  $("text-clear").hidden = true;
  say($("text-status"), "");
}

/** Sampling options as the server knows them. */
function options() {
  const chosen = { model: $("text-model").value, stream: true, stream_options: { include_usage: true } };
  const numbers = {
    max_tokens: "max-tokens",
    temperature: "temperature",
    top_p: "top-p",
    top_k: "top-k",
    repeat_penalty: "repeat-penalty",
    seed: "seed",
  };
  for (const [name, id] of Object.entries(numbers)) {
    if ($(id).value !== "") {
      chosen[name] = Number($(id).value);
    }
  }
  if ($("stop-text").value !== "") {
    chosen.stop = [$("stop-text").value];
  }
  return chosen;
}

async function write(prompt) {
  const written = element("span");
  $("story").replaceChildren(element("span", { class: "given" }, prompt), written);
  $("story").setAttribute("aria-label", "What was written");
  await stream("/v1/completions", { ...options(), prompt }, written, (choice) => choice.text);
  $("text-more").hidden = false;
}

async function answer() {
  const question = $("prompt").value;
  turns.push({ role: "user", content: question });
  $("prompt").value = "";
  const written = element("span");
  $("story").setAttribute("aria-label", "What was said");
  $("story").append(turn("You", question), turn($("text-model").value, written));
  const read = (choice) => choice.delta?.content;
  await stream("/v1/chat/completions", { ...options(), messages: turns }, written, read);
  turns.push({ role: "assistant", content: written.textContent });
  $("text-clear").hidden = false;
  $("prompt").focus();
}

function turn(who, content) {
  return element("p", { class: "turn" }, element("span", { class: "who" }, who), content);
}

async function stream(path, body, written, read) {
  const story = $("story");
  running = new AbortController();
  story.hidden = false;
  story.setAttribute("aria-busy", "true");
  $("text-go").disabled = true;
  $("text-more").disabled = true;
  $("text-stop").disabled = false;
  $("text-stop").focus({ preventScroll: true });
  say($("text-status"), "Writing");
  const begun = performance.now();
  let first = 0;
  let tokens = 0;
  let ended = "";
  const waiting = [];
  const showing = setInterval(() => show(written, waiting), SHOWN_EACH);
  try {
    for await (const event of events(path, body, running.signal)) {
      for (const choice of event.choices) {
        const piece = read(choice);
        if (piece) {
          first ||= performance.now();
          tokens++;
          waiting.push(piece);
        }
      }
      tokens = event.usage?.completion_tokens ?? tokens;
    }
  } catch (e) {
    if (e.name === "AbortError") {
      ended = "Stopped. ";
    } else {
      say($("text-status"), e instanceof Failure ? e.message : "The answer broke off", true);
      ended = null;
    }
  }
  clearInterval(showing);
  show(written, waiting);
  if (ended !== null) {
    say($("text-status"), ended + summary(begun, first, tokens));
  }
  running = null;
  story.setAttribute("aria-busy", "false");
  $("text-go").disabled = false;
  $("text-more").disabled = false;
  if (document.activeElement === $("text-stop")) {
    $("text-go").focus({ preventScroll: true });
  }
  $("text-stop").disabled = true;
}

/** Shows what has come meanwhile, and follows it if the end was in sight. */
function show(written, pieces) {
  if (pieces.length > 0) {
    const story = $("story");
    const follows = story.scrollTop + story.clientHeight > story.scrollHeight - 30;
    written.append(pieces.splice(0).join(""));
    if (follows) {
      story.scrollTop = story.scrollHeight;
    }
  }
}

function summary(begun, first, tokens) {
  const now = performance.now();
  if (!first) {
    return "Nothing followed, after " + time(now - begun);
  }
  const speed = tokens > 1 ? ", " + Math.round((tokens - 1) / ((now - first) / 1000)) + " a second" : "";
  return (
    tokens + (tokens === 1 ? " token in " : " tokens in ") + time(now - begun) +
    ", the first after " + time(first - begun) + speed
  );
}
