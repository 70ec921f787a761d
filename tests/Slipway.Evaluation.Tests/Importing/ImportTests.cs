using System.Text.Json.Nodes;
using Slipway.Evaluation.Importing;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Importing;

/// <summary>What is taken, and that what is not is named with its place and reason.</summary>
public sealed class ImportTests
{
    private const string Match = "e.dev.v0:\n  class: evals.elsuite.basic.match:Match\n  args:\n    samples_jsonl: s.jsonl\n";

    private const string Task = "task: t\ndataset_path: json\ndataset_kwargs: {data_files: {test: d.jsonl, train: d.jsonl}}\ntest_split: test\noutput_type: generate_until\ndoc_to_text: \"Q: {{q}}\"\ndoc_to_target: a\n";

    [Theory]
    [InlineData("{\"input\":\"?\"}", "s.jsonl line 1: has no ideal")]
    [InlineData("{\"input\":7,\"ideal\":\"x\"}", "s.jsonl line 1: has no text and no list of messages")]
    [InlineData("{\"input\":[{\"role\":\"tool\",\"content\":\"x\"}],\"ideal\":\"x\"}", "s.jsonl line 1 message 1: has the role tool")]
    [InlineData("{\"input\":[{\"role\":\"system\",\"name\":\"example_user\",\"content\":\"x\"}],\"ideal\":\"x\"}", "s.jsonl line 1 message 1: has name, which")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}],\"ideal\":\"x\"}", "s.jsonl line 1 message 1: has content that is not text")]
    [InlineData("{\"input\":\"?\",\"ideal\":\"x\",\"hint\":1}", "s.jsonl line 1.hint: is not understood")]
    [InlineData("{\"input\":\"?\",\"ideal\":\"\"}", "s.jsonl line 1: the prompt (match) matches an empty text")]
    [InlineData("{\"input\":", "s.jsonl line 1: ")]
    [InlineData("7", "s.jsonl line 1: is no JSON object")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "s.jsonl: is a pointer of Git LFS")]
    public void A_sample_that_cannot_be_taken_costs_only_itself(string line, string remark)
    {
        var import = OpenAIEvals.Read(Match, null, File(("s.jsonl", line + "\n{\"input\":\"1+1?\",\"ideal\":\"2\"}\n")));
        Assert.StartsWith(remark, Assert.Single(import.NotTaken).ToString(), StringComparison.Ordinal);
        Assert.Equal(!line.StartsWith("version", StringComparison.Ordinal), import.Suite is not null);
        if (import.Suite is not null) Assert.Contains(Suite(import).Prompts, static p => p.Messages[^1].Content == "1+1?");
    }

    [Theory]
    [InlineData("e.dev.v0: {class: evals.elsuite.translate:Translate, args: {samples_jsonl: s.jsonl}}", "e.dev.v0.class: Translate is Python of its own")]
    [InlineData("e.dev.v0: {class: \"x:Match\", args: {samples_jsonl: s.jsonl, num_few_shot: 2}}", "e.dev.v0.args.num_few_shot: asks for examples")]
    [InlineData("e.dev.v0: {class: \"x:Match\", args: {samples_jsonl: missing.jsonl}}", "e.dev.v0.args.samples_jsonl: missing.jsonl cannot be read")]
    [InlineData("e.dev.v0: {class: \"x:Match\", args: {samples_jsonl: s.jsonl, shuffle: 1}}", "e.dev.v0.args.shuffle: is not understood here")]
    [InlineData("a.v0: {class: \"x:Match\"}\nb.v0: {class: \"x:Match\"}", "registry: has several evals, name one: a.v0, b.v0")]
    [InlineData("a: [", "registry: line ")]
    [InlineData("a: 1\na: 2", "registry: line 2: a is given twice")]
    public void An_eval_that_cannot_be_taken_is_named(string registry, string remark) =>
        Assert.Contains(OpenAIEvals.Read(registry, null, File(("s.jsonl", "{\"input\":\"?\",\"ideal\":\"x\"}"))).NotTaken, r => r.ToString().StartsWith(remark, StringComparison.Ordinal));

    [Fact]
    public void Examples_stand_before_the_question()
    {
        var import = OpenAIEvals.Read(
            Match + "    num_few_shot: 1\n    few_shot_jsonl: f.jsonl\n    max_tokens: 9\n", "e.dev.v0",
            File(("s.jsonl", "{\"input\":[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"Q\"}],\"ideal\":\"x\"}"),
                ("f.jsonl", "{\"sample\":[{\"role\":\"user\",\"content\":\"q1\"},{\"role\":\"assistant\",\"content\":\"a1\"}]}\n{\"sample\":[{\"role\":\"user\",\"content\":\"q2\"}]}")));
        Assert.Empty(import.NotTaken);
        var suite = Suite(import);
        Assert.Equal(["S", "q1", "a1", "Q"], suite.Prompts[0].Messages.Select(static m => m.Content));
        Assert.Equal((0.0, 9), (suite.Settings.Temperature!.Value, suite.Settings.MaxTokens));
    }

    [Fact]
    public void A_model_graded_eval_is_judged_with_what_is_judged_left_to_the_fence()
    {
        const string Registry = "c.v0: {class: \"evals.elsuite.modelgraded.classify:ModelBasedClassify\", args: {samples_jsonl: s.jsonl, modelgraded_spec: closedqa}}";
        const string Spec = "prompt: 'Task: {input} Submission: {completion} Expert: {ideal}. Is it right?'\nchoice_strings: [\"Y\", \"N\"]\nchoice_scores: {\"Y\": 1.0, \"N\": 0.0}\ninput_outputs: {input: completion}\n";
        var import = OpenAIEvals.Read(Registry, null, File(("s.jsonl", "{\"input\":\"PASS?\",\"ideal\":\"x\"}"), ("closedqa.yaml", Spec)));
        Assert.Empty(import.NotTaken);
        Assert.Contains("not graded, where evals gives it the lowest score", Assert.Single(import.Differences).Reason, StringComparison.Ordinal);
        var with = import.Suite!["spec"]!["prompts"]![0]!["graders"]![0]!["with"]!;
        Assert.Equal("Task: (the QUESTION below) Submission: (the ANSWER below) Expert: (the REFERENCE below). Is it right?", (string)with["rubric"]!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("{\"Y\":1,\"N\":0}"), with["choices"]));
        Assert.True((bool)with["reference"]!);
        Assert.Equal("judge", Suite(import).Prompts[0].Graders[0].Type);

        Assert.Contains("closedqa.yaml.choice_scores: is required", Remarks(Spec.Replace("choice_scores: {\"Y\": 1.0, \"N\": 0.0}\n", "", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("closedqa.yaml.prompt: has braces that stand for themselves", Remarks(Spec.Replace("{ideal}", "{{ideal}}", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("closedqa.yaml: grades other than one answer", Remarks(Spec.Replace("{input: completion}", "{input1: completion1, input2: completion2}", StringComparison.Ordinal)), StringComparison.Ordinal);

        // What else the prompt asks for stands in each sample.
        var criteria = OpenAIEvals.Read(Registry, null, File(("s.jsonl", "{\"input\":\"Q\",\"criteria\":\"be {short}\"}\n{\"input\":\"Q\"}"), ("closedqa.yaml", Spec.Replace("{ideal}", "{criteria}", StringComparison.Ordinal))));
        Assert.Equal("s.jsonl line 2: has no text criteria, which the judge's prompt asks for", Assert.Single(criteria.NotTaken).ToString());
        Assert.Contains("Expert: be {short}.", (string)criteria.Suite!["spec"]!["prompts"]![0]!["graders"]![0]!["with"]!["rubric"]!, StringComparison.Ordinal);

        string Remarks(string spec) => string.Join('\n', OpenAIEvals.Read(Registry, null, File(("s.jsonl", ""), ("closedqa.yaml", spec))).NotTaken);
    }

    [Theory]
    [InlineData("doc_to_text: !function utils.text", "doc_to_text: is Python (!function)")]
    [InlineData("process_docs: !function utils.docs", "process_docs: is Python (!function)")]
    [InlineData("metric_list: [{metric: !function m.f}]", "metric_list[0].metric: is Python (!function)")]
    [InlineData("output_type: multiple_choice", "output_type: multiple_choice needs the logprobs")]
    [InlineData("repeats: 8", "repeats: asks several times")]
    [InlineData("dataset_path: gsm8k", "dataset_path: \"gsm8k\" is not fetched: save its split test as JSON lines")]
    [InlineData("test_split: other", "dataset_kwargs.data_files: has no file for the split other")]
    [InlineData("num_fewshot: 5", "num_fewshot: draws examples by the harness' own chance")]
    [InlineData("gen_prefix: Sure", "gen_prefix: is not understood here, and may change what is asked")]
    [InlineData("description: {a: b}", "description: is no text")]
    [InlineData("description: \"About {{subject}}.\"", "d.jsonl line 1 (description): there is no subject")]
    [InlineData("fewshot_delimiter: [x]", "fewshot_delimiter: is no text")]
    [InlineData("task: [a, b]", "task: is a group of tasks")]
    [InlineData("aggregate_metric_list: []", "task: is a group of tasks")]
    [InlineData("num_fewshot: 1\nfewshot_config: {sampler: first_n, fewshot_indices: [1]}", "fewshot_config.fewshot_indices: is not understood here")]
    [InlineData("filter_list: [{name: x, filter: [{function: remove_whitespace}, {function: regex}]}]", "filter_list[0].filter[1]: regex is not understood here in its place")]
    [InlineData("metric_list: [{metric: bleu}]", "metric_list[0]: bleu is over all answers together")]
    [InlineData("metric_list: [{metric: exact_match, aggregation: median}]", "metric_list: exact_match with aggregation median")]
    [InlineData("filter_list: [{name: x, filter: [{function: majority_vote}]}]", "filter_list[0].filter[0]: majority_vote is not understood")]
    [InlineData("generation_kwargs: {until: [a, b, c, d, e]}", "generation_kwargs.until: is more than the four texts")]
    [InlineData("doc_to_text: \"{% for x in y %}\"", "d.jsonl line 1 (doc_to_text): the template has {% ... %}, which is a program")]
    [InlineData("doc_to_text: \"{{q|tojson}}\"", "d.jsonl line 1 (doc_to_text): {{q|tojson}} is more than a value and simple filters")]
    [InlineData("doc_to_text: \"{{missing}}\"", "d.jsonl line 1 (doc_to_text): there is no missing")]
    [InlineData("doc_to_target: \"[1, 'a']\"", "d.jsonl line 1 (doc_to_target): is a list as Python writes it")]
    [InlineData("doc_to_choice: [a, b]", "d.jsonl line 1 (doc_to_target): doc_to_choice makes targets of numbers")]
    [InlineData("include: missing.yaml", "task.include: missing.yaml cannot be read")]
    [InlineData("include: loop.yaml", "loop.yaml.include: is no file, or more than 8 deep")]
    public void A_task_that_needs_more_is_refused_by_name(string line, string remark)
    {
        var key = line[..line.IndexOf(':', StringComparison.Ordinal)];
        var yaml = string.Join('\n', Task.Split('\n').Where(l => !l.StartsWith($"{key}:", StringComparison.Ordinal)).Append(line));
        var import = LmEvalTask.Read(yaml, File(("d.jsonl", "{\"q\":\"1+1?\",\"a\":\"2\"}"), ("loop.yaml", "include: loop.yaml")));
        Assert.Null(import.Suite);
        Assert.Contains(import.NotTaken, r => r.ToString().Contains(remark, StringComparison.Ordinal));
    }

    [Fact]
    public void A_task_is_put_together_from_what_it_includes_with_its_examples()
    {
        const string Yaml = "include: base.yaml\ntask: mine\nnum_fewshot: 2\nfewshot_config: {sampler: first_n}\nfewshot_split: train\ndescription: \"Be short.\\n\\n\"\ngeneration_kwargs: {until: [\"\\n\"], max_gen_toks: 7, do_sample: false}\n";
        var import = LmEvalTask.Read(Yaml, File(("base.yaml", Task + "num_fewshot: 0\n"), ("d.jsonl", "{\"q\":\"1+1?\",\"a\":\"2\"}\n{\"q\":\"2+2?\",\"a\":[\"4\",\"four\"]}")));
        Assert.Empty(import.NotTaken);
        var suite = Suite(import);
        Assert.Equal("mine", suite.Name);
        Assert.Equal("Be short.\n\nQ: 1+1? 2\n\nQ: 2+2? 4\n\nQ: 2+2?", suite.Prompts[1].Messages[0].Content);
        Assert.Equal(["4", "four"], suite.Prompts[1].Expected);
        Assert.Equal((0.0, 7), (suite.Settings.Temperature!.Value, suite.Settings.MaxTokens));
        Assert.Equal(["\n"], suite.Settings.Stop);
    }

    [Fact]
    public void A_blank_that_is_expected_is_not_lost()
    {
        var import = LmEvalTask.Read(Task + "filter_list: [{name: x, filter: [{function: remove_whitespace}, {function: take_first}]}]", File(("d.jsonl", "{\"q\":\"1+1?\",\"a\":\" 2\"}\n{\"q\":\"1+1?\",\"a\":\"2\"}")));
        Assert.StartsWith("d.jsonl line 1: expects a blank at the beginning", Assert.Single(import.NotTaken).ToString(), StringComparison.Ordinal);
        Assert.Single(Suite(import).Prompts);
    }

    [Fact]
    public void Of_several_filters_the_first_is_taken_and_the_others_are_named()
    {
        var import = LmEvalTask.Read(Task + "filter_list:\n- {name: strict, filter: [{function: take_first}]}\n- {name: loose, filter: [{function: regex}]}\n", File(("d.jsonl", "{\"q\":\"1+1?\",\"a\":\"2\"}")));
        Assert.Equal("filter_list (loose): is another score of the same answers; the first is taken", Assert.Single(import.NotTaken).ToString());
        Assert.NotNull(import.Suite);
    }

    [Theory]
    [InlineData("{type: javascript, value: 'true'}", "javascript is a script or a file")]
    [InlineData("{type: not-python, value: 'x'}", "not-python is a script or a file")]
    [InlineData("{type: equals, value: 'file://x.txt'}", "equals is a script or a file")]
    [InlineData("{type: rouge-n, value: 'x'}", "rouge-n with this value has no grader here that scores alike")]
    [InlineData("{type: levenshtein, value: 'x'}", "levenshtein with this value has no grader")]
    [InlineData("{type: contains, value: 'x', transform: 'output.trim()'}", ".transform: may change what is graded")]
    [InlineData("{type: contains, value: ''}", "contains with this value has no grader")]
    [InlineData("{type: contains, value: x, weight: 0}", ".weight: 0 counts for nothing")]
    [InlineData("{type: llm-rubric, value: x, threshold: 0.5}", ".threshold: of llm-rubric is not understood here")]
    [InlineData("{value: x}", "has no type")]
    public void An_assertion_that_cannot_be_taken_is_named(string assert, string remark)
    {
        var import = PromptfooConfig.Read($"prompts: ['Say {{{{x}}}}']\ntests:\n- vars: {{x: 1}}\n  assert: [{{type: contains, value: '1'}}, {assert}]\n");
        var named = Assert.Single(import.NotTaken);
        Assert.StartsWith("tests[0].assert[1]", named.Place, StringComparison.Ordinal);
        Assert.Contains(remark, named.ToString(), StringComparison.Ordinal);
        Assert.Single(Suite(import).Prompts[0].Graders);
    }

    [Theory]
    [InlineData("prompts: [file://p.txt]\ntests: []", "prompts[0]: is no text in the configuration itself")]
    [InlineData("prompts: [p]\ntests: file://t.csv", "tests: is no list in the configuration itself")]
    [InlineData("prompts: [p]\ntests: [{vars: {a: b}}]", "tests[0]: has no assertion that can be taken")]
    [InlineData("prompts: [p]\ntests: [{vars: file://v.yaml, assert: [{type: is-json}]}]", "tests[0].vars: is no object")]
    [InlineData("prompts: ['{{a}}']\ntests: [{vars: {a: 'file://a.txt'}, assert: [{type: is-json}]}]", "tests[0]: the variable file://a.txt is a file")]
    [InlineData("prompts: ['{% if a %}x{% endif %}']\ntests: [{assert: [{type: is-json}]}]", "tests[0]: the template has {% ... %}")]
    [InlineData("prompts: [p]\nscenarios: []\ntests: []", "scenarios: is not understood here")]
    [InlineData("prompts: [p]\nproviders: [openai:gpt-4o]\ntests: []", "providers: are whom Slipway is told to ask")]
    [InlineData("prompts: [p]\ntests: [{options: {transform: x}, assert: [{type: is-json}]}]", "tests[0].options: has transform")]
    [InlineData("prompts: [p]\ntests: [{assert: [{type: is-json, value: {contains: {}}}]}]", "tests[0]: the prompt.graders[0].with.schema.contains is a keyword that is not understood")]
    public void A_configuration_that_cannot_be_taken_is_named(string yaml, string remark) =>
        Assert.Contains(PromptfooConfig.Read(yaml).NotTaken, r => r.ToString().StartsWith(remark, StringComparison.Ordinal));

    [Fact]
    public void Variables_are_combined_and_defaults_added()
    {
        const string Yaml = """
            prompts:
              - "{{greeting}}, {{name}}!"
              - '[{"role": "system", "content": "Be kind."}, {"role": "user", "content": "{{name}}: {{missing}}"}]'
            defaultTest:
              vars: {greeting: Hi}
              assert: [{type: not-contains, value: "{{name}}"}]
            tests:
              - vars: {name: [Ann, Bob]}
                assert: [{type: llm-rubric, value: "greets {{name}}", metric: kind}, {type: similar, value: Hi, threshold: 0.8}]
            """;
        var import = PromptfooConfig.Read(Yaml);
        Assert.Empty(import.NotTaken);
        Assert.Equal(2, import.Differences.Length);
        var suite = Suite(import);
        Assert.Equal(["Hi, Ann!", "Hi, Bob!", "Ann: ", "Bob: "], suite.Prompts.Select(static p => p.Messages[^1].Content));
        Assert.Equal("Be kind.", suite.Prompts[2].Messages[0].Content);
        Assert.Equal(["not", "kind", "embedding"], suite.Prompts[0].Graders.Select(static g => g.Name));
        Assert.Contains(import.Suite!["spec"]!["prompts"]!.AsArray(), static p => p!.ToJsonString().Contains("greets Bob", StringComparison.Ordinal));

        var product = string.Join(", ", Enumerable.Range(0, 5).Select(static i => $"v{i}: [1,2,3,4,5,6,7,8,9,10]"));
        Assert.Contains("more than 10000 combinations", Assert.Single(PromptfooConfig.Read($"prompts: [p]\ntests: [{{vars: {{{product}}}, assert: [{{type: is-json}}]}}]").NotTaken).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Choices_of_Inspect_are_asked_for_by_letter_and_sandboxes_are_refused()
    {
        const string Lines = """
            {"input": "Capital of France?", "choices": ["Rome", "Paris"], "target": "B", "id": 7, "metadata": {"x": 1}}
            {"input": "?", "target": "x", "sandbox": "docker"}
            {"input": "?", "choices": ["a", "b"], "target": ["A", "B"]}
            {"input": "?", "id": 3}
            """;
        var import = InspectDataset.Read("data.jsonl", Lines, InspectScorer.Match);
        Assert.Equal(["data.jsonl line 2: needs a sandbox (sandbox), and there is none", "data.jsonl line 3: has other than one right letter, or other than 2 to 26 choices", "data.jsonl line 4: has no target"], import.NotTaken.Select(static r => r.ToString()));
        Assert.Single(import.Differences);
        var prompt = Assert.Single(Suite(import).Prompts);
        Assert.Equal("7", prompt.Id);
        Assert.StartsWith("Capital of France?\n\nA) Rome\nB) Paris\n\n", prompt.Messages[0].Content, StringComparison.Ordinal);
        Assert.Equal(("choice", "B"), (prompt.Graders[0].Type, prompt.Expected[0]));
    }

    [Fact]
    public void Conversations_of_a_log_become_prompts_with_what_was_answered()
    {
        const string Lines = """
            {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}]}
            {"custom_id": "b-1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m", "messages": [{"role": "developer", "content": [{"type": "text", "text": "S"}]}, {"role": "user", "content": "Q"}], "temperature": 1}}
            {"request": {"messages": [{"role": "user", "content": "Weather?"}], "tools": [{"type": "function", "function": {"name": "w"}}]}, "response": {"choices": [{"message": {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function", "function": {"name": "w", "arguments": "{\"city\":\"Rome\"}"}}]}}]}}
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}
            {"messages": [{"role": "user", "content": "Hi"}], "n": 3, "audio": {}}
            """;
        var import = OpenAIChatLogs.Read("log.jsonl", Lines);
        Assert.Equal(["log.jsonl line 4 message 1: has content that is not text", "log.jsonl line 5.audio: is not understood here", "log.jsonl line 5: asks for several answers to one question; one is asked for"], import.NotTaken.Select(static r => r.ToString()));
        Assert.Equal("log.jsonl line 2.temperature", Assert.Single(import.Differences).Place);
        var suite = Suite(import);
        Assert.Equal(["1", "b-1", "3", "5"], suite.Prompts.Select(static p => p.Id));
        Assert.Equal(["chrF", "finish", "toolCall", "finish"], suite.Prompts.Select(static p => p.Graders[0].Type));
        Assert.Equal(["Hello!"], suite.Prompts[0].Expected);
        Assert.Equal("Hi", Assert.Single(suite.Prompts[0].Messages).Content);
        Assert.Equal([("system", "S"), ("user", "Q")], suite.Prompts[1].Messages.Select(static m => (m.Role, m.Content)));
        Assert.Equal("[{\"name\":\"w\",\"arguments\":{\"city\":\"Rome\"}}]", suite.Prompts[2].Expected[0]);
        Assert.Contains("\"name\":\"w\"", suite.Prompts[2].Tools!, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_answers_of_the_Responses_and_the_Messages_API_become_prompts_too()
    {
        const string Lines = """
            {"id": "a", "deployment": "default/m", "url": "/v1/responses", "request": {"model": "m", "instructions": "S", "input": "Q", "max_output_tokens": 9}, "response": {"object": "response", "output": [{"type": "reasoning", "summary": []}, {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "A"}, {"type": "output_text", "text": "B"}]}]}}
            {"id": "b", "url": "/v1/responses", "request": {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Weather?"}]}], "tools": [{"type": "function", "name": "w", "parameters": {"type": "object"}}, {"type": "web_search"}]}, "response": {"output": [{"type": "function_call", "call_id": "c", "name": "w", "arguments": "{\"city\":\"Rome\"}"}]}}
            {"id": "c", "url": "/v1/messages", "request": {"system": [{"type": "text", "text": "S", "cache_control": {"type": "ephemeral"}}], "max_tokens": 9, "messages": [{"role": "user", "content": [{"type": "text", "text": "Q"}]}]}, "response": {"type": "message", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "A"}]}}
            {"id": "d", "url": "/v1/messages", "request": {"messages": [{"role": "user", "content": "Weather?"}], "tools": [{"name": "w", "input_schema": {"type": "object"}}]}, "response": {"type": "message", "content": [{"type": "tool_use", "id": "t", "name": "w", "input": {"city": "Rome"}}]}}
            {"id": "e", "url": "/v1/responses", "request": {"previous_response_id": "resp_1", "input": "and?"}, "response": {"output": []}}
            {"id": "f", "url": "/v1/responses", "request": {"input": [{"type": "function_call_output", "call_id": "c", "output": "sunny"}]}, "response": {"output": []}}
            {"id": "g", "url": "/v1/messages", "request": {"messages": [{"role": "user", "content": [{"type": "image", "source": {}}]}], "container": "x"}, "response": {"content": []}}
            {"id": "h", "url": "/v1/embeddings", "request": {"input": "Q"}, "response": {"data": []}}
            """;
        var import = OpenAIChatLogs.Read("log.jsonl", Lines);
        Assert.Equal(
            [
                "log.jsonl line 2.tools: web_search is no function: the server has to run it",
                "log.jsonl line 5: goes on from previous_response_id, which only the server has: the whole conversation has to be in the request",
                "log.jsonl line 6 input 1: is of the type function_call_output; a suite has messages of text",
                "log.jsonl line 7.request.container: is not understood here",
                "log.jsonl line 7 message 1: has content that is not text",
                "log.jsonl line 8: is a request to /v1/embeddings; a suite asks by conversations",
            ],
            import.NotTaken.Select(static r => r.ToString()));
        Assert.Equal("log.jsonl line 1.max_output_tokens", Assert.Single(import.Differences).Place);
        var prompts = Suite(import).Prompts;
        Assert.Equal([("a", "chrF", "AB"), ("b", "toolCall", Call), ("c", "chrF", "A"), ("d", "toolCall", Call)], prompts.Select(static p => (p.Id, p.Graders[0].Type, p.Expected[0])));
        foreach (var conversation in (int[])[0, 2]) Assert.Equal([("system", "S"), ("user", "Q")], prompts[conversation].Messages.Select(static m => (m.Role, m.Content)));
        foreach (var withTools in (int[])[1, 3]) Assert.Equal("""[{"type":"function","function":{"name":"w","parameters":{"type":"object"}}}]""", prompts[withTools].Tools);
    }

    private const string Call = """[{"name":"w","arguments":{"city":"Rome"}}]""";

    [Fact]
    public void A_small_file_cannot_become_a_large_one()
    {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat("bcdefgh".Select(static (c, i) => $"{c}: &{c} [{string.Join(',', Enumerable.Repeat($"*{(char)(c - 1)}", 10))}]\n"));
        Assert.Contains("is too large", Assert.Single(PromptfooConfig.Read(bomb).NotTaken).Reason, StringComparison.Ordinal);
        Assert.Contains("is too large", Assert.Single(PromptfooConfig.Read("a: " + new string('[', 100) + new string(']', 100)).NotTaken).Reason, StringComparison.Ordinal);
        var shared = PromptfooConfig.Read("prompts: [p]\ndefaultTest: &d {assert: &x [{type: is-json}]}\ntests: [{<<: *d, vars: {a: 1}}]");
        Assert.Equal(2, Suite(shared).Prompts[0].Graders.Length);
    }

    private static Func<string, string> File(params (string Name, string Text)[] files) =>
        name => files.FirstOrDefault(f => f.Name == name).Text ?? throw new FileNotFoundException("there is no such file");

    private static EvaluationSuite Suite(Import import)
    {
        var reading = SuiteReader.Read(import.Suite!);
        Assert.Empty(reading.Problems);
        return reading.Suite!;
    }
}
