using System.Globalization;
using Slipway.Scheduling.Tests.Harness;

namespace Slipway.Scheduling.Tests.Gangs;

/// <summary>Gangs whose pods take the eight devices of a node each.</summary>
internal static class GangScenes
{
    extension(Cluster cluster)
    {
        /// <summary>Begins a test with nodes of eight devices, or skips it where there are no gangs.</summary>
        public async Task<Scene> GangSceneAsync(params string[] nodes)
        {
            _ = cluster.Groups;
            var scene = await cluster.SceneAsync();
            await scene.ClassAsync();
            await scene.CountAsync("eight", 8);
            foreach (var node in nodes) await scene.GpusAsync(node, Device.H100());
            return scene;
        }
    }

    extension(Scene scene)
    {
        public Task GangAsync(string name, int least, string more = "") => scene.ApplyAsync(string.Create(
            CultureInfo.InvariantCulture, $"{{kind: PodGroup, metadata: {{name: {name}}}, spec: {{schedulingPolicy: {{gang: {{minCount: {least}}}}}{(more.Length > 0 ? ", " + more : "")}}}}}"));

        public Task MemberAsync(string name, string gang, string template = "eight", string more = "") => scene.PodAsync(name, template, $"{{schedulingGroup: {{podGroupName: {gang}}}{(more.Length > 0 ? ", " + more : "")}}}");
    }
}
