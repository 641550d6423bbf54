// Uses the official JavaScript client of OpenAI's interface:
// node openai-client.mjs BASE_URL MODEL [CHAT_MODEL]
import OpenAI from "openai";

const [base, model, chatModel] = process.argv.slice(2);
const client = new OpenAI({ baseURL: base + "/v1", apiKey: "unused", maxRetries: 0 });
const prompt = "It was a dark and stormy night";

function check(holds, what) {
  if (!holds) {
    console.error("failed: " + what);
    process.exit(1);
  }
  console.log("ok:", what);
}

const names = (await client.models.list()).data.map((one) => one.id);
check(names.includes(model), "models.list names the model");

const common = { model, prompt, temperature: 0, max_tokens: 12 };
const whole = await client.completions.create(common);
const text = whole.choices[0].text;
check(text.length > 20 && whole.choices[0].finish_reason === "length", "completions.create");
check(whole.usage.completion_tokens === 12, "usage");

const pieces = [];
let usage = null;
for await (const event of await client.completions.create({
  ...common,
  stream: true,
  stream_options: { include_usage: true },
})) {
  pieces.push(...event.choices.map((choice) => choice.text));
  usage = event.usage ?? usage;
}
check(pieces.join("") === text && pieces.length > 10, "a stream has the same text in pieces");
check(usage.total_tokens === whole.usage.total_tokens, "usage of a stream");

const stopped = await client.completions.create({ ...common, stop: [" rain"] });
check(stopped.choices[0].text === text.slice(0, text.indexOf(" rain")), "stop");

const listed = (await client.completions.create({ ...common, logprobs: 2 })).choices[0].logprobs;
check(listed.tokens.join("") === text, "logprobs");

// a client that goes away in the middle of a stream
const left = await client.completions.create({ ...common, max_tokens: 4000, stream: true });
for await (const _ of left) {
  left.controller.abort();
  break;
}
check(true, "a stream that is left");

for (const [fields, kind, param] of [
  [{ frequency_penalty: 1 }, OpenAI.BadRequestError, "frequency_penalty"],
  [{ model: "gpt-4" }, OpenAI.NotFoundError, "model"],
]) {
  try {
    await client.completions.create({ ...common, ...fields });
    check(false, JSON.stringify(fields) + " is refused");
  } catch (refusal) {
    check(refusal instanceof kind && refusal.param === param, param + " is refused by name");
  }
}

const messages = [{ role: "user", content: "Hello" }];
if (chatModel === undefined) {
  try {
    await client.chat.completions.create({ model, messages });
    check(false, "no chat with a model that has no template");
  } catch (refusal) {
    check(refusal.message.includes("no chat model"), "no chat with a model that has no template");
  }
} else {
  const chat = { model: chatModel, messages, temperature: 0, max_tokens: 12 };
  const said = (await client.chat.completions.create(chat)).choices[0].message;
  check(said.role === "assistant" && said.content !== null, "chat.completions.create");
  let streamed = "";
  for await (const event of await client.chat.completions.create({ ...chat, stream: true })) {
    streamed += event.choices[0]?.delta?.content ?? "";
  }
  check(streamed === said.content, "a streamed chat has the same text");
}
