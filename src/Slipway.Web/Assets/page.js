'use strict';
// What a browser alone can do: theme, clipboard, downloads, the address bar. Everything is delegated, so that pages may come and go.

function setTheme(theme) {
  if (theme === 'system') {
    localStorage.removeItem('theme');
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem('theme', theme);
    document.documentElement.dataset.theme = theme;
  }
  showTheme();
}

function showTheme() {
  const now = localStorage.getItem('theme') ?? 'system';
  for (const button of document.querySelectorAll('[data-theme-choice]'))
    button.setAttribute('aria-pressed', String(button.dataset.themeChoice === now));
}

// The server speaks the language from the next page on; a circuit keeps the one that it began in.
function setLanguage(code) {
  document.cookie = `slipway-language=${code}; path=/; samesite=strict; max-age=${code ? 31536000 : 0}`;
  location.reload();
}

// The words are the page's own, in its language.
function say(what) {
  const voice = document.getElementById('voice');
  if (voice) voice.textContent = voice.dataset[what];
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.dataset.done = 'true';
    setTimeout(() => delete button.dataset.done, 1500);
    say('copied');
  } catch {
    say('notCopied');
  }
}

function save(name, type, content) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function download(button) {
  const source = document.getElementById(button.dataset.download);
  save(button.dataset.fileName, 'application/yaml', source.value ?? source.textContent);
}

// The tour goes over the pages that it is about, so it lives here and not in one of them.
function tour(action) {
  const box = document.getElementById('tour');
  const steps = [...box.querySelectorAll('[data-tour-step]')];
  const was = action === 'start' ? 0 : steps.findIndex(step => !step.hidden);
  const now = was + ({ next: 1, back: -1 }[action] ?? 0);
  if (action === 'end' || now === steps.length) {
    if (box.open) box.close();
    else endTour();
    return;
  }

  if (now < 0) return;
  steps.forEach((step, index) => { step.hidden = index !== now; });
  box.setAttribute('aria-labelledby', `tour-${now}`);
  box.setAttribute('aria-describedby', `tour-text-${now}`);
  box.querySelector('[data-tour=back]').hidden = now === 0;
  const next = box.querySelector('[data-tour=next]');
  next.textContent = now === steps.length - 1 ? next.dataset.done : next.dataset.next;
  box.querySelector('.tour-skip').hidden = now === steps.length - 1;
  if (!box.open) box.showModal();
  document.getElementById(`tour-${now}`).focus();
  const page = steps[now].dataset.tourStep;
  if (page !== location.pathname + location.search) Blazor.navigateTo(page);
}

function endTour() {
  localStorage.setItem('tour', 'seen');
  // What was pressed to begin may be gone: whoever uses a keyboard goes on at the page's heading.
  const offer = document.querySelector('.tour-offer');
  const away = document.activeElement === document.body || offer?.contains(document.activeElement);
  delete document.documentElement.dataset.tour;
  if (away) document.querySelector('h1')?.focus({ preventScroll: true });
}

// However it ends: by a button, or by Escape. The event does not bubble.
document.addEventListener('close', event => { if (event.target.id === 'tour') endTour(); }, true);

document.addEventListener('click', event => {
  // Navigation within the page is Blazor's, which scrolls and does not move the focus.
  if (event.target.closest('a.skip')) {
    event.preventDefault();
    document.getElementById('content').focus();
    return;
  }

  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.themeChoice) setTheme(button.dataset.themeChoice);
  if (button.dataset.languageChoice !== undefined) setLanguage(button.dataset.languageChoice);
  else if (button.dataset.copy) copy(button);
  else if (button.dataset.download) download(button);
  else if (button.dataset.tour) tour(button.dataset.tour);
});

// "/" goes to the search field, as everywhere.
document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable]')) return;
  const search = document.querySelector('input[type=search]');
  if (!search) return;
  event.preventDefault();
  search.focus();
});

// The next rows of a long list, as the end of the list comes near.
const more = new IntersectionObserver(entries => {
  for (const entry of entries) if (entry.isIntersecting) entry.target.click();
}, { rootMargin: '400px' });

new MutationObserver(() => {
  for (const button of document.querySelectorAll('button[data-more]:not([data-watched])')) {
    button.dataset.watched = '';
    more.observe(button);
  }
}).observe(document.documentElement, { childList: true, subtree: true });

window.slipway = {
  replaceAddress: address => history.replaceState(history.state, '', address),
  save,
  copyText: async text => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  },
  toEnd: id => {
    const box = document.getElementById(id);
    if (box && box.scrollHeight - box.scrollTop - box.clientHeight < 160) box.scrollTop = box.scrollHeight;
  },
  openDialog: id => document.getElementById(id)?.showModal(),
  closeDialog: id => document.getElementById(id)?.close(),
};

document.addEventListener('DOMContentLoaded', showTheme);
let path = location.pathname;
window.addEventListener('load', () => globalThis.Blazor?.addEventListener?.('enhancedload', () => {
  showTheme();
  if (path === location.pathname) return;
  path = location.pathname;
  document.querySelector('h1')?.focus({ preventScroll: true });
}));
