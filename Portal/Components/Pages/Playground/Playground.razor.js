// Ctrl+Enter sends, except while an input method composes a character. What was written survives a reload of the tab.
const key = 'playground.prompt';

export function attach(root) {
  const box = root.querySelector('textarea');
  const draft = sessionStorage.getItem(key);
  if (draft && !box.value) {
    box.value = draft;
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
  box.addEventListener('input', () => sessionStorage.setItem(key, box.value));
  box.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    root.querySelector('[data-send]')?.click();
  });
}

/** Brings the newest answer into the window, where it is not there already. */
export function reveal(root) {
  root.querySelector('.answer')?.scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}
