#!/usr/bin/env python3
"""Makes small tokenizers in the form of Llama 3's and Qwen 2.5's, and texts with their ids.

    python bench/reference/make_tokenizers.py OUT [--cases 200] [--seed 1]

Needs the Python package `tokenizers`. Writes OUT/llama-3-like.tokenizer.json with
OUT/llama-3-like.cases.json, the same for qwen-2.5-like, and for split-behaviors: a sequence of
splits of all behaviors. The tests of the module loader read copies of these files.
"""

import argparse
import json
import pathlib
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, processors, trainers

import tokenizer as comparison

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA_3 = CONTRACTIONS + r"\p{N}{1,3}" + REST
QWEN_2_5 = CONTRACTIONS + r"\p{N}" + REST

HARD = [
    "It'S WE'RE I'LL they'Ve he'D I'M DON'T it'\u017f don'\u0165",
    "12345678901 1 22 333 4444 \u00bd\u2167\u0663\u0664\u0665\u0666",
    "a\n\n  \n b\r\n\r\n!!\n?\r\n \t\u00a0x  \u3000 y   ",
    "f(x)=[1,2];//\n\n#include <a.h>\n\t\treturn'",
]


def byte_level(**options):
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False, **options)


def trained(pre_tokenizer, normalizer, book, **options):
    made = Tokenizer(models.BPE(**options))
    made.pre_tokenizer = pre_tokenizer
    if normalizer:
        made.normalizer = normalizer
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=900,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
        min_frequency=3,
    )
    made.train_from_iterator([book] + 20 * (comparison.SNIPPETS + HARD), trainer)
    return made


def llama(book):
    made = trained(
        pre_tokenizers.Sequence(
            [pre_tokenizers.Split(Regex(LLAMA_3), "isolated", invert=False), byte_level()]
        ),
        None,
        book,
    )
    # words that no merges lead to, which ignore_merges takes whole
    parts = json.loads(made.to_str())
    parts["model"]["ignore_merges"] = True
    vocabulary = parts["model"]["vocab"]
    for word in ["\u0120railway", "\u0120children", "ing\u0120", "'re", "333", "\u0120**", "\u010a\u010a\u010a"]:
        vocabulary.setdefault(word, len(vocabulary))
    made = Tokenizer.from_str(json.dumps(parts))
    special = [AddedToken(f"<|{name}|>", special=True, normalized=False) for name in
               ["begin_of_text", "end_of_text", "eot_id"]]
    made.add_special_tokens(special)
    begin = "<|begin_of_text|>"
    made.post_processor = processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(
                single=f"{begin}:0 $A:0",
                pair=f"{begin}:0 $A:0 {begin}:1 $B:1",
                special_tokens=[(begin, made.token_to_id(begin))],
            ),
        ]
    )
    return made


def qwen(book):
    made = trained(
        pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(QWEN_2_5), "isolated", invert=False),
                byte_level(trim_offsets=False),
            ]
        ),
        normalizers.NFC(),
        book,
    )
    made.add_special_tokens([AddedToken(f"<|{name}|>", special=True, normalized=False) for name in
                             ["endoftext", "im_start", "im_end"]])
    made.add_tokens([AddedToken("<tool_call>", normalized=False), AddedToken("caf\u00e9", normalized=True)])
    made.post_processor = processors.ByteLevel(trim_offsets=False)
    return made


def behaviors(book):
    split = pre_tokenizers.Split
    steps = [
        split(Regex(r"[\p{Han}\p{Hiragana}]+"), "isolated", invert=False),
        split(Regex(r"\s*[\r\n]+"), "merged_with_previous", invert=False),
        split(Regex(r"[-=<>]"), "contiguous", invert=False),
        split(Regex(r"[(\[{]|\"(?=\S)"), "merged_with_next", invert=False),
        split("\u00a0", "removed", invert=False),
        split(Regex(r"[^\t]+"), "removed", invert=True),
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=True),
    ]
    return trained(pre_tokenizers.Sequence(steps), normalizers.Sequence([normalizers.NFC()]), book)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    book = comparison.BOOK.read_text(encoding="utf-8")
    comparison.SNIPPETS.extend(HARD)
    makers = {"llama-3-like": llama, "qwen-2.5-like": qwen, "split-behaviors": behaviors}
    for name, maker in makers.items():
        made = maker(book)
        (options.out / f"{name}.tokenizer.json").write_text(
            json.dumps(json.loads(made.to_str()), ensure_ascii=False, separators=(",", ":")) + "\n",
            encoding="utf-8",
        )
        rng = random.Random(options.seed)
        cases = []
        for text in HARD + list(comparison.texts(rng, options.cases, book))[:-1]:
            ids = made.encode(text).ids
            cases.append({"text": text, "decoded": made.decode(ids, skip_special_tokens=False), "ids": ids})
        lines = (json.dumps(case, separators=(",", ":")) for case in cases)
        (options.out / f"{name}.cases.json").write_text("[" + ",\n".join(lines) + "]\n")
        print(f"{name}: {made.get_vocab_size()} tokens, {len(cases)} texts")


if __name__ == "__main__":
    main()
