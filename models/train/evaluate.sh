#!/bin/sh
# evaluate.sh LLAMA_SERVER FIRST_PORT EVAL.jsonl MODEL.gguf...
# Starts one server a model, asks all of them, stops them.
set -eu
server=$1 port=$2 questions=$3
shift 3
pids='' targets=''
trap 'kill $pids 2>/dev/null || :' EXIT
for model; do
    # $server may be a command with arguments
    $server -m "$model" --host 127.0.0.1 --port "$port" -t 1 -c 512 --parallel 1 >/dev/null 2>&1 &
    pids="$pids $!"
    url=http://127.0.0.1:$port
    for _ in $(seq 60); do
        curl -fs "$url/health" >/dev/null && break
        sleep 0.5
    done
    targets="$targets $(basename "$model" .gguf)=$url"
    port=$((port + 1))
done
python3 "$(dirname "$0")/evaluate.py" "$questions" $targets
