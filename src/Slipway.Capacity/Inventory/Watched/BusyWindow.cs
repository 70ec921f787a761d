namespace Slipway.Capacity.Inventory.Watched;

/// <summary>How busy devices were over the last minutes: one look says nothing of a device that waits for the next request.</summary>
/// <param name="length">How many looks count.</param>
public sealed class BusyWindow(int length)
{
    private readonly Dictionary<string, Queue<double>> _looks = new(StringComparer.Ordinal);

    /// <summary>Takes a look.</summary>
    /// <param name="now">How busy each device is now.</param>
    /// <returns>The same with how busy they were in the window; what could not be read now is not known, and begins anew.</returns>
    public IEnumerable<DeviceReading> Add(IReadOnlyCollection<DeviceReading> now)
    {
        ArgumentNullException.ThrowIfNull(now);
        foreach (var gone in _looks.Keys.Except(now.Where(static d => d.Busy is not null).Select(static d => d.Id)).ToList()) _looks.Remove(gone);
        foreach (var device in now)
        {
            if (device.Busy is not { } busy)
            {
                yield return device;
                continue;
            }

            if (!_looks.TryGetValue(device.Id, out var looks)) _looks[device.Id] = looks = [];
            looks.Enqueue(busy);
            if (looks.Count > length) looks.Dequeue();
            yield return device with { Busy = looks.Average() };
        }
    }
}
