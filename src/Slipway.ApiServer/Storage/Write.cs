namespace Slipway.ApiServer.Storage;

/// <summary>One change of one object, valid only while the object is still in the state that the request saw.</summary>
internal sealed class Write(Bucket bucket, string key, StoredObject? expected, EncodedObject value, bool delete, object? writtenAs)
{
    private readonly TaskCompletionSource<StoredObject?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Bucket Bucket { get; } = bucket;

    public string Key { get; } = key;

    /// <summary>Gets the state that must be the current one, or <see langword="null"/> when no object may exist.</summary>
    public StoredObject? Expected { get; } = expected;

    public EncodedObject Value { get; } = value;

    public bool Delete { get; } = delete;

    public object? WrittenAs { get; } = writtenAs;

    /// <summary>Gets the new state once it is durable, or <see langword="null"/> when another write came first.</summary>
    public Task<StoredObject?> Done => _done.Task;

    public void Complete(StoredObject? result) => _done.TrySetResult(result);

    public void Fail(Exception reason) => _done.TrySetException(reason);
}
