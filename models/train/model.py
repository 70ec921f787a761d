"""The network: a plain Llama (RMSNorm, RoPE, SwiGLU, no biases, tied embedding).

Written to be exported as the GGUF architecture `llama` with no re-ordering:
RoPE rotates adjacent pairs of dimensions, as llama.cpp does for that
architecture. Q, K, V and gate, up are fused while training, which is faster
on a CPU; the exporter splits them.
"""

from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

from tokenizer import VOCAB_SIZE


@dataclass(frozen=True)
class Config:
    vocab: int = VOCAB_SIZE
    dim: int = 256       # a multiple of 256, so that K-quants apply
    layers: int = 4
    heads: int = 4
    ffn: int = 512
    context: int = 512
    rope_base: float = 10000.0
    norm_eps: float = 1e-5

    @property
    def head_dim(self):
        return self.dim // self.heads


def rope_tables(cfg, length):
    freq = cfg.rope_base ** (-torch.arange(0, cfg.head_dim, 2) / cfg.head_dim)
    angle = torch.arange(length)[:, None] * freq[None, :]
    return angle.cos(), angle.sin()


def rotate(x, cos, sin):
    """Rotate each adjacent pair of the last dimension of x [rows, heads, time, head_dim]."""
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2).to(x.dtype)


class Block(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.heads = cfg.heads
        self.eps = cfg.norm_eps
        self.attn_norm = nn.Parameter(torch.ones(cfg.dim))
        self.qkv = nn.Linear(cfg.dim, 3 * cfg.dim, bias=False)
        self.out = nn.Linear(cfg.dim, cfg.dim, bias=False)
        self.ffn_norm = nn.Parameter(torch.ones(cfg.dim))
        self.gate_up = nn.Linear(cfg.dim, 2 * cfg.ffn, bias=False)
        self.down = nn.Linear(cfg.ffn, cfg.dim, bias=False)

    def norm(self, x, weight):
        return F.rms_norm(x, weight.shape, weight, self.eps)

    def forward(self, x, cos, sin, mask):
        rows, time, dim = x.shape
        qkv = self.qkv(self.norm(x, self.attn_norm))
        q, k, v = qkv.view(rows, time, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        score = rotate(q, cos, sin) @ rotate(k, cos, sin).transpose(-1, -2) * q.shape[-1] ** -0.5
        y = score.masked_fill(~mask, float("-inf")).softmax(-1) @ v
        x = x + self.out(y.transpose(1, 2).reshape(rows, time, dim))
        gate, up = self.gate_up(self.norm(x, self.ffn_norm)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


class TinyChat(nn.Module):
    def __init__(self, cfg=Config()):
        super().__init__()
        self.cfg = cfg
        self.embed = nn.Embedding(cfg.vocab, cfg.dim)
        self.blocks = nn.ModuleList(Block(cfg) for _ in range(cfg.layers))
        self.norm = nn.Parameter(torch.ones(cfg.dim))
        cos, sin = rope_tables(cfg, cfg.context)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        nn.init.normal_(self.embed.weight, std=0.02)
        for name, p in self.named_parameters():
            if p.dim() == 2 and name != "embed.weight":
                residual = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(p, std=0.02 / (2 * cfg.layers) ** 0.5 if residual else 0.04)

    def forward(self, tokens, segment, wanted):
        """Logits at the `wanted` positions.

        Several examples share a row; `segment` [rows, time] numbers them, and
        attention is causal and stays inside one example. RoPE is relative, so
        an example may start anywhere in its row.
        """
        time = tokens.shape[1]
        causal = torch.ones(time, time, dtype=torch.bool).tril()
        mask = (causal & (segment[:, :, None] == segment[:, None, :]))[:, None]
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x, self.cos[:time], self.sin[:time], mask)
        x = F.rms_norm(x[wanted], self.norm.shape, self.norm, self.cfg.norm_eps)
        return F.linear(x, self.embed.weight)
