using Slipway.Models.Hub;

namespace Slipway.Models.Profiles.Reading;

/// <summary>The files of a repository on the hub, at one commit.</summary>
internal sealed class HubFiles(HubClient hub, string commit, FileOrigin origin) : IModelFiles
{
    public FileOrigin Origin => origin;

    public async Task<HubAnswer<IReadOnlyList<ModelFile>>> ListAsync(CancellationToken cancellationToken)
    {
        var answer = await hub.ListAsync(commit, cancellationToken);
        return answer.TryGet(out var files, out var error) ? files.Select(static f => new ModelFile(f.Path, f.Size)).ToList() : error;
    }

    public Task<HubAnswer<byte[]>> ReadAsync(string path, long from, int length, CancellationToken cancellationToken) =>
        hub.ReadAsync(commit, path, from, length, cancellationToken);
}
