// Tries the page of a running server in headless Chromium: every section with the mouse and with
// the keyboard, at the size of a desktop and of a phone, light and dark, and what axe-core says of
// its accessibility. Screenshots go to a folder; further arguments choose some of the tries. See
// README.md.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const server = process.argv[2] ?? "http://localhost:8080";
const folder = process.argv[3] ?? "screenshots";
const chosen = process.argv.slice(4);
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

/** A page that fails the test if anything on it goes wrong or comes from elsewhere. */
async function open(options) {
  const context = await browser.newContext({ deviceScaleFactor: 2, ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") {
      troubles.push(message.text());
    }
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["blob:", "data:"].includes(url.protocol) && url.origin !== new URL(server).origin) {
      troubles.push("asks " + url);
    }
  });
  await page.goto(server + "/");
  await ready(page);
  return { page, troubles, close: () => context.close() };
}

async function ready(page) {
  await page.waitForFunction(() => document.getElementById("server").textContent.includes("model"));
  await page.waitForFunction(() => {
    const images = [...document.querySelectorAll("#picture-samples img")];
    return images.length > 0 && images.every((image) => image.complete && image.naturalWidth > 0);
  });
}

const text = (page, id) => page.locator("#" + id).textContent();

async function until(page, id, pattern, timeout = 20000) {
  await page.waitForFunction(
    ([where, source]) => new RegExp(source).test(document.getElementById(where).textContent),
    [id, pattern.source],
    { timeout });
  return text(page, id);
}

async function writes(page) {
  await page.fill("#max-tokens", "60");
  await page.locator("#text summary").click();
  await page.fill("#seed", "7");
  await page.click("#text-go");
  const status = await until(page, "text-status", / tokens in .*, the first after .* a second/);
  const story = await text(page, "story");
  assert.ok(story.startsWith("It was a dark and stormy night"), story);
  assert.ok(story.length > 100, story);
  assert.equal(await page.locator("#story").getAttribute("aria-busy"), "false");
  await page.click("#text-more");
  await until(page, "text-status", / tokens in /);
  assert.ok((await text(page, "story")).startsWith(story));
  return status;
}

async function stops(page) {
  await page.fill("#max-tokens", "4000");
  await page.click("#text-go");
  await page.waitForFunction(() => document.getElementById("story").textContent.length > 120);
  await page.click("#text-stop");
  await until(page, "text-status", /^Stopped. \d+ tokens/);
  await page.fill("#max-tokens", "60");
}

async function saysThatItDoesNotChat(page) {
  await page.check("#kind-chat");
  assert.ok(await page.locator("#chat-missing").isVisible());
  assert.match(await text(page, "chat-missing"), /small story models/);
  assert.ok(!(await page.locator("#text-form").isVisible()));
  await page.check("#kind-text");
  assert.ok(await page.locator("#text-form").isVisible());
}

async function refusesSampling(page) {
  await page.fill("#stop-text", "");
  await page.evaluate(() => {
    document.getElementById("text-form").noValidate = true;
    document.getElementById("temperature").value = "-3";
  });
  await page.click("#text-go");
  await until(page, "text-status", /temperature/);
  assert.ok(await page.locator("#text-status.failed").isVisible());
  await page.fill("#temperature", "0.8");
}

async function looks(page) {
  await page.locator("#picture-samples button").first().click();
  const status = await until(page, "picture-status", /^sample picture 1: .* \d+ %.* in the model/);
  assert.match(status, /Ankle boot/);
  assert.equal(await page.locator("#picture-labels li").count(), 5);
  assert.equal(await page.locator("#picture-samples button[aria-pressed=true]").count(), 1);
  await page.setInputFiles("#picture-file", {
    name: "words.png",
    mimeType: "image/png",
    buffer: Buffer.from("this is no picture"),
  });
  await until(page, "picture-status", /expected a JPEG, PNG, GIF or BMP image/);
  await page.locator("#picture-samples button").nth(4).click();
  await until(page, "picture-status", /^sample picture 5: /);
}

async function forecasts(page) {
  await page.locator("#series-samples button").first().click();
  const status = await until(page, "series-status", /^co2, 52 steps ahead: .* in the model/);
  assert.ok((await page.locator("#chart path.band").count()) === 4);
  assert.match(await page.locator("#chart").getAttribute("aria-label"), /co2, 52 steps ahead/);
  await page.locator("#chart").focus();
  await page.keyboard.press("End");
  assert.match(await text(page, "chart-reading"), /^2002-12-28: [\d.]+, [\d.]+ to [\d.]+$/);
  await page.keyboard.press("Home");
  assert.match(await text(page, "chart-reading"), /^19\d\d-\d\d-\d\d: ([\d.]+|missing)$/);
  const { width } = await page.locator("#chart").boundingBox();
  await page.locator("#chart").hover({ position: { x: width - 30, y: 100 } });
  assert.match(await text(page, "chart-reading"), / to /);
  assert.equal(await page.locator("#numbers-table tbody tr").count(), 52);
  return status;
}

async function forecastsWhatIsPasted(page) {
  await page.fill("#csv", "hour;load;price\n" + Array.from({ length: 96 }, (_, i) =>
    `2024-03-${String(1 + Math.floor(i / 24)).padStart(2, "0")} ${String(i % 24).padStart(2, "0")}:00;${
      i === 50 ? "" : (50 + 20 * Math.sin(i / 3.8)).toFixed(1)};${i}`).join("\n"));
  assert.deepEqual(await page.locator("#column option").allTextContents(), ["load", "price"]);
  await page.fill("#horizon", "24");
  await page.click("#series-form button[type=submit]");
  await until(page, "series-status", /^load, 24 steps ahead/);
  await page.fill("#csv", "a\n1\ntwo\n3\n");
  await page.click("#series-form button[type=submit]");
  await until(page, "series-status", /line 3/);
  assert.ok(await page.locator("#series-status.failed").isVisible());
}

async function balances(page) {
  await page.click("#pole-go");
  await until(page, "pole-steps", /^(1[0-9][0-9]|[2-9][0-9][0-9]) steps/);
  assert.match(await text(page, "pole-model"), /[µm]s$/);
  await page.click("#pole-right");
  await page.waitForTimeout(1500);
  assert.doesNotMatch(await text(page, "pole-status"), /fell|ended/);
  const steps = await text(page, "pole-steps");
  await page.click("#pole-go");
  await until(page, "pole-status", /^Paused$/);
  return steps + ", " + (await text(page, "pole-round")) + " each";
}

/** All of it without a mouse. */
async function goesByKeyboard(page) {
  await page.reload();
  await ready(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.locator("#series-samples button").first().press("Enter");
  await until(page, "series-status", /^co2, /);
  const reached = new Set();
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press("Tab");
    const { id, visible } = await page.evaluate(() => {
      const active = document.activeElement;
      const style = getComputedStyle(active.closest("label") ?? active);
      const own = getComputedStyle(active);
      return { id: active.id, visible: style.outlineStyle !== "none" || own.outlineStyle !== "none" };
    });
    if (id) {
      assert.ok(visible, "focus cannot be seen at " + id);
      reached.add(id);
    }
  }
  for (const id of ["prompt", "text-go", "picture-file", "csv", "csv-file", "column", "horizon", "chart", "pole-go"]) {
    assert.ok(reached.has(id), "Tab does not reach " + id);
  }
  await page.focus("#prompt");
  await page.keyboard.press("Control+Enter");
  await until(page, "text-status", / tokens in /);
}

async function isAccessible(page) {
  await page.evaluate(readFileSync(axe, "utf8")); // as a script of the page its policy would forbid it
  const { violations } = await page.evaluate(() =>
    axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const found = violations.map(
    (one) => one.id + ": " + one.help + " at " + one.nodes.map((node) => node.target).join(", "));
  assert.deepEqual(found, []);
}

async function fits(page, width) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, "the page is " + wide + " wide on a screen of " + width);
}

async function shoot(page, name) {
  await page.evaluate(() => {
    document.activeElement.blur();
    scrollTo({ top: 0, behavior: "instant" });
  });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

const TRIES = [
  ["desktop", { viewport: DESKTOP, colorScheme: "light" }],
  ["desktop-dark", { viewport: DESKTOP, colorScheme: "dark" }],
  ["phone", { viewport: PHONE, colorScheme: "light", hasTouch: true, isMobile: true }],
  ["phone-dark", { viewport: PHONE, colorScheme: "dark", hasTouch: true, isMobile: true, reducedMotion: "reduce" }],
];

try {
  for (const [name, options] of TRIES) {
    if (chosen.length > 0 && !chosen.includes(name)) {
      continue;
    }
    const { page, troubles, close } = await open(options);
    await shoot(page, name + "-first");
    await isAccessible(page);
    console.log(name, "text:", await writes(page));
    await looks(page);
    console.log(name, "series:", await forecasts(page));
    console.log(name, "control:", await balances(page));
    await fits(page, options.viewport.width);
    await shoot(page, name);
    await isAccessible(page);
    if (name === "desktop") {
      await stops(page);
      await saysThatItDoesNotChat(page);
      await refusesSampling(page);
      await forecastsWhatIsPasted(page);
      await goesByKeyboard(page);
    }
    // what the server refuses is shown in the console, and was asked for
    const unexpected = troubles.filter((line) => !/status of 400/.test(line));
    assert.deepEqual(unexpected, []);
    await close();
  }
  console.log("all is well; screenshots in " + folder);
} finally {
  await browser.close();
}
