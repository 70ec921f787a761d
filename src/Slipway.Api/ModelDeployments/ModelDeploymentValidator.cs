using System.Text.RegularExpressions;
using Slipway.Api.ModelDeployments.Accelerators;

namespace Slipway.Api.ModelDeployments;

/// <summary>The rules of a ModelDeployment that a schema cannot say; one set for the controller, the CLI, the page and admission.</summary>
public static partial class ModelDeploymentValidator
{
    /// <summary>Looks a deployment over.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>All that is wrong with it; empty when it makes sense.</returns>
    public static IReadOnlyList<FieldError> Validate(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var errors = new List<FieldError>();
        if (deployment.Metadata.Name?.Contains('.', StringComparison.Ordinal) == true)
            errors.Add(new("metadata.name", "must not contain a dot: Services are named after it"));

        Model(deployment.Spec, errors);
        Engine(deployment.Spec.Engine, errors);
        Roles(deployment.Spec, errors);
        AcceleratorRules.Check(deployment.Spec, errors);
        ScalingRules.Check(deployment.Spec, errors);
        SchedulingRules.Check(deployment.Spec.Scheduling, errors);
        StorageRules.Check(deployment.Spec.Model.Storage?.Volumes ?? [], errors);
        if (deployment.Spec.Gateway is { HttpRouteRef.Length: > 0, PoolRef.Length: > 0 })
            errors.Add(new("spec.gateway.poolRef", "and spec.gateway.httpRouteRef exclude each other: a route of your own says itself where it leads"));
        return errors;
    }

    private static void Model(ModelDeploymentSpec spec, List<FieldError> errors)
    {
        var model = spec.Model;
        if (model.Source is ModelSource.Custom)
        {
            if (spec.Image is null && spec.Engine?.Image is null)
                errors.Add(new("spec.model.source", "custom means that the model is inside the image: name it in spec.engine.image"));
        }
        else if (string.IsNullOrWhiteSpace(model.Id))
        {
            errors.Add(new("spec.model.id", "is required: name the model as ORGANISATION/NAME, as on the Hugging Face Hub"));
        }
        else if (!HubId().IsMatch(model.Id) || model.Id.Contains("..", StringComparison.Ordinal))
        {
            errors.Add(new("spec.model.id", $"\"{model.Id}\" is no model id: write it as ORGANISATION/NAME, as on the Hugging Face Hub"));
        }

        if (model is { Quantization: not null, File: not null })
            errors.Add(new("spec.model.quantization", "and spec.model.file exclude each other: the file already says which quantisation"));
        foreach (var adapter in model.Adapters ?? [])
        {
            var at = $"spec.model.adapters[{adapter.Name}]";
            if (adapter.Id is null == adapter.Image is null) errors.Add(new(at, "needs either id, a repository on the hub, or image"));
            if (adapter.Id is { } id && (!HubId().IsMatch(id) || id.Contains("..", StringComparison.Ordinal)))
                errors.Add(new($"{at}.id", $"\"{id}\" is no id: write it as ORGANISATION/NAME, as on the Hugging Face Hub"));
        }

        if (model.File is { } file && !FileName().IsMatch(file))
            errors.Add(new("spec.model.file", $"\"{file}\" is no file of a repository: give its path relative to the repository's root"));
    }

    private static void Engine(EngineSpec? engine, List<FieldError> errors)
    {
        if (engine is null) return;
        if (engine.ContextLength is < 1) errors.Add(new("spec.engine.contextLength", "must be at least 1 token"));
        foreach (var name in engine.Args?.Keys ?? [])
        {
            if (!FlagName().IsMatch(name))
                errors.Add(new($"spec.engine.args[{name}]", "is no flag name: letters, digits, '-', '_' and '.', without leading dashes"));
        }

        var extra = engine.ExtraArgs?.Where(a => a.StartsWith("--", StringComparison.Ordinal)).Select(a => a[2..].Split('=')[0]) ?? [];
        foreach (var name in extra.Where(n => engine.Args?.ContainsKey(n) == true))
            errors.Add(new("spec.engine.extraArgs", $"gives --{name}, which spec.engine.args gives too: keep one"));
    }

    private static void Roles(ModelDeploymentSpec spec, List<FieldError> errors)
    {
        if (spec.Serving?.Mode is not ServingMode.Disaggregated) return;
        if (spec.Resources?.Gpu is not null)
            errors.Add(new("spec.resources.gpu", "is for aggregated serving: say it in spec.scaling.prefill.gpu and spec.scaling.decode.gpu"));
        if (spec.Resources?.Accelerators is not null)
            errors.Add(new("spec.resources.accelerators", "is for aggregated serving: say it in spec.scaling.prefill.accelerators and spec.scaling.decode.accelerators"));
        Role("prefill", spec.Scaling?.Prefill, errors);
        Role("decode", spec.Scaling?.Decode, errors);
    }

    private static void Role(string name, WorkerSpec? worker, List<FieldError> errors)
    {
        if (worker is null) errors.Add(new($"spec.scaling.{name}", "is required in disaggregated mode"));
        else if (worker.Devices() is null or < 1) errors.Add(new($"spec.scaling.{name}.gpu.count", "must be at least 1 in disaggregated mode"));
    }

    // The hub's own rule for repository names (huggingface_hub, validate_repo_id): 1 to 96 characters a part.
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex HubId();

    [GeneratedRegex(@"^([A-Za-z0-9_][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex FileName();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex FlagName();
}
