using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Errors;
using Slipway.Gateway.Keys;
using Slipway.Gateway.Picking;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Records;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Shadowing;
using Slipway.Gateway.Wire;

namespace Slipway.Gateway.Forwarding;

/// <summary>Takes a request for a model to an engine that serves it.</summary>
/// <param name="router">The routes.</param>
/// <param name="forwarder">Carries requests and answers.</param>
/// <param name="records">Gets what became of each request.</param>
/// <param name="recorder">Records requests; null for nobody.</param>
/// <param name="copier">Asks candidates what users asked.</param>
/// <param name="keys">Decides who may ask.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class InferenceEndpoint(Router router, EngineForwarder forwarder, RequestLog records, Recorder? recorder, Copier copier, KeyCheck keys, TimeProvider time, ILogger<InferenceEndpoint> logger)
{
    // How much of a body may come before `model`; engines take prompts of megabytes, and some clients send the model last.
    private const long LongestScan = 64 * 1024 * 1024;

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(2);

    public async Task InvokeAsync(HttpContext context, RequestOperation operation)
    {
        var (outcome, model) = await ScanAsync(context);
        var asked = records.Read(operation);
        switch (outcome)
        {
            case ScanOutcome.Found when context.Request.Headers.TryGetValue(Routes.DeploymentHeader, out var named):
                // Whoever names a deployment is looking at it, and is no user of it.
                if (router.Current.Deployments.TryGetValue(named.ToString(), out var looked)) await AdmitAsync(context, asked, looked, counted: false);
                else await NoDeploymentAsync(context, asked, named.ToString());
                return;
            case ScanOutcome.Found when router.Current.Routes.TryGetValue(model!, out var route):
                await AdmitAsync(context, asked, route, counted: true);
                return;
            case ScanOutcome.Found:
                await UnknownAsync(context, asked, model!);
                return;
            case ScanOutcome.Absent:
                await RefuseAsync(
                    context, asked, StatusCodes.Status400BadRequest, "missing_required_parameter", $"The request names no model: set \"model\" to one of {Known()}.");
                return;
            default:
                await RefuseAsync(context, asked, StatusCodes.Status400BadRequest, "invalid_json", "The request's body is no JSON object.");
                return;
        }
    }

    private async Task AdmitAsync(HttpContext context, Asked asked, Route route, bool counted)
    {
        var (key, refusal) = keys.Enter(context, route);
        if (refusal is not null)
        {
            records.Refused(context, asked, refusal.Status);
            await KeyCheck.RefuseAsync(context, refusal);
            return;
        }

        if (key is null)
        {
            await (counted ? SplitAsync(context, asked, route) : ForwardAsync(context, asked, route, counted: false));
            return;
        }

        var charged = asked with { Charge = new KeyCharge() };
        try
        {
            await (counted ? SplitAsync(context, charged, route) : ForwardAsync(context, charged, route, counted: false));
        }
        finally
        {
            key.Meter.Leave(charged.Charge.In, charged.Charge.Out);
        }
    }

    // A request of a user's: where a rollout is under way it may be the candidate's, and how it ends is counted for whoever had it.
    private async Task SplitAsync(HttpContext context, Asked asked, Route route)
    {
        if (route.Split?.To(Session(context), Random.Shared) is { Backends.Length: > 0 } other)
        {
            var outcome = await TakeAsync(context, asked, other, counted: true, last: false);
            // A candidate that does not even take requests costs nobody an answer.
            if (outcome is not (ForwardOutcome.Unreachable or ForwardOutcome.TurnedAway))
            {
                await SayAsync(context, other, outcome);
                return;
            }
        }

        await ForwardAsync(context, asked, route, counted: true);
    }

    private static string? Session(HttpContext context) =>
        context.Request.Headers.TryGetValue(Routes.SessionHeader, out var session) && session.ToString() is { Length: > 0 } name ? name : null;

    private async Task ForwardAsync(HttpContext context, Asked asked, Route route, bool counted)
    {
        var outcome = await TakeAsync(context, asked, route, counted, last: true);
        if (route.Backends.IsEmpty) await UnavailableAsync(context, route, route.State);
        else await SayAsync(context, route, outcome);
    }

    // Counted and written down before the client hears of its end, so that whoever waited for an answer finds it there.
    private async Task<ForwardOutcome> TakeAsync(HttpContext context, Asked asked, Route route, bool counted, bool last)
    {
        var dealt = new Dealt(new Forwarded(ForwardOutcome.Broken), null, 0);
        var capture = counted ? recorder?.Begin(route, Session(context), context.Request.ContentLength) : null;
        var copied = counted ? copier.Begin(route, capture, context.Request.ContentLength) : null;
        records.Began(route);
        route.Traffic.Enter();
        try
        {
            dealt = await RunAsync(context, route, capture ?? copied, last);
        }
        finally
        {
            route.Traffic.Leave();
            var outcome = dealt.Forwarded.Outcome;
            if (counted && outcome is not ForwardOutcome.ClientGone)
                route.Traffic.Count(outcome is not ForwardOutcome.Done || dealt.Forwarded.Answer.Failed || context.Response.StatusCode is >= 500 or 429);
            asked.Charge?.Take(context, dealt.Forwarded.Answer);
            records.Ended(context, asked, route, dealt, last);
            if (copied is not null) copier.End(copied, context, asked, route, dealt);
            if (capture is null) copied?.Dispose();
            else recorder!.End(capture, context, asked, route, dealt);
        }

        return dealt.Forwarded.Outcome;
    }

    // Where nobody took the request, or there was no room for it, the client has nothing yet, and another engine may have it. One that an engine has begun with is never taken to the next.
    private async Task<Dealt> RunAsync(HttpContext context, Route route, Capture? capture, bool last)
    {
        if (route.Backends.IsEmpty) return new Dealt(new Forwarded(ForwardOutcome.Unreachable), null, 0);
        if (await PickAsync(context, route) is not { } backend) return new Dealt(new Forwarded(ForwardOutcome.ClientGone), null, 0);
        route.Traffic.Retries.Earn();
        var tried = 1;
        var forwarded = await SendAsync(context, route, backend, capture, Retries());
        for (var left = route.Backends; tried < route.Backends.Length && MayTry(forwarded.Outcome);)
        {
            left = left.Remove(backend);
            backend = Picks.Any(left, time);
            tried++;
            forwarded = await SendAsync(context, route, backend, capture, Retries());
        }

        return new Dealt(forwarded, backend, tried);

        // One that is turned away has taken its retry.
        bool MayTry(ForwardOutcome outcome) => outcome is ForwardOutcome.TurnedAway || (outcome is ForwardOutcome.Unreachable && route.Traffic.Retries.TrySpend());

        RetryBudget? Retries() => tried < route.Backends.Length || !last ? route.Traffic.Retries : null;
    }

    // By its prompt, where there is a choice. The body stays where it is.
    private async ValueTask<Backend?> PickAsync(HttpContext context, Route route)
    {
        if (route.Backends.Length == 1) return route.Backends[0];
        var body = context.Request.BodyReader;
        try
        {
            var read = await body.ReadAtLeastAsync(PromptPrefix.MostBytes, context.RequestAborted);
            var backend = Picks.ForPrompt(route.Backends, read.Buffer, time);
            body.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
            return backend;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<Forwarded> SendAsync(HttpContext context, Route route, Backend backend, Capture? capture, RetryBudget? retries)
    {
        backend.Enter();
        try
        {
            var forwarded = await forwarder.SendAsync(context, backend, capture, retries);
            Judge(route, backend, forwarded, context.Response.StatusCode);
            return forwarded;
        }
        finally
        {
            backend.Leave();
        }
    }

    private void Judge(Route route, Backend backend, Forwarded forwarded, int status)
    {
        switch (forwarded.Outcome)
        {
            // A client that goes says nothing of the engine, and one that has its hands full is not broken.
            case ForwardOutcome.ClientGone:
            case ForwardOutcome.Done or ForwardOutcome.TurnedAway when status == StatusCodes.Status429TooManyRequests:
                backend.Breaker.Unknown();
                return;
            case ForwardOutcome.Done when status < 500 && !forwarded.Answer.Failed:
                backend.Breaker.Succeeded();
                return;
            default:
                if (backend.Breaker.Failed(time) is not { } wait) return;
                // What it knew may be gone with what broke.
                backend.Prefixes.Forget();
                if (route.Backends.Length > 1) LogLeft(backend.Address, route.Deployment, wait.TotalSeconds);
                return;
        }
    }

    // What the client is told where the engine said nothing.
    private async Task SayAsync(HttpContext context, Route route, ForwardOutcome outcome)
    {
        switch (outcome)
        {
            case ForwardOutcome.Done or ForwardOutcome.ClientGone:
                return;
            case ForwardOutcome.Cut:
                LogCut(route.Deployment);
                return;
            case ForwardOutcome.Silent:
                LogForward(route.Deployment, "it was silent");
                await OpenAIError.WriteAsync(
                    context, StatusCodes.Status504GatewayTimeout, "timeout_error", "engine_silent",
                    $"The engine of \"{route.Model}\" was silent for {forwarder.Silence.TotalMinutes} minutes. See its log: slipway logs {route.Deployment}.");
                return;
            case ForwardOutcome.Unreachable:
                LogForward(route.Deployment, "nobody accepts connections");
                await UnavailableAsync(context, route, "The engine does not accept connections; it is being started again");
                return;
            default:
                LogForward(route.Deployment, "the connection ended");
                await UnavailableAsync(context, route, "The engine stopped while it had the request; it is being started again");
                return;
        }
    }

    private Task RefuseAsync(HttpContext context, in Asked asked, int status, string code, string message)
    {
        records.Refused(context, asked, status);
        return OpenAIError.WriteAsync(context, status, "invalid_request_error", code, message);
    }

    private Task NoDeploymentAsync(HttpContext context, in Asked asked, string name) =>
        RefuseAsync(
            context, asked, StatusCodes.Status404NotFound, "deployment_not_found",
            $"There is no deployment \"{Shorten(name)}\", which the header {Routes.DeploymentHeader} names. Give its namespace and name, as default/tiny-chat.");

    private static Task UnavailableAsync(HttpContext context, Route route, string why) =>
        OpenAIError.WriteAsync(
            context, StatusCodes.Status503ServiceUnavailable, "service_unavailable_error", "model_not_ready",
            $"\"{route.Model}\" ({route.Deployment}) cannot answer now: {why.TrimEnd('.')}." + (route.Retry ? " Try again in a moment." : ""),
            route.Retry ? s_retryAfter : null);

    private Task UnknownAsync(HttpContext context, in Asked asked, string model) =>
        RefuseAsync(context, asked, StatusCodes.Status404NotFound, "model_not_found", $"There is no model \"{Shorten(model)}\". Known: {Known()}.");

    private string Known()
    {
        var names = router.Current.Routes.Values.Select(r => $"\"{r.Model}\"").Distinct().Order(StringComparer.Ordinal).ToList();
        return names.Count switch
        {
            0 => "none yet; deploy one with: slipway deploy MODEL",
            <= 20 => string.Join(", ", names),
            _ => $"{string.Join(", ", names.Take(20))} and {names.Count - 20} more (GET /v1/models)",
        };
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "...";

    // Looks at the body in Kestrel's own buffers and leaves every byte of it for the forwarder.
    private static async ValueTask<(ScanOutcome Outcome, string? Model)> ScanAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        for (var least = 1; ;)
        {
            var read = await body.ReadAtLeastAsync(least, context.RequestAborted);
            var outcome = ModelScanner.Scan(read.Buffer, read.IsCompleted, out var model);
            if (outcome is ScanOutcome.NeedMore && !read.IsCompleted && read.Buffer.Length < LongestScan)
            {
                // Twice as much each time: to look through all of it for each part that comes would cost its square.
                least = (int)Math.Min(LongestScan, 2 * read.Buffer.Length);
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
            return (outcome is ScanOutcome.NeedMore ? ScanOutcome.Malformed : outcome, model);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "A request to {Deployment} failed: {Why}")]
    private partial void LogForward(string deployment, string why);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "An answer of {Deployment} ended in the middle, and so did the client's connection")]
    private partial void LogCut(string deployment);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "The engine {Engine} of {Deployment} failed again and again, and is left alone for {Seconds} s; the others have its requests, if there is one in order")]
    private partial void LogLeft(string engine, string deployment, double seconds);
}
