using System.Net;
using System.Text.Json.Nodes;
using Slipway.Api.Schedules;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Web.Deployments.Quality;

namespace Slipway.Up.Page;

/// <summary>The schedules of the API that `up` runs, from the caches of its controllers.</summary>
internal sealed class LiveSchedules : ISchedules, IDisposable
{
    private readonly KubeClient _client;
    private readonly SlipwayOperator _controllers;

    public LiveSchedules(KubeClient client, SlipwayOperator controllers)
    {
        (_client, _controllers) = (client, controllers);
        controllers.Schedules.Changed += OnChanged;
    }

    public event Action? Changed;

    public IReadOnlyList<EvaluationSchedule> All => [.. _controllers.Schedules.Objects.Values.OrderBy(static s => s.Metadata.Name, StringComparer.Ordinal)];

    public void Dispose() => _controllers.Schedules.Changed -= OnChanged;

    public async Task<string?> AcceptAsync(EvaluationSchedule schedule, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(schedule.Metadata.Namespace ?? "default", schedule.Metadata.Name!);
        try
        {
            await _client.MergePatchAsync(Kinds.EvaluationSchedules, key, new JsonObject { ["spec"] = new JsonObject { ["accepted"] = (schedule.Spec.Accepted ?? 0) + 1 } }, "slipway-page", cancellationToken);
            return null;
        }
        catch (KubeApiException refused)
        {
            return refused.Code is HttpStatusCode.NotFound ? $"There is no schedule {key} any more." : refused.Message;
        }
        catch (HttpRequestException unreachable)
        {
            return $"The Kubernetes API does not answer: {unreachable.Message}. Try again when it does.";
        }
    }

    private void OnChanged(NamespacedName key) => Changed?.Invoke();
}
