// The official client against the gateway: a list, a whole answer, a streamed one, and a refusal. Prints what it got as JSON.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [, , folder, baseURL] = process.argv;
const require = createRequire(pathToFileURL(`${folder}/package.json`));
const { default: OpenAI } = await import(pathToFileURL(require.resolve('openai')));

const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
const messages = [{ role: 'user', content: 'What is 17 + 25?' }];

const models = [];
for await (const model of client.models.list()) models.push(model.id);

const whole = await client.chat.completions.create({ model: 'tiny-chat', messages, temperature: 0 });

let streamed = '';
const stream = await client.chat.completions.create({ model: 'tiny-chat', messages, temperature: 0, stream: true });
for await (const chunk of stream) streamed += chunk.choices[0]?.delta?.content ?? '';

let refusal;
try {
  await client.chat.completions.create({ model: 'absent', messages });
} catch (error) {
  refusal = { status: error.status, code: error.code, type: error.constructor.name };
}

console.log(JSON.stringify({ models, whole: whole.choices[0].message.content, streamed, refusal }));
