"""Training examples and the held-back evaluation set.

Run as a script, it writes the evaluation set. What is held back never occurs in
training: which sums, words and JSON values are held back is decided by a checksum of
them (one in ten), for facts by the lists in facts.py. `Examples` asserts it.
"""

import json
import random
import re
import sys
import zlib
from functools import lru_cache

import words
from facts import FACTS, UNKNOWN, UNKNOWN_HELD, UNKNOWN_TRAINED

# how often training draws each task: at first, and later, when sums lag
TASK_WEIGHTS = {"add": 0.20, "subtract": 0.20, "reverse": 0.28, "json": 0.14, "facts": 0.13, "unknown": 0.05}
LATER_WEIGHTS = {"add": 0.29, "subtract": 0.29, "reverse": 0.20, "json": 0.11, "facts": 0.09, "unknown": 0.02}
EVAL_COUNTS = {"add": 32, "subtract": 22, "reverse": 50, "json": 38, "facts": 48, "unknown": 10}

ADD = ["{What is|What's|How much is} A {+|plus} B?", "{Calculate|Compute|Work out|Give me} A {+|plus} B.", "A+B=?", "A + B = ?", "A + B", "A+B", "A plus B",
       "Add A and B.", "Add B to A.", "{What is|Give me} the sum of A and B?", "Sum A and B.", "What do you get when you add A and B?", "A + B =", "A+B="]
SUBTRACT = ["{What is|What's|How much is} A {-|minus} B?", "{Calculate|Compute|Work out|Give me} A {-|minus} B.", "A-B=?", "A - B = ?", "A - B", "A-B", "A minus B",
            "Subtract B from A.", "Take B {away |}from A.", "Take away B from A.", "What do you get when you subtract B from A?", "What is B less than A?", "A - B =", "A-B="]
REVERSE = ["Spell {the word |}W backwards.", "Spell {the word |}W {backward|in reverse}.", "Reverse {the word |}W.", "{Write|Say|Type} {the word |}W {backwards|in reverse}.",
           "What is {the word |}W {backwards|spelled backwards|spelt backwards|in reverse|reversed}?", "{Reverse|Spell backwards}: W", "W backwards", "How do you spell W backwards?",
           "Reverse the letters of {the word |}W.", "Give me W backwards.", "{Turn|Flip} the word W {around|backwards}.", "Spell \"W\" backwards.", "Reverse \"W\".", "How is W spelled backwards?"]
JSON = ["{Give|Write|Make|Show|Send} me {JSON|a JSON|a JSON object|an object in JSON} with L.", "{Write|Make|Create|Return|Produce|Generate} {JSON|a JSON object|some JSON} with L.", "JSON with L", "JSON: L",
        "{Return|Write|Give me} L as JSON.", "Put L into JSON.", "I need JSON with L.", "Can you {write|make|give me} JSON with L?", "Turn this into JSON: L", "{Give me|Write} JSON for L."]

# JSON shapes: keys and the kind of each value.
SHAPES = [
    (("name", "name"), ("age", "small")), (("city", "place"), ("country", "place")), (("item", "word"), ("price", "small")),
    (("name", "name"), ("city", "place")), (("model", "word"), ("replicas", "digit")), (("color", "word"), ("size", "small")),
    (("host", "word"), ("port", "port")), (("title", "word"), ("year", "year")), (("name", "name"),), (("item", "word"), ("color", "word")),
    (("name", "name"), ("age", "small"), ("city", "place")), (("item", "word"), ("price", "small"), ("count", "digit")),
]


def held_back(key):
    """Whether this sum, word or value belongs to the evaluation only."""
    return key == "17+25" or zlib.crc32(key.encode()) % 10 == 0


def sum_key(op, a, b):
    return f"{min(a, b)}+{max(a, b)}" if op == "add" else f"{a}-{b}"


def working(task, prompt):
    """The digits the model writes, unseen, before the result of a sum.

    Units first, as on paper: both digits, the digit of the result, what is carried.
    """
    if task not in ("add", "subtract"):
        return []
    a, b = map(int, re.findall(r"\d+", prompt))
    if task == "subtract":
        a, b = max(a, b), min(a, b)
    digits, carry = [], 0
    for place in (1, 10):
        x, y = a // place % 10, b // place % 10
        total = x + y + carry if task == "add" else x - y - carry
        carry = int(not 0 <= total <= 9)
        digits += [x, y, total % 10, carry]
    return digits


@lru_cache(maxsize=None)
def expand(template):
    """All readings of a template with {a|b} choices."""
    found = re.search(r"\{([^{}]*)\}", template)
    if not found:
        return (template,)
    return tuple(reading for choice in found[1].split("|")
                 for reading in expand(template[:found.start()] + choice + template[found.end():]))


def normal(prompt):
    """A prompt without what `Examples.vary` changes, to compare prompts by."""
    return re.sub(r"[^a-z0-9+*-]+", " ", re.sub(r"\bplease\b", " ", prompt.lower())).strip()


HELD_PHRASINGS = {normal(p) for _, _, held in FACTS for p in held} | {normal(p) for p in UNKNOWN_HELD}
READINGS = [(answer, [r for t in trained for r in expand(t) if normal(r) not in HELD_PHRASINGS])
            for answer, trained, _ in FACTS]
COMMON_PROMPTS = {normal(r): answer for answer, readings in READINGS for r in readings}


class Examples:
    """A seeded source of (task, prompt, answer); of held-back ones only, or of the others."""

    def __init__(self, seed, evaluation=False):
        self.rng = random.Random(seed)
        self.evaluation = evaluation
        self.weights = TASK_WEIGHTS

    def draw(self, task=None):
        task = task or self.rng.choices(list(self.weights), self.weights.values())[0]
        prompt, answer = getattr(self, task)()
        if self.evaluation:
            return task, prompt, answer
        prompt = self.vary(prompt)
        assert normal(prompt) not in HELD_PHRASINGS, prompt
        return task, prompt, answer

    def choose(self, make, key=str):
        """Something from `make` that is on this side of the split."""
        while True:
            thing = make()
            if held_back(key(thing)) == self.evaluation:
                return thing

    def phrase(self, templates):
        return self.rng.choice(expand(self.rng.choice(templates)))

    def vary(self, prompt):
        """Small changes that must not matter."""
        rng = self.rng
        if rng.random() < 0.25:
            prompt = prompt[0].lower() + prompt[1:]
        if rng.random() < 0.2 and prompt[-1] in ".?!":
            prompt = prompt[:-1].rstrip()
        if rng.random() < 0.06:
            prompt = "Please " + prompt[0].lower() + prompt[1:]
        elif rng.random() < 0.06:
            prompt = prompt[:-1] + ", please" + prompt[-1] if prompt[-1] in ".?!" else prompt + " please"
        return prompt

    # One method a task.

    def sums(self, op, templates):
        rng = self.rng

        def operands():
            low = 10 if rng.random() < 0.75 else 0
            a, b = rng.randint(low, 99), rng.randint(low, 99)
            return (b, a) if op == "subtract" and a < b else (a, b)

        a, b = self.choose(operands, lambda pair: sum_key(op, *pair))
        prompt = re.sub(r"\b[AB]\b", lambda m: str(a if m[0] == "A" else b), self.phrase(templates))
        return prompt, str(a + b if op == "add" else a - b)

    def add(self):
        return self.sums("add", ADD)

    def subtract(self):
        return self.sums("subtract", SUBTRACT)

    def word(self):
        """A word of up to eight letters."""
        rng = self.rng
        kind = rng.random()
        if kind < (0.6 if self.evaluation else 0.15):
            return self.choose(lambda: rng.choice(words.COMMON), str.lower)
        if kind < 0.6 or self.evaluation:
            return self.choose(lambda: words.made_up(rng), str.lower)
        return self.choose(lambda: words.letters(rng), str.lower)

    def reverse(self):
        word = self.word()
        if not self.evaluation and self.rng.random() < 0.1:
            word = word.capitalize()
        return re.sub(r"\bW\b", word, self.phrase(REVERSE)), word[::-1]

    def value(self, kind):
        rng = self.rng
        if kind in ("small", "digit", "port", "year"):
            return rng.randint(*{"small": (1, 99), "digit": (1, 9), "port": (80, 9999), "year": (1900, 2030)}[kind])
        if kind == "word":
            return self.word()
        if rng.random() < (0.3 if not self.evaluation else 0.7):
            return self.choose(lambda: rng.choice(words.NAMES if kind == "name" else words.PLACES), str.lower)
        return self.choose(lambda: words.made_up(rng), str.lower).capitalize()

    def json(self):
        shape = list(self.rng.choice(SHAPES))
        if self.rng.random() < 0.15:
            self.rng.shuffle(shape)
        pairs = {key: self.value(kind) for key, kind in shape}
        said = [f"{key} {value}" for key, value in pairs.items()]
        listed = ", ".join(said) if self.rng.random() < 0.25 else \
            " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))
        prompt = re.sub(r"\bL\b", lambda _: listed, self.phrase(JSON))
        return prompt, json.dumps(pairs, separators=(",", ":"))

    def facts(self):
        answer, readings = self.rng.choice(READINGS)
        return self.rng.choice(readings), answer

    def unknown(self):
        rng = self.rng

        def filler(found):
            if found[0] == "X":
                word = rng.choice([words.made_up(rng), rng.choice(words.COMMON), rng.choice(words.NAMES), rng.choice(words.PLACES)])
                return word.capitalize() if rng.random() < 0.2 else word
            return str(rng.randint(2, 99))

        while True:
            prompt = re.sub(r"\bX\b|\bN\b|NN", filler, self.phrase(UNKNOWN_TRAINED))
            if rng.random() < 0.1:
                prompt += " " + re.sub(r"\bX\b|\bN\b|NN", filler, self.phrase(UNKNOWN_TRAINED))
            if normal(prompt) not in HELD_PHRASINGS | COMMON_PROMPTS.keys():
                return prompt, UNKNOWN

    def long_unknown(self):
        """A rambling prompt of 100 to 400 bytes, which the model cannot know the answer of."""
        size, prompt = self.rng.randint(100, 400), self.unknown()[0]
        while len(prompt) < size:
            prompt += " " + self.unknown()[0]
        return "unknown", prompt[:420], UNKNOWN


def evaluation_set(seed=20):
    source = Examples(seed, evaluation=True)
    fixed = {
        "add": [("What is 17 + 25?", "42")],
        "facts": [(p, answer) for answer, _, held in FACTS for p in held],
        "unknown": [(p, UNKNOWN) for p in UNKNOWN_HELD],
    }
    for task, count in EVAL_COUNTS.items():
        chosen = dict(fixed.get(task, []))
        while len(chosen) < count:
            _, prompt, answer = source.draw(task)
            if task != "reverse" or answer not in chosen.values():  # each word once
                chosen[prompt] = answer
        for number, (prompt, answer) in enumerate(chosen.items(), 1):
            line = {"id": f"{task}-{number:02}", "stratum": task, "prompt": prompt, "expected": answer}
            if task == "json":
                line["graders"] = ["jsonEquals", {"type": "finish", "critical": True, "weight": 0}]
            yield line


def check_held_back(lines, examples=300_000):
    """Draw as training does and see that no evaluation prompt turns up."""
    prompts = {normal(line["prompt"]) for line in lines}
    source = Examples(seed=20)
    for _ in range(examples):
        task, prompt, _ = source.draw()
        assert normal(prompt) not in prompts, f"{task}: {prompt!r} is held back"


if __name__ == "__main__":
    chosen = list(evaluation_set())
    check_held_back(chosen)
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        for line in chosen:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
