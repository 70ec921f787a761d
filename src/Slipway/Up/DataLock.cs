using Slipway.Commands;

namespace Slipway.Up;

/// <summary>Keeps a second Slipway off the same data; the kernel lets go of it however the process ends.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    /// <exception cref="CommandFailure">The directory cannot be used, or is in use.</exception>
    public static DataLock Take(DataDirectory data)
    {
        var made = Directory.Exists(data.Path);
        try
        {
            Directory.CreateDirectory(data.Path);
            // Keys and secrets are inside: for the owner alone.
            if (!made && !OperatingSystem.IsWindows()) File.SetUnixFileMode(data.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _ = Directory.EnumerateFileSystemEntries(data.Path).Any();
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCodes.Failed, $"The data directory {data.Path} cannot be used: {denied.Message} Make it yours (chown, chmod 700), or choose another with --data.");
        }

        var path = Path.Combine(data.Path, "slipway.lock");
        try
        {
            return new DataLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new CommandFailure(ExitCodes.Failed, $"The data directory {data.Path} cannot be written: {denied.Message}");
        }
        catch (IOException)
        {
            var who = data.ReadInstance() is { } instance ? $" (process {instance.ProcessId}, web page {instance.Web})" : "";
            throw new CommandFailure(
                ExitCodes.Failed, $"Slipway already runs on {data.Path}{who}. Use that one, stop it, or give this one other data: slipway up --data DIR");
        }
    }

    public void Dispose() => _file.Dispose();
}
