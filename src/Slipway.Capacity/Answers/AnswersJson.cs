using System.Text.Json.Serialization;
using Slipway.Capacity.Answers.Models;

namespace Slipway.Capacity.Answers;

/// <summary>JSON of answers, the same for the command line and the REST API. What is not known is null, with its reason beside it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CapacityAnswer))]
[JsonSerializable(typeof(CostsAnswer))]
[JsonSerializable(typeof(PricesAnswer))]
[JsonSerializable(typeof(CostHistoryAnswer))]
[JsonSerializable(typeof(ModelAnswer))]
[JsonSerializable(typeof(PlansAnswer))]
[JsonSerializable(typeof(SearchAnswer))]
public sealed partial class AnswersJson : JsonSerializerContext;
