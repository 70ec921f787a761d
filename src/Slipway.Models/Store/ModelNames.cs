using System.Text.RegularExpressions;

namespace Slipway.Models.Store;

/// <summary>Checks the names that become paths and addresses.</summary>
internal static partial class ModelNames
{
    /// <summary>Why a request's names cannot be used; null when they can.</summary>
    public static string? Fault(ModelRequest request)
    {
        if (!IsRepoId(request.Id))
        {
            return $"'{request.Id}' is not a model id. Write it as <organisation>/<name> with letters, digits, '-', '_' and '.', "
                + "for example slipway/tiny-chat.";
        }

        if (request.Revision is { } revision && !IsRevision(revision))
            return $"'{revision}' is not a revision. Give a branch, a tag or a full commit of {request.Id}.";
        if (request.File is { } file && !IsRepoPath(file))
            return $"'{file}' is not a file of a repository. Give its path as the hub shows it, for example model-Q4_K_M.gguf.";
        return null;
    }

    /// <summary>The hub's rule for ids: at most 96 characters a part, no <c>--</c> and no <c>..</c>.</summary>
    /// <remarks><c>validate_repo_id</c> in huggingface_hub; <c>--</c> is what separates the parts in the cache's folder names.</remarks>
    public static bool IsRepoId(string id) =>
        RepoId().IsMatch(id) && !id.Contains("--", StringComparison.Ordinal) && !id.Contains("..", StringComparison.Ordinal);

    /// <summary>Whether a text may be a branch, tag or commit, and is safe as a relative path.</summary>
    public static bool IsRevision(string revision) => Revision().IsMatch(revision) && IsRepoPath(revision);

    /// <summary>Whether a path stays inside the directory it is put into. The hub's listing is checked with it, too.</summary>
    public static bool IsRepoPath(string path) =>
        path.Length is > 0 and <= 1024 && !path.Contains('\\') && !path.Any(char.IsControl) && !Path.IsPathRooted(path)
        && path.Split('/').All(static part => part is not ("" or "." or ".."));

    /// <summary>Whether a text is a full commit.</summary>
    public static bool IsCommit(string? text) => text is not null && Commit().IsMatch(text);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,95})?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RepoId();

    [GeneratedRegex("^[A-Za-z0-9._/+-]{1,200}$", RegexOptions.None, 1000)]
    private static partial Regex Revision();

    [GeneratedRegex("^[0-9a-f]{40}$", RegexOptions.None, 1000)]
    private static partial Regex Commit();
}
