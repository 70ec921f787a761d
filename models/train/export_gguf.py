"""Write a checkpoint as a GGUF file.

    python3 export_gguf.py CHECKPOINT OUTPUT.gguf {Q8_0|F16} NAME
"""

import struct
import sys

import numpy as np
import torch

from model import Config
from tokenizer import BOS, CHAT_TEMPLATE, CONTROL, END, PAD, vocabulary

ALIGNMENT = 32
# GGUF value types, ggml tensor types, token types
U32, F32, BOOL, STRING, ARRAY, I32 = 4, 6, 7, 8, 9, 5
GGML_TYPE = {"F32": 0, "F16": 1, "Q8_0": 8}
FILE_TYPE = {"F16": 1, "Q8_0": 7}
NORMAL, CONTROL_TYPE = 1, 3


def text(value):
    raw = value.encode("utf-8")
    return struct.pack("<Q", len(raw)) + raw


def pair(key, kind, value):
    """One metadata entry; a list is an array of `kind`."""
    plain = {U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}
    one = text if kind == STRING else lambda v: struct.pack(plain[kind], v)
    if isinstance(value, list):
        return text(key) + struct.pack("<IIQ", ARRAY, kind, len(value)) + b"".join(map(one, value))
    return text(key) + struct.pack("<I", kind) + one(value)


def metadata(cfg, name, file_type):
    tokens, merges = vocabulary()
    assert len(tokens) == cfg.vocab and tokens[BOS:] == CONTROL
    types = [CONTROL_TYPE if t in CONTROL else NORMAL for t in tokens]
    return [
        pair("general.architecture", STRING, "llama"),
        pair("general.type", STRING, "model"),
        pair("general.name", STRING, name),
        pair("general.description", STRING, "A very small chat model that ships with Slipway"),
        pair("general.license", STRING, "apache-2.0"),
        pair("general.languages", STRING, ["en"]),
        pair("general.alignment", U32, ALIGNMENT),
        pair("general.file_type", U32, FILE_TYPE[file_type]),
        pair("general.quantization_version", U32, 2),
        pair("llama.vocab_size", U32, cfg.vocab),
        pair("llama.context_length", U32, cfg.context),
        pair("llama.embedding_length", U32, cfg.dim),
        pair("llama.block_count", U32, cfg.layers),
        pair("llama.feed_forward_length", U32, cfg.ffn),
        pair("llama.attention.head_count", U32, cfg.heads),
        pair("llama.attention.head_count_kv", U32, cfg.heads),
        pair("llama.attention.layer_norm_rms_epsilon", F32, cfg.norm_eps),
        pair("llama.rope.dimension_count", U32, cfg.head_dim),
        pair("llama.rope.freq_base", F32, cfg.rope_base),
        pair("tokenizer.ggml.model", STRING, "gpt2"),
        pair("tokenizer.ggml.pre", STRING, "gpt-2"),
        pair("tokenizer.ggml.tokens", STRING, tokens),
        pair("tokenizer.ggml.token_type", I32, types),
        pair("tokenizer.ggml.merges", STRING, merges),
        pair("tokenizer.ggml.bos_token_id", U32, BOS),
        pair("tokenizer.ggml.eos_token_id", U32, END),
        pair("tokenizer.ggml.eot_token_id", U32, END),
        pair("tokenizer.ggml.padding_token_id", U32, PAD),
        pair("tokenizer.ggml.add_bos_token", BOOL, True),
        pair("tokenizer.ggml.add_eos_token", BOOL, False),
        pair("tokenizer.chat_template", STRING, CHAT_TEMPLATE),
    ]


def tensors(state, cfg):
    """The tensors under llama.cpp's names. The output matrix is the embedding."""
    yield "token_embd.weight", state["embed.weight"]
    yield "output_norm.weight", state["norm"]
    for i in range(cfg.layers):
        of = lambda name: state[f"blocks.{i}.{name}"]
        q, k, v = of("qkv.weight").chunk(3)
        gate, up = of("gate_up.weight").chunk(2)
        for name, tensor in (("attn_norm", of("attn_norm")), ("attn_q", q), ("attn_k", k), ("attn_v", v),
                             ("attn_output", of("out.weight")), ("ffn_norm", of("ffn_norm")),
                             ("ffn_gate", gate), ("ffn_up", up), ("ffn_down", of("down.weight"))):
            yield f"blk.{i}.{name}.weight", tensor


def q8_0(array):
    """Blocks of 32 numbers: a half-precision scale and 32 signed bytes."""
    blocks = array.reshape(-1, 32)
    scale = np.abs(blocks).max(1, keepdims=True) / 127
    whole = np.rint(np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale > 0))
    return np.concatenate((scale.astype("<f2").view(np.int8), whole.astype(np.int8)), 1).tobytes()


def export(checkpoint, output, file_type, name):
    cfg = Config()
    state = torch.load(checkpoint, weights_only=True)["model"]
    infos, data = [], b""
    for key, tensor in tensors(state, cfg):
        array = tensor.float().numpy()
        kind = file_type if array.ndim == 2 else "F32"
        infos.append(text(key) + struct.pack("<I", array.ndim)
                     + struct.pack(f"<{array.ndim}Q", *reversed(array.shape))
                     + struct.pack("<IQ", GGML_TYPE[kind], len(data)))
        data += q8_0(array) if kind == "Q8_0" else array.astype("<f2" if kind == "F16" else "<f4").tobytes()
        data += bytes(-len(data) % ALIGNMENT)
    pairs = metadata(cfg, name, file_type)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(pairs)) + b"".join(pairs) + b"".join(infos)
    with open(output, "wb") as out:
        out.write(head + bytes(-len(head) % ALIGNMENT) + data)


if __name__ == "__main__":
    export(*sys.argv[1:])
