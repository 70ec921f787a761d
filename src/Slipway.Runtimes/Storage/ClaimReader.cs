using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Storage;

/// <summary>Tells how the claim of a volume is, and whether what the manifest asks for can still be had from it.</summary>
/// <remarks>
/// A claim that waits holds nothing back: with a class that binds on first use it waits for the very pods, and with another one the
/// scheduler tells what is missing. What a claim cannot become is told and not tried, for only a new claim could be that.
/// </remarks>
public static class ClaimReader
{
    private const string Another = "What is on it stays: take the change back, or give the volume another name to begin with an empty one";

    /// <summary>Reads the claim of a volume.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="volume">A volume of it that is no image.</param>
    /// <param name="claim">The claim of that name, if there is one.</param>
    /// <returns>Its state.</returns>
    public static StorageState Read(ModelDeployment deployment, StorageVolume volume, VolumeClaim? claim)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(volume);
        var name = PodParts.ClaimName(deployment, volume);
        StorageState Not(string reason, string message, bool holds = false) => new(false, reason, $"Claim {name} {message}", holds);
        return claim switch
        {
            null when volume.Size is not null => Not("ClaimPending", "is being made") with { Apply = true },
            null => Not("ClaimMissing", "does not exist: create it, or give the volume a size and Slipway makes it", holds: true),
            { Metadata.DeletionTimestamp: not null } => Not("ClaimTerminating", "is being deleted, and goes once no pod uses it", holds: true),
            _ when volume.Size is not null && claim.Metadata.OwnerReferences?.Any(o => o.Uid == deployment.Metadata.Uid) != true => Not(
                "ClaimConflict", "exists and belongs to something else: name another in claimName, or leave out the size to use this one as it is", holds: true),
            { Status.Phase: "Lost" } => Not("ClaimLost", "has lost its volume, and with it what was there: find out what became of the volume, and delete the claim", holds: true),
            { Spec.VolumeMode: "Block" } => Not("ClaimIsBlock", "is a raw device (volumeMode: Block), and models need a file system: name another claim", holds: true),
            _ when Fixed(volume, claim) is { } cannot => Not("ClaimImmutable", $"{cannot}. {Another}"),
            _ when volume.Size is { } size && Requested(claim) is { } has && size.Amount() < has.Amount() => Not("ClaimCannotShrink", $"has {has} and cannot shrink to {size}. {Another}"),
            { IsBound: false } => Not("ClaimPending", $"waits for a volume. A class that binds on first use does so once a pod wants it; if it stays like this, look at its events: kubectl describe pvc {name}"),
            _ when volume.Size is { } size && Requested(claim) is { } has && size.Amount() > has.Amount() => Not("ResizePending", $"is asked to grow from {has} to {size}") with { Apply = true },
            _ when Growing(claim) is { } growing => Not("ResizePending", growing),
            _ => new StorageState(true, "Bound", $"Claim {name} is bound", Holds: false),
        };
    }

    /// <summary>Sums up the claims of a deployment: what holds it back first.</summary>
    /// <param name="claims">Each claim's state.</param>
    /// <param name="kept">Names of claims whose volume is no longer in the manifest.</param>
    /// <returns>The state of all.</returns>
    public static StorageState Sum(IReadOnlyCollection<StorageState> claims, IReadOnlyCollection<string> kept)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(kept);
        var open = claims.Where(c => !c.Ready).OrderByDescending(c => c.Holds).ToList();
        var words = string.Join("; ", (open.Count > 0 ? open : [.. claims]).Select(c => c.Message));
        if (kept.Count > 0) words += $"{(words.Length > 0 ? "; " : "")}{string.Join(", ", kept)} belongs to no volume any more, and is kept until the deployment goes: delete it if nobody needs what is on it";
        return new StorageState(open.Count == 0, open.Count == 0 ? "Bound" : open[0].Reason, words, open.Any(c => c.Holds));
    }

    private static string? Fixed(StorageVolume volume, VolumeClaim claim)
    {
        if (volume.Size is null) return null;
        var mode = ManagedClaim.AccessMode(volume);
        if (claim.Spec?.AccessModes is { Count: > 0 } modes && !modes.Contains(mode)) return $"is {string.Join(", ", modes)} and cannot become {mode}";
        var has = claim.Spec?.StorageClassName ?? "";
        return volume.StorageClassName is { } wanted && wanted != has ? $"is of storage class \"{has}\" and cannot become \"{wanted}\"" : null;
    }

    // A volume may be larger than asked for, and grows in two steps: the disk, then the file system, which some drivers do only on a new mount.
    private static string? Growing(VolumeClaim claim)
    {
        var told = claim.Status?.Conditions?.FirstOrDefault(c => c.Status == "True" && c.Type is "Resizing" or "FileSystemResizePending" or "ControllerResizeError" or "NodeResizeError");
        var capacity = claim.Status?.Capacity?.TryGetValue("storage", out var got) == true ? got : (Quantity?)null;
        if (told is null && (capacity is null || Requested(claim) is not { } wanted || !(capacity.Value.Amount() < wanted.Amount()))) return null;
        return $"has {capacity} and grows to {Requested(claim)}{(told is null ? "" : $" ({told.Type}: {told.Message})")}";
    }

    private static Quantity? Requested(VolumeClaim claim) => claim.Spec?.Resources?.Requests?.TryGetValue("storage", out var size) == true ? size : null;
}
