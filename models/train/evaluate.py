"""Score models on the held-back set through a running llama-server.

    python3 evaluate.py EVAL.jsonl NAME=http://127.0.0.1:PORT [NAME=URL ...]

Asks /v1/chat/completions at temperature 0 and prints one table: tasks by models.
Needs only the standard library.
"""

import json
import sys
import urllib.request


def ask(url, prompt):
    body = json.dumps({"messages": [{"role": "user", "content": prompt}], "temperature": 0, "max_tokens": 160}).encode()
    request = urllib.request.Request(url + "/v1/chat/completions", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        choice = json.load(response)["choices"][0]
    return choice["message"]["content"] if choice["finish_reason"] == "stop" else None


def correct(grader, answer, expected):
    if answer is None:  # it did not stop by itself
        return False
    if grader == "exact":
        return answer.strip() == expected
    try:
        return json.loads(answer) == json.loads(expected)
    except ValueError:
        return False


def main(path, servers, show_misses):
    with open(path, encoding="utf-8") as lines:
        questions = [json.loads(line) for line in lines]
    tasks = list(dict.fromkeys(q["stratum"] for q in questions))
    hits = {}
    for name, url in servers:
        for q in questions:
            answer = ask(url, q["prompt"])
            right = correct(q.get("graders", ["exact"])[0], answer, q["expected"])
            hits.setdefault((name, q["stratum"]), []).append(right)
            if show_misses and not right:
                print(name, q["id"], q["prompt"], "->", answer, file=sys.stderr)
    names = [name for name, _ in servers]
    print("| task | prompts | " + " | ".join(names) + " |\n|---|---:|" + "---:|" * len(names))
    for task in tasks:
        of_task = [hits[name, task] for name in names]
        print(f"| {task} | {len(of_task[0])} | " + " | ".join(f"{100 * sum(h) / len(h):.1f} %" for h in of_task) + " |")
    of_all = [sum((hits[name, task] for task in tasks), []) for name in names]
    print(f"| **all** | {len(questions)} | " + " | ".join(f"**{100 * sum(h) / len(h):.1f} %**" for h in of_all) + " |")


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "--misses"]
    main(arguments[0], [a.split("=", 1) for a in arguments[1:]], "--misses" in sys.argv)
