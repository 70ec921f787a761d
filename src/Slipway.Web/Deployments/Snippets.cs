namespace Slipway.Web.Deployments;

/// <summary>How a program asks a model, in the languages that most people use. Nothing here needs a key: the gateway is on loopback.</summary>
internal static class Snippets
{
    public static IReadOnlyList<(string Language, string Text)> Of(Uri gateway, string model)
    {
        var root = new Uri(gateway, "v1").ToString().TrimEnd('/');
        return
        [
            ("curl", $$"""
                curl {{root}}/chat/completions \
                  -H 'Content-Type: application/json' \
                  -d '{"model": "{{model}}", "messages": [{"role": "user", "content": "What is 17 + 25?"}]}'
                """),
            ("Python", $$"""
                # pip install openai
                from openai import OpenAI

                client = OpenAI(base_url="{{root}}", api_key="not needed")
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

                var client = new ChatClient("{{model}}", new ApiKeyCredential("not needed"),
                    new OpenAIClientOptions { Endpoint = new Uri("{{root}}") });
                ChatCompletion answer = client.CompleteChat("What is 17 + 25?");
                Console.WriteLine(answer.Content[0].Text);
                """),
            ("JavaScript", $$"""
                // npm install openai
                import OpenAI from 'openai';

                const client = new OpenAI({ baseURL: '{{root}}', apiKey: 'not needed' });
                const answer = await client.chat.completions.create({
                  model: '{{model}}',
                  messages: [{ role: 'user', content: 'What is 17 + 25?' }],
                });
                console.log(answer.choices[0].message.content);
                """),
        ];
    }
}
