'use strict';

// The list is rendered by the server; here it is only put in place, and the chat offers what answers.
const live = document.getElementById('live');
const form = document.getElementById('ask');
const stop = document.getElementById('stop');
const answers = document.getElementById('answers');
let asking = null;

function offerModels() {
  const select = form.elements.model;
  const chosen = select.value;
  const models = [...live.querySelectorAll('tr[data-ready=true]')].map(row => row.dataset.model);
  select.replaceChildren(...models.map(model => new Option(model, model)));
  if (models.includes(chosen)) select.value = chosen;
  select.disabled = models.length === 0;
}

const source = new EventSource('/live');
source.onmessage = event => {
  live.innerHTML = JSON.parse(event.data);
  offerModels();
};

function add(className, text) {
  const entry = document.createElement('div');
  entry.className = className;
  entry.textContent = text;
  answers.append(entry);
  return entry;
}

async function ask(model, question) {
  add('question', question);
  const answer = add('answer', '');
  asking = new AbortController();
  stop.hidden = false;
  try {
    const response = await fetch('/chat', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: question }] }),
      signal: asking.signal,
    });
    if (!response.ok) throw new Error((await response.json()).error?.message ?? `The gateway answered ${response.status}.`);
    let pending = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (pending + text).split('\n');
      pending = lines.pop();
      for (const line of lines) {
        if (!line.startsWith('data: ') || line === 'data: [DONE]') continue;
        answer.textContent += JSON.parse(line.slice(6)).choices?.[0]?.delta?.content ?? '';
      }
    }
    answer.dataset.done = 'true';
  } catch (error) {
    if (error.name === 'AbortError') answer.textContent += ' (stopped)';
    else add('error', error.message);
  } finally {
    stop.hidden = true;
    asking = null;
  }
}

stop.addEventListener('click', () => asking?.abort());
form.addEventListener('submit', event => {
  event.preventDefault();
  const { model, question } = form.elements;
  if (asking || !model.value) return;
  ask(model.value, question.value);
  question.value = '';
});
offerModels();
