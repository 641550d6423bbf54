"""Times Hugging Face's xLSTM on the CPU. Speaks the protocol of bench/run: one JSON line."""
import argparse
import json
import time

START = time.time()

import torch
import transformers
from transformers import xLSTMForCausalLM
from transformers.models.xlstm.modeling_xlstm import xLSTMCache


def check_tokens(vocabulary):
    return [(37 * i + 11) % vocabulary for i in range(16)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--case", default="tg32")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    model = xLSTMForCausalLM.from_pretrained(options.model, dtype="auto").eval()
    vocabulary = model.config.vocab_size
    forward = torch.compile(model) if options.compile else model

    with torch.inference_mode():

        def start():
            cache = xLSTMCache(model.config, max_batch_size=1, device=model.device, dtype=torch.float32)
            tokens = torch.tensor([check_tokens(vocabulary)])
            return cache, forward(input_ids=tokens, cache_params=cache, use_cache=True).logits[0, -1]

        def decode(cache, count):
            for i in range(count):
                token = torch.tensor([[(31 * i + 7) % vocabulary]])
                logits = forward(input_ids=token, cache_params=cache, use_cache=True).logits
            return logits

        cache, logits = start()
        check = logits.float()[:32].tolist()
        count = int(options.case[2:])
        seconds = []
        prompt = torch.tensor([[(31 * i + 7) % vocabulary for i in range(count)]])

        def run():
            if options.case.startswith("tg"):
                cache, _ = start()
                begin = time.perf_counter()
                decode(cache, count)
            else:
                cache = xLSTMCache(model.config, max_batch_size=1, device=model.device, dtype=torch.float32)
                begin = time.perf_counter()
                forward(input_ids=prompt, cache_params=cache, use_cache=True)
            return time.perf_counter() - begin

        run()
        for _ in range(options.repeats):
            seconds.append(run())
    print(
        json.dumps(
            {
                "runtime": "transformers " + transformers.__version__ + " / torch " + torch.__version__,
                "check": check,
                "units": count,
                "seconds": seconds,
            }
        )
    )


if __name__ == "__main__":
    main()
