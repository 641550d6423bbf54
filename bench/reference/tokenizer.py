#!/usr/bin/env python3
"""Compares xlstm's tokenizer with the Hugging Face library on random and real texts.

    python bench/reference/tokenizer.py TOKENIZER_JSON... [--cases 20000] [--seed 1] [--text FILE]

Needs the Python package `tokenizers`. Every text is encoded by both and the ids decoded again by
both; the first difference is shown and the exit status is 1.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import unicodedata

from tokenizers import Tokenizer

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOOK = ROOT / "models/pretrained/xlstm-large-mini/heldout_railway_children.txt"

SNIPPETS = [
    "def f(x):\n    return x ** 2  # square\n",
    "for (int i = 0; i < n; i++) {\n\tsum += a[i] * b[i];\n}\n",
    "SELECT * FROM t WHERE a='it''s' AND b>=3.14e-10;",
    "<p class=\"x\">caf\u00e9 &amp; na\u00efve</p>",
    "It's we're I'll they've he'd I'm don't CAN'T 'quoted'",
    "1234567890 \u00bd \u2167 \u0663\u0664 x\u00b2",
    "\u4f60\u597d\uff0c\u4e16\u754c\u3002 \u3053\u3093\u306b\u3061\u306f \uc548\ub155",
    "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd \u0928\u092e\u0938\u094d\u0924\u0947",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \u2764\ufe0f",
    "e\u0301 a\u0323\u0302 \u1e69 \u0073\u0323\u0307 \u212b \uac00 \u1100\u1161",
    "<|endoftext|> <|padding|>   <|endoftext|>",
    "\r\n\r\n \u00a0 \u2003\u3000\u2028 \t \u0085",
]


def character(rng):
    """Any character but surrogates, common ones more often."""
    kind = rng.random()
    if kind < 0.35:
        return chr(rng.randrange(32, 127))
    if kind < 0.45:
        return rng.choice(" \n\t\r  ")
    if kind < 0.6:
        return chr(rng.randrange(0x80, 0x800))
    if kind < 0.7:
        return chr(rng.randrange(0x300, 0x370))  # marks, for the normalizer
    while True:
        code = rng.randrange(0x110000) if kind > 0.9 else rng.randrange(0x10000)
        # what this Python's Unicode does not know, other versions may
        if not 0xD800 <= code < 0xE000 and unicodedata.category(chr(code)) != "Cn":
            return chr(code)


def texts(rng, cases, book):
    for _ in range(cases):
        kind = rng.random()
        if kind < 0.4:
            yield "".join(character(rng) for _ in range(rng.randrange(1, 60)))
        elif kind < 0.7:
            parts = (rng.choice(SNIPPETS) for _ in range(rng.randrange(1, 4)))
            text = list("".join(parts))
            for _ in range(rng.randrange(0, 6)):
                text[rng.randrange(len(text))] = character(rng)
            yield "".join(text)
        elif kind < 0.95:
            start = rng.randrange(max(len(book) - 400, 1))
            yield book[start : start + rng.randrange(1, 400)]
        else:
            yield rng.choice("aA .\n\u0301\u4e00") * rng.randrange(1, 300)
    yield book


def convert(xlstm, tokenizer, lines, *options):
    command = [xlstm, "tokenize", "-m", tokenizer, "--jsonl", *options]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tokenizers", nargs="+", metavar="TOKENIZER_JSON")
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--xlstm", default=str(ROOT / "xlstm"))
    parser.add_argument("--text", default=str(BOOK), help="a long text")
    options = parser.parse_args()
    book = pathlib.Path(options.text).read_text(encoding="utf-8")
    different = 0
    for file in options.tokenizers:
        cases = list(texts(random.Random(options.seed), options.cases, book))
        reference = Tokenizer.from_file(file)
        expected = [encoding.ids for encoding in reference.encode_batch(cases)]
        found = convert(options.xlstm, file, cases)
        decoded = reference.decode_batch(expected, skip_special_tokens=False)
        back = convert(options.xlstm, file, expected, "--decode")
        wrong = [i for i in range(len(cases)) if expected[i] != found[i]]
        unlike = [i for i in range(len(cases)) if decoded[i] != back[i]]
        tokens = sum(map(len, expected))
        print(f"{file}: {len(cases)} texts, {tokens} tokens: {len(wrong)} encoded, "
              f"{len(unlike)} decoded differently")
        for i in wrong[:1]:
            print(f"  text {cases[i][:200]!r}\n  expected {expected[i][:40]}\n  found {found[i][:40]}")
        for i in unlike[:1]:
            print(f"  ids {expected[i][:40]}\n  expected {decoded[i][:200]!r}\n  found {back[i][:200]!r}")
        different += len(wrong) + len(unlike)
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
