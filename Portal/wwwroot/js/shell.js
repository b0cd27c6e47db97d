// The parts of the frame that must work before a circuit is up and on pages that never have one.

const root = document.documentElement;
const year = 60 * 60 * 24 * 365;

function remember(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${year}; samesite=lax`;
}

function markTheme() {
  for (const button of document.querySelectorAll('[data-set-theme]'))
    button.setAttribute('aria-pressed', String(button.dataset.setTheme === root.dataset.theme));
}

function setTheme(theme) {
  remember('theme', theme);
  root.dataset.theme = theme;
  for (const link of document.querySelectorAll('link[data-sheet]'))
    link.media = theme === 'system' ? `(prefers-color-scheme: ${link.dataset.sheet})` : theme === link.dataset.sheet ? 'all' : 'not all';
  markTheme();
  window.dispatchEvent(new CustomEvent('themechange'));
}

function toggleNavigation() {
  root.dataset.nav = root.dataset.nav === 'collapsed' ? 'open' : 'collapsed';
  remember('nav', root.dataset.nav);
}

document.addEventListener('click', event => {
  const target = event.target.closest('button, a');
  const popover = event.target.closest('[popover]');
  if (target?.dataset.setTheme) setTheme(target.dataset.setTheme);
  if (target?.hasAttribute('data-toggle-nav')) toggleNavigation();
  if (target?.dataset.openDialog) document.getElementById(target.dataset.openDialog)?.showModal();
  const dialog = event.target.closest('dialog.drawer');
  if (dialog && (event.target === dialog || target?.matches('a, [data-close-dialog]'))) dialog.close();
  if (popover && target?.matches('a')) popover.hidePopover();
  if (target?.matches('a.skip')) {
    event.preventDefault();
    event.stopPropagation();
    document.getElementById('content')?.focus();
  }
}, true);

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => window.dispatchEvent(new CustomEvent('themechange')));

// Whoever signs out of one page has left every page of the browser: an open one sends no cookie that could tell.
const pages = new BroadcastChannel('pages');
pages.addEventListener('message', () => location.reload());
if (location.pathname === '/account/login' && new URLSearchParams(location.search).has('left')) pages.postMessage('left');

// The server tells times in this zone.
remember('tz', Intl.DateTimeFormat().resolvedOptions().timeZone);

// Blazor draws the theme buttons anew; the mark follows.
new MutationObserver(() => {
  markTheme();
  const boot = document.getElementById('boot');
  if (boot && document.querySelector('.shell:not(#boot .shell)')) boot.remove();
}).observe(document.body, { childList: true, subtree: true });
markTheme();
