"""Train tiny-chat on the CPU and save checkpoints.

    python3 train.py OUTPUT_DIRECTORY [STEPS]

An interrupted run goes on from the newest checkpoint in OUTPUT_DIRECTORY, to the same
end: rates and batches depend on the seed, the step and the number of steps alone. Two
processes of one thread each share a step's rows: on a busy machine they wait for each
other once a step, threads once an operation.

Each step draws fresh examples, packs them into rows and takes the loss on the answers
only. Matrices are trained with Muon, which needs far fewer steps here than AdamW;
the embedding and the norms with AdamW.
"""

import math
import os
import sys
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing
import torch.nn.functional as F

from data import LATER_WEIGHTS, TASK_WEIGHTS, Examples, evaluation_set, working
from model import TinyChat
from tokenizer import END, PAD, WORKING, encode, encode_chat

SEED = 20
WORKERS = 2                        # processes of one thread each, which share each step's rows
STEPS = 2900
LARGE_STEPS, LARGE, SMALL = 400, 4096, 2048   # tokens a step: large at first, then more and smaller ones
ROW = 128
LONG_ROW, LONG_EVERY = 512, 25     # now and then, rows as long as the context
LATER_FROM = 1100                  # from here on, more sums
# step, and the rates of Muon and AdamW there; straight lines between, to nothing at the end
RATES = [(0, 0, 0), (100, 3e-3, 3e-3), (700, 3e-3, 3e-3), (701, 2.83e-3, 2.83e-3),
         (1100, 2.17e-3, 2.17e-3), (1101, 1.8e-3, 8e-4), (2100, 9e-4, 4e-4), (2101, 1.5e-3, 1e-3),
         (2400, 6e-4, 4e-4), (2401, 1.3e-3, 8e-4)]
CHECKPOINT_EVERY = 100


def tokens_of(task, prompt, answer):
    question = encode_chat(prompt)
    return question + [WORKING[d] for d in working(task, prompt)] + encode(answer) + [END], len(question)


def pack(examples, rows, length):
    """Pack tokenized examples into tensors; returns how many fitted.

    `weight` is over the positions that predict an answer token; a long answer counts
    as the square root of its length, lest facts drown sums.
    """
    tokens = torch.full((rows, length + 1), PAD)
    segment = torch.zeros(rows, length + 1, dtype=torch.long)
    weight = torch.zeros(rows, length)
    used = [0] * rows
    for number, (sequence, start) in enumerate(examples, 1):
        # the last token is only ever predicted, so it may hang over the end of the row
        row = next((r for r in range(rows) if used[r] + len(sequence) <= length + 1), None)
        if row is None:
            return tokens, segment, weight, number - 1
        here = used[row]
        used[row] += len(sequence)
        tokens[row, here:used[row]] = torch.tensor(sequence)
        segment[row, here:used[row]] = number
        weight[row, here + start - 1:used[row] - 1] = (len(sequence) - start) ** -0.5
    return tokens, segment, weight, len(examples)


def batches(source):
    """Endless batches; what does not fit into one goes first into the next."""
    waiting, step = [], 0
    while True:
        step += 1
        size = LARGE if step <= LARGE_STEPS else SMALL
        source.weights = TASK_WEIGHTS if step <= LATER_FROM else LATER_WEIGHTS
        if step % LONG_EVERY == 0:
            examples = [tokens_of(*source.long_unknown()) for _ in range(6)]
            examples += [tokens_of(*source.draw()) for _ in range(60)]
            yield pack(examples, size // LONG_ROW, LONG_ROW)[:3]
            continue
        while len(waiting) < size // 25:
            example = tokens_of(*source.draw())
            if len(example[0]) <= ROW:
                waiting.append(example)
        tokens, segment, weight, taken = pack(waiting, size // ROW, ROW)
        waiting = waiting[taken:]
        yield tokens, segment, weight


def loss_of(model, tokens, segment, weight, worker=0, workers=1):
    """This worker's part of the loss: every `workers`th row."""
    total = weight.sum()
    tokens, segment, weight = (t[worker::workers] for t in (tokens, segment, weight))
    wanted = weight > 0
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(tokens[:, :-1], segment[:, :-1].contiguous(), wanted)
    loss = F.cross_entropy(logits.float(), tokens[:, 1:][wanted], reduction="none")
    return (loss * weight[wanted]).sum() / total


@torch.no_grad()
def exact(model):
    """Share of held-back answers a greedy decoder would get right, by task."""
    lines = list(evaluation_set())
    tokens, segment, weight, fitted = pack(
        [tokens_of(line["stratum"], line["prompt"], line["expected"]) for line in lines], len(lines), 2 * ROW)
    assert fitted == len(lines)
    used = int((tokens != PAD).any(1).sum())
    tokens, segment, wanted = tokens[:used], segment[:used], weight[:used] > 0
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(tokens[:, :-1], segment[:, :-1].contiguous(), wanted)
    wrong = set(segment[:, 1:][wanted][logits.argmax(-1) != tokens[:, 1:][wanted]].tolist())
    hits = {}
    for number, line in enumerate(lines, 1):
        hits.setdefault(line["stratum"], []).append(number not in wrong)
    return " ".join(f"{task} {sum(h) / len(h):.2f}" for task, h in hits.items()) + f" all {1 - len(wrong) / len(lines):.3f}"


def rates(step, steps):
    """The two rates at a step."""
    for (start, *low), (end, *high) in zip(RATES, [*RATES[1:], (steps, 0, 0)]):
        if step <= end:
            return [a + (b - a) * (step - start) / (end - start) for a, b in zip(low, high)]


def add_up(tensors):
    """Replace each tensor by its sum over the workers."""
    flat = torch.cat([t.flatten() for t in tensors])
    dist.all_reduce(flat)
    for tensor, part in zip(tensors, flat.split([t.numel() for t in tensors])):
        tensor.copy_(part.view_as(tensor))


def work(worker, output, steps):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{output.resolve()}/meeting-{os.getppid()}", rank=worker, world_size=WORKERS)
    torch.manual_seed(SEED)
    model = TinyChat()
    matrices = [p for block in model.blocks for p in block.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if not any(p is m for m in matrices)]
    optimizers = [
        torch.optim.Muon(matrices, weight_decay=0.1, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, betas=(0.9, 0.98), weight_decay=0.0),
    ]
    done = 0
    if saved := sorted(output.glob("step-*.pt")):
        state = torch.load(saved[-1], weights_only=True)
        done = state["step"]
        model.load_state_dict(state["model"])
        for optimizer, part in zip(optimizers, state["optimizers"]):
            optimizer.load_state_dict(part)
    if worker == 0:
        print(f"{sum(p.numel() for p in model.parameters())} parameters, steps {done} to {steps}", flush=True)

    began, losses = time.time(), []
    for step, batch in zip(range(1, steps + 1), batches(Examples(SEED))):
        if step <= done:
            continue
        for optimizer, rate in zip(optimizers, rates(step, steps)):
            optimizer.param_groups[0]["lr"] = rate
            optimizer.zero_grad()
        loss = loss_of(model, *batch, worker, WORKERS)
        loss.backward()
        loss = loss.detach()
        add_up([loss] + [p.grad for p in model.parameters()])
        assert math.isfinite(loss), step
        losses.append(loss.item())
        for optimizer in optimizers:
            optimizer.step()
        if worker == 0 and (step % CHECKPOINT_EVERY == 0 or step == steps):
            print(f"step {step} loss {sum(losses) / len(losses):.4f} {time.time() - began:.0f}s | {exact(model)}", flush=True)
            losses.clear()
            torch.save({"step": step, "model": model.state_dict(), "optimizers": [o.state_dict() for o in optimizers]},
                       output / f"step-{step:05}.pt")
    dist.destroy_process_group()


def main(output, steps):
    output.mkdir(parents=True, exist_ok=True)
    torch.multiprocessing.spawn(work, (output, steps), nprocs=WORKERS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else STEPS)
