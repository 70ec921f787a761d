using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Slipway.Api.Crds;
using Slipway.Api.Schemas;
using Slipway.Testing;

namespace Slipway.Api.Tests.Crds;

/// <summary>The committed definitions are those that the records say. To write them anew: SLIPWAY_UPDATE=1 dotnet test.</summary>
public sealed class GeneratedCrdTests
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static TheoryData<string> Names => [.. CustomResources.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_committed_definition_is_what_the_records_say(string name)
    {
        var generated = Generate(name);
        var json = generated.ToJsonString(s_indented) + "\n";
        var yaml = "# Generated from the records in src/Slipway.Api; see tests/Slipway.Api.Tests/Crds.\n" + Yaml.Write(generated);
        var jsonPath = Path.Combine(Repository.Root, "src", "Slipway.Api", "Crds", $"{name}.json");
        var yamlPath = Path.Combine(Repository.Root, "deploy", "crds", $"{name}.yaml");
        if (Environment.GetEnvironmentVariable("SLIPWAY_UPDATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(yamlPath)!);
            File.WriteAllText(jsonPath, json);
            File.WriteAllText(yamlPath, yaml);
        }

        Assert.Equal(json, File.ReadAllText(jsonPath));
        Assert.Equal(yaml, File.ReadAllText(yamlPath));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_field_is_described(string name)
    {
        var schema = Generate(name)["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();
        Assert.Equal(["/metadata"], Undescribed(schema, ""));
    }

    private static JsonObject Generate(string name)
    {
        JsonTypeInfo contract = name switch
        {
            "modeldeployments.airunway.ai" => SlipwayJson.Default.ModelDeployment,
            "inferenceproviderconfigs.airunway.ai" => SlipwayJson.Default.InferenceProviderConfig,
            "localengines.slipway.dev" => SlipwayJson.Default.LocalEngine,
            "evaluationsuites.slipway.dev" => SlipwayJson.Default.EvaluationSuite,
            "qualitygates.slipway.dev" => SlipwayJson.Default.QualityGate,
            "modelrollouts.slipway.dev" => SlipwayJson.Default.ModelRollout,
            "evaluationschedules.slipway.dev" => SlipwayJson.Default.EvaluationSchedule,
            "rolloutrecords.slipway.dev" => SlipwayJson.Default.RolloutRecord,
            "rolloutevidences.slipway.dev" => SlipwayJson.Default.RolloutEvidence,
            "apikeys.slipway.dev" => SlipwayJson.Default.ApiKey,
            _ => throw new ArgumentException(name),
        };
        return new CrdGenerator(XmlDocs.For(typeof(SlipwayJson).Assembly)).Generate(contract);
    }

    private static IEnumerable<string> Undescribed(JsonObject schema, string path)
    {
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            if (property!["description"] is null) yield return $"{path}/{name}";
            foreach (var deeper in Undescribed(property.AsObject(), $"{path}/{name}")) yield return deeper;
            if (property["items"] is not JsonObject items) continue;
            foreach (var deeper in Undescribed(items, $"{path}/{name}[]")) yield return deeper;
        }
    }
}
