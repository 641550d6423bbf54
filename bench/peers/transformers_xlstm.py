"""Times Hugging Face's xLSTM on the CPU. Speaks the protocol of bench/run: one JSON line.

With --first-word PROMPT it writes the likeliest word behind a prompt as soon as it is known instead,
for measuring the start of the process.
"""
import argparse
import time

import torch
import transformers
from transformers import xLSTMForCausalLM
from transformers.models.xlstm.modeling_xlstm import xLSTMCache

from peer import answer, check_tokens, timed, tokens, torch_name


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--case", default="tg32", help="tg32, pp512, or tg32@1000 for 32 tokens behind 1000")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--architecture", help="what --compile compiles for, instead of this processor")
    parser.add_argument("--first-word", metavar="PROMPT")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    model = xLSTMForCausalLM.from_pretrained(options.model, dtype="auto").eval()
    vocabulary = model.config.vocab_size
    if options.architecture:
        from torch._inductor import config as inductor

        inductor.cpp.march = options.architecture
    forward = torch.compile(model) if options.compile else model

    work, _, depth = options.case.partition("@")
    count, depth = int(work[2:]), int(depth or 0)

    def new_cache():
        return xLSTMCache(model.config, max_batch_size=1, device=model.device, dtype=torch.float32)

    def feed(cache, tokens):
        return forward(input_ids=torch.tensor([tokens]), cache_params=cache, use_cache=True).logits[0, -1]

    def start():
        cache = new_cache()
        return cache, feed(cache, check_tokens(vocabulary))

    timed_tokens = tokens(count, vocabulary)

    with torch.inference_mode():
        if options.first_word:
            tokenizer = transformers.AutoTokenizer.from_pretrained(options.model)
            ids = tokenizer(options.first_word, add_special_tokens=False).input_ids
            print(tokenizer.decode(feed(new_cache(), ids).argmax().item()), flush=True)
            return
        cache, logits = start()
        check = logits.float()[:32].tolist()
        if depth:
            deep = new_cache()
            feed(deep, [(41 * i + 3) % vocabulary for i in range(depth)])

        def run():
            if work.startswith("tg"):
                cache = deep if depth else start()[0]
                begin = time.perf_counter()
                for token in timed_tokens:
                    feed(cache, [token])
            else:
                cache = new_cache()
                begin = time.perf_counter()
                feed(cache, timed_tokens)
            return time.perf_counter() - begin

        seconds = timed(run, options.repeats)
    answer("transformers " + transformers.__version__ + " / " + torch_name(), check, count, seconds)


if __name__ == "__main__":
    main()
