namespace Slipway.ApiServer;

/// <summary>Says why the embedded API server could not start, and what to do about it.</summary>
public abstract class ApiServerStartException : Exception
{
    private protected ApiServerStartException(string message, Exception? inner) : base(message, inner)
    {
    }
}

/// <summary>Another program listens on the port.</summary>
public sealed class PortInUseException(int port, Exception inner) : ApiServerStartException(
    $"Port {port} on 127.0.0.1 is in use by another program. Stop that program, choose another port, or give 0 for a free one.", inner)
{
    /// <summary>Gets the port that was asked for.</summary>
    public int Port { get; } = port;
}

/// <summary>The data directory cannot be read or written.</summary>
public sealed class DataDirectoryException(string path, Exception inner) : ApiServerStartException(
    $"The data directory {path} cannot be used: {inner.Message} Give this user read and write permission on it, or choose another directory.", inner)
{
    /// <summary>Gets the directory.</summary>
    public string Path { get; } = path;
}

/// <summary>Another process holds the database.</summary>
public sealed class DatabaseLockedException(string path, Exception inner) : ApiServerStartException(
    $"The database {path} is in use by another process. Only one server may use a data directory: stop the other one, or choose another directory.", inner)
{
    /// <summary>Gets the database file.</summary>
    public string Path { get; } = path;
}

/// <summary>The database file is damaged.</summary>
public sealed class DatabaseCorruptException(string path, Exception inner) : ApiServerStartException(
    $"The database {path} is damaged ({inner.Message.TrimEnd('.')}). Nothing was changed. Restore it from a copy, or move the file away to start empty.", inner)
{
    /// <summary>Gets the database file.</summary>
    public string Path { get; } = path;
}

/// <summary>The disk of the data directory has no room left.</summary>
public sealed class DiskFullException(string path, Exception inner) : ApiServerStartException(
    $"The disk that holds {path} is full. Free some space and start again; nothing that was stored is lost.", inner)
{
    /// <summary>Gets the path that could not be written.</summary>
    public string Path { get; } = path;
}
