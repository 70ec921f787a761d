using Slipway.Bench;
using Slipway.Bench.ApiServer;
using Slipway.Bench.Evaluation;
using Slipway.Bench.Gateway;
using Slipway.Bench.Operator;
using Slipway.Bench.Page;

// Whole-process figures; run from the repository's root with nothing else running:
//   dotnet run -c Release --project bench/Slipway.Bench -- up         API ready, first token, idle memory (needs ./slipway built)
//   dotnet run -c Release --project bench/Slipway.Bench -- gateway [PORTKEY/build/start-server.js]
//       latency, processor time and memory beside nginx and, if given, the Portkey gateway (needs wrk and nginx)
//   dotnet run -c Release --project bench/Slipway.Bench -- recording   what recording adds to a request, in pairs (needs wrk)
//   dotnet run -c Release --project bench/Slipway.Bench -- apiserver [NAME=KUBECONFIG[@PID+PID] ...]
//       rates, latencies and memory of the embedded Kubernetes API and of others beside it (needs ./slipway built, and wrk)
//   dotnet run -c Release --project bench/Slipway.Bench -- apiserver-scale
//       what a request costs the embedded API while it holds 1,000, 10,000 and 100,000 objects (the same needs)
//   dotnet run -c Release --project bench/Slipway.Bench -- estimates   what fit, speed, cost and plans cost to compute
//   dotnet run -c Release --project bench/Slipway.Bench -- evaluation [RUNS]   how often tests of quality are wrong, and how soon they are right
//   dotnet run -c Release --project bench/Slipway.Bench -- accuracy    how far estimates are from what was measured (needs SLIPWAY_SHARED or ../shared)
//   dotnet run -c Release --project bench/Slipway.Bench -- operator [SECONDS_OF_REST DEPLOYMENTS ...]
//       what the controllers use to bring 1,000 and 5,000 deployments of all runtimes to Running, and at rest (needs SLIPWAY_SHARED or ../shared)
//   dotnet run -c Release --project bench/Slipway.Bench -- page [DEPLOYMENTS PAGES]
//       first load, first paint and delay of a change in a real Chromium, and what 500 deployments on 20 open pages cost the server
return args switch
{
    ["up", .. var rest] => await UpBench.RunAsync(rest is [var n] ? int.Parse(n) : 5),
    ["apiserver", .. var others] => await ApiServerBench.RunAsync(others),
    ["apiserver-scale"] => await ScaleBench.RunAsync(),
    ["estimates"] => await EstimatesBench.RunAsync(),
    ["evaluation", .. var runs] => await EvaluationBench.RunAsync(runs is [var n] ? int.Parse(n) : 10_000),
    ["accuracy"] => await AccuracyBench.RunAsync(),
    ["operator"] => await OperatorBench.RunAsync([1000, 5000], TimeSpan.FromMinutes(3)),
    ["operator", var seconds, .. var sizes] => await OperatorBench.RunAsync([.. sizes.Select(int.Parse)], TimeSpan.FromSeconds(int.Parse(seconds))),
    ["host-api", var data] => await ApiProcess.HostAsync(data),
    ["host-operator", var kubeconfig] => await OperatorProcess.HostAsync(kubeconfig),
    ["gateway", .. var portkey] => await GatewayBench.RunAsync(portkey.FirstOrDefault()),
    ["recording"] => await RecordingBench.RunAsync(),
    ["page"] => await PageBench.RunAsync(500, 20),
    ["page", var deployments, var pages] => await PageBench.RunAsync(int.Parse(deployments), int.Parse(pages)),
    ["host-page", var deployments] => await PageHost.HostAsync(int.Parse(deployments)),
    ["host-engine"] => await Engine.HostAsync(),
    ["host-gateway", var engine, .. var how] => await GatewayBench.HostAsync(new Uri(engine), how.FirstOrDefault()),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.Write("usage: up [RUNS] | gateway [PORTKEY] | recording | apiserver [NAME=KUBECONFIG[@PID+PID] ...] | apiserver-scale | estimates | accuracy | evaluation [RUNS] | operator [SECONDS_OF_REST DEPLOYMENTS ...] | page [DEPLOYMENTS PAGES]\n");
    return 2;
}
