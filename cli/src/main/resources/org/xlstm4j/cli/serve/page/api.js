// Requests to the server that this page came from.

let key = sessionStorage.getItem("key") ?? "";

export function useKey(text) {
  key = text;
  sessionStorage.setItem("key", text);
}

/** What went wrong, in a sentence for people. */
export class Failure extends Error {}

async function failure(response) {
  const text = await response.text();
  let message = "";
  try {
    message = JSON.parse(text).error?.message ?? "";
  } catch {
    // no JSON: some other server answered in between
  }
  if (response.status === 401) {
    document.dispatchEvent(new CustomEvent("key-needed"));
  }
  if (response.status === 503) {
    const wait = response.headers.get("Retry-After");
    message = "The server is busy" + (wait ? "; try again in " + wait + " s" : "");
  }
  return new Failure(message || "The server answered with status " + response.status);
}

/** A request; what is no success is thrown as a Failure. */
export async function request(path, options = {}) {
  const headers = new Headers(options.headers);
  if (key) {
    headers.set("Authorization", "Bearer " + key);
  }
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (e) {
    if (e.name === "AbortError") {
      throw e;
    }
    throw new Failure("The server cannot be reached");
  }
  if (!response.ok) {
    throw await failure(response);
  }
  return response;
}

export function post(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  return request(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

/** The objects of an answer of server-sent events, as they come. */
export async function* events(path, body, signal) {
  const response = await post(path, body, signal);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let waiting = "";
  while (true) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    waiting += decoder.decode(value, { stream: true });
    const whole = waiting.split(/\r?\n\r?\n/);
    waiting = whole.pop();
    for (const event of whole) {
      const data = event
        .split(/\r?\n/)
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart())
        .join("\n");
      if (data === "[DONE]") {
        return;
      }
      if (data) {
        const object = JSON.parse(data);
        if (object.error) {
          throw new Failure(object.error.message);
        }
        yield object;
      }
    }
  }
}

/** A WebSocket; a key goes along as a subprotocol, since a browser sets no headers. */
export function socket(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const protocols = ["xlstm.act"];
  if (key) {
    const bytes = new TextEncoder().encode(key);
    const text = btoa(String.fromCharCode(...bytes));
    protocols.push("key." + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""));
  }
  return new WebSocket(url, protocols);
}
