using Microsoft.Data.Sqlite;
using Slipway.ApiServer.Http;

namespace Slipway.ApiServer.Storage;

/// <summary>
/// The SQLite file. WAL with synchronous=FULL: a commit returns after its log was fsynced, so that what was acknowledged
/// survives a killed process and, where the disk honours fsync, a power cut. Only the writer thread uses it after the start.
/// </summary>
internal sealed class Database : IDisposable
{
    private const int Busy = 5, Locked = 6, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, ReadOnly = 8, NotADatabase = 26;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _revision;

    private Database(SqliteConnection connection)
    {
        _connection = connection;
        _put = Command("INSERT INTO objects(bucket, key, revision, value) VALUES($bucket, $key, $revision, $value) " +
            "ON CONFLICT(bucket, key) DO UPDATE SET revision = excluded.revision, value = excluded.value",
            "$bucket", "$key", "$revision", "$value");
        _delete = Command("DELETE FROM objects WHERE bucket = $bucket AND key = $key", "$bucket", "$key");
        _revision = Command("INSERT INTO meta(name, value) VALUES('revision', $value) ON CONFLICT(name) DO UPDATE SET value = excluded.value", "$value");
    }

    public static Database Open(string directory)
    {
        var path = Path.Combine(directory, "apiserver.db");
        SqliteConnection? connection = null;
        try
        {
            connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Pooling = false,
                DefaultTimeout = 1,
            }.ToString());
            connection.Open();
            // Exclusive before WAL: the index of the log then lives in this process and no other one can join.
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -2000");
            Execute(connection, """
                BEGIN IMMEDIATE;
                CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL);
                CREATE TABLE IF NOT EXISTS objects(bucket TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY(bucket, key));
                COMMIT
                """);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return new Database(connection);
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw Explain(e, directory, path);
        }
    }

    /// <summary>Reads the last revision and every object.</summary>
    public long Load(Action<string, StoredObject> found)
    {
        try
        {
            using var objects = _connection.CreateCommand();
            objects.CommandText = "SELECT bucket, key, revision, value FROM objects ORDER BY bucket, key";
            using (var reader = objects.ExecuteReader())
            {
                while (reader.Read())
                    found(reader.GetString(0), new StoredObject(reader.GetString(1), reader.GetInt64(2), (byte[])reader[3]));
            }

            using var revision = _connection.CreateCommand();
            revision.CommandText = "SELECT value FROM meta WHERE name = 'revision'";
            return revision.ExecuteScalar() is long value ? value : 0;
        }
        catch (SqliteException e)
        {
            throw Explain(e, Path.GetDirectoryName(_connection.DataSource)!, _connection.DataSource);
        }
    }

    /// <summary>Stores a group of changes, all or none of them.</summary>
    public void Commit(IEnumerable<(Bucket Bucket, string Key, StoredObject? Value)> changes, long revision)
    {
        try
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var (bucket, key, value) in changes)
            {
                var command = value is null ? _delete : _put;
                command.Transaction = transaction;
                command.Parameters[0].Value = bucket.Name;
                command.Parameters[1].Value = key;
                if (value is not null)
                {
                    command.Parameters[2].Value = value.Revision;
                    command.Parameters[3].Value = value.Bytes;
                }

                command.ExecuteNonQuery();
            }

            _revision.Transaction = transaction;
            _revision.Parameters[0].Value = revision;
            _revision.ExecuteNonQuery();
            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw e.SqliteErrorCode == Full ? Errors.StorageFull() : Errors.Internal($"the database refused the write: {e.Message}");
        }
    }

    public void Dispose()
    {
        _put.Dispose();
        _delete.Dispose();
        _revision.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Command(string text, params string[] parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The text is one of the constants above.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var name in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only constants are passed.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static Exception Explain(SqliteException e, string directory, string path) => e.SqliteErrorCode switch
    {
        Busy or Locked => new DatabaseLockedException(path, e),
        Corrupt or NotADatabase => new DatabaseCorruptException(path, e),
        Full => new DiskFullException(path, e),
        CannotOpen or ReadOnly or IoError => new DataDirectoryException(directory, e),
        _ => new DataDirectoryException(directory, e),
    };
}
