namespace Slipway.Web.Deployments;

/// <summary>How a program asks a model, in the languages that most people use.</summary>
internal static class Snippets
{
    /// <summary>The variable that a key is taken from, which Slipway's own commands take too.</summary>
    public const string Variable = "SLIPWAY_API_KEY";

    /// <param name="gateway">The gateway's address.</param>
    /// <param name="model">The name in requests.</param>
    /// <param name="keyed">Whether nobody is answered without a key; where not, the gateway is on loopback and asks for none.</param>
    public static IReadOnlyList<(string Language, string Text)> Of(Uri gateway, string model, bool keyed)
    {
        var root = new Uri(gateway, "v1").ToString().TrimEnd('/');
        return
        [
            ("curl", $$"""
                curl {{root}}/chat/completions \{{(keyed ? $"\n  -H \"Authorization: Bearer ${Variable}\" \\" : "")}}
                  -H 'Content-Type: application/json' \
                  -d '{"model": "{{model}}", "messages": [{"role": "user", "content": "What is 17 + 25?"}]}'
                """),
            ("Python", $$"""
                # pip install openai
                {{(keyed ? "import os\n\n" : "")}}from openai import OpenAI

                client = OpenAI(base_url="{{root}}", api_key={{(keyed ? $"os.environ[\"{Variable}\"]" : "\"not needed\"")}})
                answer = client.chat.completions.create(
                    model="{{model}}",
                    messages=[{"role": "user", "content": "What is 17 + 25?"}],
                )
                print(answer.choices[0].message.content)
                """),
            ("C#", $$"""
                // dotnet add package OpenAI
                using System.ClientModel;
                using OpenAI;
                using OpenAI.Chat;

                var client = new ChatClient("{{model}}", new ApiKeyCredential({{(keyed ? $"Environment.GetEnvironmentVariable(\"{Variable}\")!" : "\"not needed\"")}}),
                    new OpenAIClientOptions { Endpoint = new Uri("{{root}}") });
                ChatCompletion answer = client.CompleteChat("What is 17 + 25?");
                Console.WriteLine(answer.Content[0].Text);
                """),
            ("JavaScript", $$"""
                // npm install openai
                import OpenAI from 'openai';

                const client = new OpenAI({ baseURL: '{{root}}', apiKey: {{(keyed ? $"process.env.{Variable}" : "'not needed'")}} });
                const answer = await client.chat.completions.create({
                  model: '{{model}}',
                  messages: [{ role: 'user', content: 'What is 17 + 25?' }],
                });
                console.log(answer.choices[0].message.content);
                """),
        ];
    }
}
