// The model balances the pole: the physics are here, the actions come over a WebSocket.

import { socket } from "./api.js";
import { MOST_POSITION, STEP, after, fell, observation, start } from "./cartpole.js";
import { $, say, time } from "./dom.js";

export const TASK = "CartPole-v1";

/** Steps of an episode, as in the task: a model that was trained on these goes on with the next. */
const EPISODE = 500;

/** How much a nudge turns the pole, in radians a second. */
const NUDGE = 0.35;
const LATENCIES = 101;
const PIXELS = 576 / (2 * MOST_POSITION);
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

let model = "";
let connection = null;
let cart = start();
let lastAction = null;
let steps = 0;
let inEpisode = 0;
let best = 0;
let sentAt = 0;
let due = 0;
let modelTimes = [];
let roundTimes = [];
let drawnAt = 0;

export function begin(models) {
  model = models[0].id;
  $("pole-go").addEventListener("click", () => (connection ? pause() : run()));
  $("pole-left").addEventListener("click", () => (cart.turn -= NUDGE));
  $("pole-right").addEventListener("click", () => (cart.turn += NUDGE));
  $("scene").addEventListener("pointerdown", (event) => {
    const middle = $("cart").getBoundingClientRect();
    cart.turn += event.clientX < (middle.left + middle.right) / 2 ? NUDGE : -NUDGE;
  });
  document.addEventListener("visibilitychange", () => document.hidden && pause());
  draw();
}

function run() {
  say($("pole-status"), "Connecting");
  const query = new URLSearchParams({ model, task: TASK });
  const mine = socket("/v1/act?" + query);
  connection = mine;
  $("pole-go").textContent = "Pause";
  mine.onopen = () => {
    if (connection !== mine) {
      return;
    }
    say($("pole-status"), "Balancing");
    for (const id of ["pole-left", "pole-right"]) {
      $(id).disabled = false;
    }
    modelTimes = [];
    roundTimes = [];
    inEpisode = 0;
    due = performance.now();
    ask();
  };
  mine.onmessage = (event) => connection === mine && take(JSON.parse(event.data));
  mine.onclose = (event) => {
    if (connection === mine) {
      stopped(event.reason || "The connection ended");
    }
  };
}

function pause() {
  if (connection) {
    const closing = connection;
    connection = null;
    closing.close(1000);
    stopped(null);
  }
}

function stopped(trouble) {
  connection = null;
  $("pole-go").textContent = "Start";
  for (const id of ["pole-left", "pole-right"]) {
    $(id).disabled = true;
  }
  say($("pole-status"), trouble ?? "Paused", trouble !== null);
}

function ask() {
  sentAt = performance.now();
  // the cart got there by the action before, which earned the reward
  const reward = inEpisode > 0 ? 1 : 0;
  connection.send(JSON.stringify({ observation: observation(cart), reward }));
}

function take(answer) {
  if (answer.error) {
    const closing = connection;
    stopped(answer.error);
    closing.close(1000);
    return;
  }
  if (answer.observation !== undefined) {
    ask(); // a new episode has begun
    return;
  }
  keep(roundTimes, performance.now() - sentAt);
  keep(modelTimes, answer.nanoseconds / 1e6);
  lastAction = answer.action;
  cart = after(cart, answer.action);
  steps++;
  inEpisode++;
  best = Math.max(best, steps);
  const down = fell(cart);
  if (down) {
    say($("pole-status"), "It fell after " + steps + " steps; the next try has begun");
    cart = start();
    steps = 0;
  }
  draw();
  // late steps are not made up for: the world waits
  due = Math.max(due + 1000 * STEP, performance.now());
  setTimeout(next, due - performance.now(), down || inEpisode === EPISODE);
}

function next(newEpisode) {
  if (!connection) {
    return;
  }
  if (newEpisode) {
    inEpisode = 0;
    sentAt = performance.now();
    connection.send(JSON.stringify({ reset: { task: TASK } }));
  } else {
    ask();
  }
}

function keep(times, milliseconds) {
  times.push(milliseconds);
  if (times.length > LATENCIES) {
    times.shift();
  }
}

function median(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function draw() {
  const now = performance.now();
  if (STILL.matches && now - drawnAt < 500 && steps !== 0) {
    return; // twice a second shows enough to those who want no motion
  }
  drawnAt = now;
  $("cart").setAttribute("transform", `translate(${(320 + cart.position * PIXELS).toFixed(1)} 0)`);
  $("pole").setAttribute("transform", `rotate(${((cart.angle * 180) / Math.PI).toFixed(2)} 0 176)`);
  const arrow = { 0: "M-44 185h-22m8 -7l-8 7l8 7", 1: "M44 185h22m-8 -7l8 7l-8 7" };
  $("push").setAttribute("d", arrow[lastAction] ?? "M0 0");
  const seconds = (steps * STEP).toFixed(1);
  $("pole-steps").textContent = steps + " steps, " + seconds + " s";
  $("pole-best").textContent = best + " steps";
  if (roundTimes.length > 0) {
    $("pole-model").textContent = time(median(modelTimes));
    $("pole-round").textContent = time(median(roundTimes));
  }
}
