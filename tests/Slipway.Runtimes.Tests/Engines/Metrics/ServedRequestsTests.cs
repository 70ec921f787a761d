using CsCheck;
using Slipway.Runtimes.Engines.Metrics;

namespace Slipway.Runtimes.Tests.Engines.Metrics;

/// <summary>What engines answered, read from their metrics.</summary>
public sealed class ServedRequestsTests
{
    private const string Vllm = """
        http_requests_total{handler="/v1/chat/completions",method="POST",status="2xx"} 90.0
        http_requests_total{handler="/v1/completions",method="POST",status="2xx"} 6.0
        http_requests_total{handler="/v1/chat/completions",method="POST",status="4xx"} 50.0
        http_requests_total{handler="/v1/chat/completions",method="POST",status="5xx"} 4.0
        http_requests_total{handler="/v1/models",method="GET",status="2xx"} 1000.0
        http_requests_total{handler="none",method="POST",status="5xx"} 1000.0
        vllm:num_requests_running{engine="0",model_name="m"} 3.0
        vllm:num_requests_waiting{engine="0",model_name="m"} 2.0
        vllm:time_to_first_token_seconds_bucket{engine="0",le="0.25",model_name="m"} 60.0
        vllm:time_to_first_token_seconds_bucket{engine="1",le="0.25",model_name="m"} 20.0
        vllm:time_to_first_token_seconds_bucket{engine="0",le="0.5",model_name="m"} 70.0
        vllm:time_to_first_token_seconds_bucket{engine="1",le="0.5",model_name="m"} 25.0
        vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf",model_name="m"} 72.0
        vllm:time_to_first_token_seconds_bucket{engine="1",le="+Inf",model_name="m"} 28.0
        vllm:time_to_first_token_seconds_count{engine="0",model_name="m"} 72.0
        vllm:time_to_first_token_seconds_count{engine="1",model_name="m"} 28.0
        vllm:request_time_per_output_token_seconds_bucket{engine="0",le="0.05",model_name="m"} 9.0
        vllm:request_time_per_output_token_seconds_count{engine="0",model_name="m"} 10.0
        """;

    [Fact]
    public void A_vllm_says_what_it_answered_what_failed_and_how_long_it_took()
    {
        var read = ServedRequests.Read(Vllm)!;
        Assert.Equal((100, 4, 5), (read.Requests, read.Failures, read.InFlight));
        Assert.Equal((100, 20, 5), (read.FirstToken.Count, read.FirstToken.Slower(0.25), read.FirstToken.Slower(0.5)));
        Assert.Equal((0.5, null), (read.FirstToken.BoundFor(0.3), read.FirstToken.BoundFor(0.51)));
        Assert.Equal(1, read.BetweenTokens.Slower(0.05));
        Assert.Equal(0, read.WholeAnswer.Count);
    }

    [Fact]
    public void Dynamos_frontend_says_whose_fault_it_was_and_older_ones_do_not()
    {
        var read = ServedRequests.Read("""
            dynamo_frontend_requests_total{model="m",endpoint="chat_completions",request_type="stream",status="success",error_type=""} 90
            dynamo_frontend_requests_total{model="m",endpoint="completions",request_type="unary",status="success",error_type=""} 6
            dynamo_frontend_requests_total{model="m",endpoint="chat_completions",request_type="stream",status="error",error_type="validation"} 30
            dynamo_frontend_requests_total{model="m",endpoint="chat_completions",request_type="stream",status="error",error_type="cancelled"} 20
            dynamo_frontend_requests_total{model="m",endpoint="chat_completions",request_type="stream",status="error",error_type="internal"} 3
            dynamo_frontend_requests_total{model="m",endpoint="chat_completions",request_type="stream",status="error",error_type="overload"} 1
            dynamo_frontend_inflight_requests{model="m"} 5
            dynamo_frontend_time_to_first_token_seconds_bucket{model="m",le="0.25"} 60
            dynamo_frontend_time_to_first_token_seconds_count{model="m"} 96
            dynamo_frontend_inter_token_latency_seconds_bucket{model="m",le="0.25"} 6000
            dynamo_frontend_inter_token_latency_seconds_count{model="m"} 9600
            """)!;
        Assert.Equal((100, 4, 5), (read.Requests, read.Failures, read.InFlight));
        Assert.Equal((96, 36, 0), (read.FirstToken.Count, read.FirstToken.Slower(0.25), read.BetweenTokens.Count));
        Assert.Equal((5, 2), ServedRequests.Read("""
            dynamo_frontend_requests_total{model="m",status="success"} 3
            dynamo_frontend_requests_total{model="m",status="error"} 2
            """)! is { } older ? (older.Requests, older.Failures) : default);
    }

    [Fact]
    public void A_node_of_Ray_says_what_its_proxy_answered_once_and_without_the_probes()
    {
        const string Node = """
            # TYPE ray_serve_num_http_requests_total counter
            ray_serve_num_http_requests_total{Component="core_worker",SessionName="s",WorkerId="a",application="llm",method="POST",route="/",status_code="200"} 90.0
            ray_serve_num_http_requests_total{Component="core_worker",SessionName="s",WorkerId="b",application="llm",method="POST",route="/v1/chat/completions",status_code="200"} 6.0
            ray_serve_num_http_requests_total{application="llm",method="POST",route="/",status_code="404"} 30.0
            ray_serve_num_http_requests_total{application="llm",method="POST",route="/",status_code="499"} 20.0
            ray_serve_num_http_requests_total{application="llm",method="POST",route="/",status_code="500"} 3.0
            ray_serve_num_http_requests_total{application="llm",method="POST",route="/",status_code="503"} 1.0
            ray_serve_num_http_requests_total{application="",method="GET",route="/-/healthz",status_code="200"} 5000.0
            ray_serve_num_http_requests{application="llm",method="POST",route="/",status_code="200"} 96.0
            ray_serve_num_http_requests{application="llm",method="POST",route="/",status_code="500"} 4.0
            ray_serve_num_ongoing_http_requests{node_id="n",node_ip_address="10.0.0.1"} 5.0
            ray_serve_http_request_latency_ms_bucket{application="llm",method="POST",route="/",status_code="200",le="500.0"} 70.0
            ray_serve_http_request_latency_ms_bucket{application="llm",method="POST",route="/",status_code="200",le="+Inf"} 96.0
            ray_serve_http_request_latency_ms_count{application="llm",method="POST",route="/",status_code="200"} 96.0
            ray_serve_http_request_latency_ms_bucket{application="llm",method="POST",route="/",status_code="500",le="500.0"} 4.0
            ray_serve_http_request_latency_ms_count{application="llm",method="POST",route="/",status_code="500"} 4.0
            ray_serve_http_request_latency_ms_bucket{application="",method="GET",route="/-/healthz",status_code="200",le="500.0"} 5000.0
            ray_vllm_time_to_first_token_seconds_bucket{ReplicaId="r",model_name="m",engine="0",le="0.25"} 60.0
            ray_vllm_time_to_first_token_seconds_count{ReplicaId="r",model_name="m",engine="0"} 96.0
            ray_vllm_request_time_per_output_token_seconds_bucket{ReplicaId="r",model_name="m",engine="0",le="0.05"} 90.0
            ray_vllm_request_time_per_output_token_seconds_count{ReplicaId="r",model_name="m",engine="0"} 96.0
            """;
        var read = ServedRequests.Read(Node)!;
        Assert.Equal((100, 4, 5), (read.Requests, read.Failures, read.InFlight));
        Assert.Equal((96, 36, 6), (read.FirstToken.Count, read.FirstToken.Slower(0.25), read.BetweenTokens.Slower(0.05)));
        Assert.Equal((96, 26), (read.WholeAnswer.Count, read.WholeAnswer.Slower(0.5)));
        // Before 2.10 the proper counter was not there.
        Assert.Equal((100, 4), ServedRequests.Read(Node.Replace("requests_total", "requests_", StringComparison.Ordinal))! is { } older ? (older.Requests, older.Failures) : default);
        Assert.Equal((0, 0, 0), ServedRequests.Read("ray_node_cpu_count{SessionName=\"s\"} 8.0")! is { } idle ? (idle.Requests, idle.Failures, idle.InFlight) : default);
    }

    [Fact]
    public void One_that_nobody_has_asked_yet_has_answered_nothing_and_another_engine_says_nothing()
    {
        Assert.Equal((0, 0, 0), ServedRequests.Read("vllm:num_requests_running{engine=\"0\"} 0.0")! is { } idle ? (idle.Requests, idle.Failures, idle.InFlight) : default);
        Assert.Null(ServedRequests.Read("http_requests_total{handler=\"/v1/completions\",method=\"POST\",status=\"2xx\"} 9"));
        Assert.Null(ServedRequests.Read("<html>"));
    }

    [Fact]
    public void A_quantile_lies_in_the_bucket_where_its_rank_is()
    {
        var timed = new TimedAnswers([0.1, 0.2, 0.4], [10, 30, 40], 50);
        Assert.Equal(0.1, timed.Quantile(0.2), 1e-9);
        Assert.Equal(0.15, timed.Quantile(0.4), 1e-9);
        Assert.Equal(0.4, timed.Quantile(0.99), 1e-9);
    }

    [Fact]
    public void Between_two_looks_is_what_the_later_has_more_and_all_of_it_after_a_restart()
    {
        var (before, now) = (new TimedAnswers([1], [5], 8), new TimedAnswers([1], [9], 13));
        Assert.Equal((5, 1), (now.Since(before).Count, now.Since(before).Slower(1)));
        Assert.Equal(8, before.Since(now).Count);
        Assert.Equal((21, 7), (now.Plus(before).Count, now.Plus(before).Slower(1)));
    }

    [Fact]
    public void Labels_are_read_whatever_stands_in_their_quotes() =>
        Gen.Select(Gen.String[0, 12], Gen.String[0, 12]).Sample((a, b) =>
        {
            static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            // Lines end at any of these, and no writer of metrics lets one through.
            if ((a + b).Any(static c => c is '\r' or '\u0085' or '\u2028' or '\u2029' or '\f' or '\v')) return;
            var sample = Assert.Single(PrometheusText.Read($"m{{first=\"{Quoted(a)}\",second=\"{Quoted(b)}\"}} 1", static _ => true));
            Assert.Equal((a, b, null), (sample.Label("first"), sample.Label("second"), sample.Label("third")));
        });

    [Fact]
    public void Whatever_is_answered_is_read_without_a_fault() =>
        Gen.Select(Gen.Int[0, Vllm.Length - 1], Gen.Char, Gen.Int[0, 40]).Sample((at, c, cut) => _ = ServedRequests.Read(Vllm[..at] + c + Vllm[Math.Min(Vllm.Length, at + cut)..]));
}
