namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Reads from an engine's last words why it ended. The words are those of llama.cpp's log.</summary>
internal static class ExitReasons
{
    private static readonly (string Words, string Reason)[] s_signatures =
    [
        ("couldn't bind", ReplicaReasons.PortInUse),
        ("address already in use", ReplicaReasons.PortInUse),
        ("unknown model architecture", ReplicaReasons.ModelUnsupported),
        ("unknown pre-tokenizer", ReplicaReasons.ModelUnsupported),
        ("invalid argument", ReplicaReasons.BadArgument),
        ("error while handling argument", ReplicaReasons.BadArgument),
        ("bad_alloc", ReplicaReasons.OutOfMemory),
        ("failed to allocate", ReplicaReasons.OutOfMemory),
        ("out of memory", ReplicaReasons.OutOfMemory),
        ("cannot allocate memory", ReplicaReasons.OutOfMemory),
        ("corrupted or incomplete", ReplicaReasons.ModelUnreadable),
        ("invalid magic", ReplicaReasons.ModelUnreadable),
        ("failed to open gguf", ReplicaReasons.ModelUnreadable),
        ("failed to load model", ReplicaReasons.ModelUnreadable),
        ("error loading model", ReplicaReasons.ModelUnreadable),
    ];

    public static (string Reason, string Message) Of(EngineExit exit)
    {
        // The first signature in the list that occurs anywhere: the specific ones stand before the general "failed to load".
        var found = s_signatures.FirstOrDefault(s => exit.LastLines.Any(l => l.Contains(s.Words, StringComparison.OrdinalIgnoreCase)));
        var reason = found.Reason ?? (exit.ExitCode is 137 or 143 or 130 ? ReplicaReasons.Killed : ReplicaReasons.Crashed);
        return (reason, $"{Explain(reason, exit.ExitCode)}{Quote(exit.LastLines)}");
    }

    private static string Explain(string reason, int code) => reason switch
    {
        ReplicaReasons.PortInUse => "Another process took the engine's port first; it gets another one.",
        ReplicaReasons.ModelUnsupported => "This llama-server does not know the model's architecture; a newer engine or another model is needed.",
        ReplicaReasons.BadArgument => "The engine refuses one of its arguments; correct engine.args.",
        ReplicaReasons.OutOfMemory => "The machine has too little free memory for the model and its context; choose a smaller quantisation or contextLength.",
        ReplicaReasons.ModelUnreadable => "The engine could not load the model file.",
        ReplicaReasons.Killed when code == 137 => "The engine was killed (SIGKILL): by hand, or by the kernel because memory ran out.",
        ReplicaReasons.Killed => "The engine was ended by a signal from outside.",
        _ => code switch
        {
            139 => "The engine crashed (SIGSEGV).",
            134 => "The engine gave up (SIGABRT).",
            132 => "The engine uses instructions that this processor lacks (SIGILL).",
            _ => $"The engine ended with exit code {code}.",
        },
    };

    private static string Quote(IReadOnlyList<string> lines)
    {
        static bool Tells(string line) =>
            line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("fail", StringComparison.OrdinalIgnoreCase)
            || line.Contains("couldn't", StringComparison.OrdinalIgnoreCase);
        // Its own words about an error; when there are none, its last words.
        var telling = lines.Where(Tells).TakeLast(3).ToList();
        if (telling.Count == 0) telling = [.. lines.TakeLast(2)];
        return telling.Count == 0 ? "" : $" Its log ends: {string.Join(" | ", telling.Select(static l => l.Trim()))}";
    }
}
