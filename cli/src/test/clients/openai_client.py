"""Uses the official Python client of OpenAI's interface: openai_client.py BASE_URL MODEL [CHAT_MODEL]"""

import sys

import openai

base, model = sys.argv[1:3]
chat_model = sys.argv[3] if len(sys.argv) > 3 else None
client = openai.OpenAI(base_url=base + "/v1", api_key="unused", max_retries=0)
prompt = "It was a dark and stormy night"


def check(holds, what):
    if not holds:
        sys.exit("failed: " + what)
    print("ok:", what)


names = [one.id for one in client.models.list()]
check(model in names, "models.list names the model")

whole = client.completions.create(model=model, prompt=prompt, temperature=0, max_tokens=12)
text = whole.choices[0].text
check(len(text) > 20 and whole.choices[0].finish_reason == "length", "completions.create")
check(whole.usage.completion_tokens == 12, "usage")

pieces, usage = [], None
for event in client.completions.create(
    model=model, prompt=prompt, temperature=0, max_tokens=12, stream=True,
    stream_options={"include_usage": True},
):
    pieces += [choice.text for choice in event.choices]
    usage = event.usage or usage
check("".join(pieces) == text and len(pieces) > 10, "a stream has the same text in pieces")
check(usage.total_tokens == whole.usage.total_tokens, "usage of a stream")

seeded = [
    client.completions.create(model=model, prompt=prompt, seed=3, max_tokens=20, n=2)
    for _ in range(2)
]
check([c.text for c in seeded[0].choices] == [c.text for c in seeded[1].choices], "seed and n")

stopped = client.completions.create(
    model=model, prompt=prompt, temperature=0, max_tokens=12, stop=[" rain"])
check(stopped.choices[0].text == text[:text.index(" rain")], "stop")

listed = client.completions.create(
    model=model, prompt=prompt, temperature=0, max_tokens=3, logprobs=2).choices[0].logprobs
check("".join(listed.tokens) == text[:sum(map(len, listed.tokens))], "logprobs: tokens")
check(max(listed.top_logprobs[0].values()) == listed.token_logprobs[0], "logprobs: the likeliest")

for arguments, error, param in [
    ({"frequency_penalty": 1.0}, openai.BadRequestError, "frequency_penalty"),
    ({"temperature": -1.0}, openai.BadRequestError, "temperature"),
    ({"model": "gpt-4"}, openai.NotFoundError, "model"),
]:
    try:
        client.completions.create(**{"model": model, "prompt": prompt, **arguments})
        check(False, f"{arguments} is refused")
    except error as refusal:
        check(refusal.param == param and param in refusal.message, f"{arguments} is refused by name")

if chat_model is None:
    try:
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hi"}])
        check(False, "no chat with a model that has no template")
    except openai.BadRequestError as refusal:
        check("no chat model" in refusal.message, "no chat with a model that has no template")
else:
    messages = [{"role": "user", "content": "Hello"}]
    answer = client.chat.completions.create(
        model=chat_model, messages=messages, temperature=0, max_tokens=12, logprobs=True,
        top_logprobs=2)
    said = answer.choices[0].message
    check(said.role == "assistant" and said.content is not None, "chat.completions.create")
    check(len(answer.choices[0].logprobs.content[0].top_logprobs) == 2, "logprobs of a chat")
    streamed = ""
    for event in client.chat.completions.create(
        model=chat_model, messages=messages, temperature=0, max_tokens=12, stream=True
    ):
        streamed += event.choices[0].delta.content or ""
    check(streamed == said.content, "a streamed chat has the same text")
