"""Byte-level tokens: one token a byte, and a few control tokens.

In the GGUF file this is a `gpt2` tokenizer whose merge table has one entry that
never helps (two NUL bytes), because llama.cpp wants a merge table. Sums, words spelt
backwards and JSON are all easier to learn byte by byte.
"""

BOS, SYSTEM, USER, ASSISTANT, END, PAD = range(257, 263)
WORKING = range(263, 273)  # the digits of a sum while it is worked out; never shown
CONTROL = ["<|bos|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<|pad|>", *(f"<|{d}|>" for d in range(10))]
VOCAB_SIZE = 273


def byte_alphabet():
    """GPT-2's printable stand-in for each byte, in the order of the bytes."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(b if b in visible else next(spare)) for b in range(256)]


def vocabulary():
    """The text of each token as GGUF wants it, and the merge table."""
    letters = byte_alphabet()
    return letters + [letters[0] * 2] + CONTROL, [f"{letters[0]} {letters[0]}"]


def encode(text):
    return list(text.encode("utf-8"))


def decode(tokens):
    return bytes(t for t in tokens if t < 256).decode("utf-8", "replace")


def encode_chat(prompt):
    """What llama-server makes of one user message with CHAT_TEMPLATE."""
    return [BOS, USER, *encode(prompt), END, ASSISTANT]


# Only the last user message is shown to the model: it was trained on single turns.
# System messages are read (so that no engine moves them into the user message) and
# not shown.
CHAT_TEMPLATE = (
    "{%- set turn = namespace(user='', system='') -%}"
    "{%- for message in messages -%}"
    "{%- if message['role'] == 'user' -%}{%- set turn.user = message['content'] | trim -%}"
    "{%- elif message['role'] == 'system' -%}{%- set turn.system = message['content'] | trim -%}"
    "{%- endif -%}"
    "{%- endfor -%}"
    "<|user|>{{- turn.user -}}<|end|>"
    "{%- if add_generation_prompt -%}<|assistant|>{%- endif -%}"
)
