"""Fetches a model into HF_HOME, checks it, and leaves its last words where Kubernetes reads them."""
import fnmatch, hashlib, os, shutil, sys

os.umask(0o002)  # The engine may be another user: of the same group, it may write too (locks, code that models bring).
GATED, UNKNOWN, FULL, AGAIN = 41, 42, 43, 1
MODEL, REVISION = os.environ["SLIPWAY_MODEL"], os.environ.get("SLIPWAY_REVISION") or None
ONLY = (os.environ.get("SLIPWAY_FILES") or "").split()
OTHERS = ["original/*", "*.gguf", "*.onnx", "*.h5", "*.msgpack", "*.tflite", "*.ot", "*.pth"]


def end(code, words):
    print(words, flush=True)
    with open(os.environ.get("SLIPWAY_LAST_WORDS", "/dev/termination-log"), "w") as log:
        log.write(words[:4000])
    sys.exit(code)


def wanted(files):
    if ONLY:
        return [f for f in files if any(fnmatch.fnmatch(f.rfilename, p) for p in ONLY)]
    safe = any(f.rfilename.endswith(".safetensors") for f in files)
    skip = OTHERS + (["*.bin", "*.pt"] if safe else [])
    return [f for f in files if not any(fnmatch.fnmatch(f.rfilename, p) for p in skip)]


def check(path, digest, size):
    """Names a damaged file, and takes it away. A file once checked is not read again."""
    mark = os.path.join(os.environ["HF_HOME"], ".slipway-checked", MODEL.replace("/", "--"), digest)
    blob = os.path.realpath(path)
    if os.path.exists(mark) and os.path.getsize(blob) == size:
        return None
    found = hashlib.sha256()
    with open(blob, "rb") as data:
        while chunk := data.read(1 << 22):
            found.update(chunk)
    if found.hexdigest() != digest:
        os.remove(blob)
        return path
    os.makedirs(os.path.dirname(mark), exist_ok=True)
    open(mark, "w").close()
    return None


def main():
    from huggingface_hub import HfApi, snapshot_download
    info = HfApi().model_info(MODEL, revision=REVISION, files_metadata=True)
    files = wanted(info.siblings)
    if not files:
        end(UNKNOWN, f"{MODEL} has no file that matches {' '.join(ONLY) or 'what engines read'}")
    total = sum(f.size or 0 for f in files)
    home = os.environ["HF_HOME"]
    os.makedirs(home, exist_ok=True)
    blobs = os.path.join(os.environ.get("HF_HUB_CACHE") or os.path.join(home, "hub"), "models--" + MODEL.replace("/", "--"), "blobs")
    have = sum(e.stat().st_size for e in os.scandir(blobs)) if os.path.isdir(blobs) else 0
    free = shutil.disk_usage(home).free
    if total - have > free:
        end(FULL, f"{MODEL} takes {total / 1e9:.1f} GB, of which {max(0, total - have) / 1e9:.1f} GB are to come, and the volume has {free / 1e9:.1f} GB left")
    print(f"{MODEL} at {info.sha}: {len(files)} files, {total} bytes", flush=True)
    # The revision as the engine asks for it, so that the engine finds the branch or tag in the cache even when the hub is away.
    folder = snapshot_download(MODEL, revision=REVISION, allow_patterns=[f.rfilename for f in files])
    bad = [b for f in files if f.lfs and (b := check(os.path.join(folder, f.rfilename), f.lfs.sha256, f.size))]
    if bad:
        end(AGAIN, f"Damaged on the way and fetched again: {', '.join(map(os.path.basename, bad))}")
    end(0, f"{len(files)} files, {total / 1e9:.1f} GB, of commit {info.sha}")


try:
    main()
except Exception as error:
    status = getattr(getattr(error, "response", None), "status_code", None)
    kind, words = type(error).__name__, " ".join(str(error).split())
    # The hub answers 401 for a repository that does not exist, too, and the library knows the difference.
    if kind in ("RepositoryNotFoundError", "RevisionNotFoundError", "HFValidationError") or status == 404:
        end(UNKNOWN, words)
    if kind == "GatedRepoError" or status in (401, 403):
        end(GATED, words)
    if getattr(error, "errno", None) in (28, 122):
        end(FULL, words)
    end(AGAIN, f"{kind}: {words}")
