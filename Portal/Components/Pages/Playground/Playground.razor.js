// A panel that was left before its script was there is null.
const nearEnd = 64;

export function attach(panel) {
  if (!panel || panel.dataset.attached) return;
  panel.dataset.attached = 'true';
  const box = panel.querySelector('[data-draft]');
  restore(box);
  box.addEventListener('input', () => sessionStorage.setItem(keyOf(box), box.value));
  panel.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.target.matches('[data-prompt]') && sends(event)) {
      event.preventDefault();
      panel.querySelector('[data-send]:not([disabled])')?.click();
    }
  });
  // Anywhere on the page, but not where Esc closes something.
  document.addEventListener('keydown', function stop(event) {
    if (!panel.isConnected) document.removeEventListener('keydown', stop);
    else if (event.key === 'Escape' && !document.querySelector('.rz-dialog, dialog[open]')) panel.querySelector('[data-stop]')?.click();
  });
  const thread = panel.querySelector('[data-thread]');
  if (thread) stick(thread);
}

export function sent(panel) {
  if (!panel) return;
  const box = panel.querySelector('[data-draft]');
  sessionStorage.removeItem(keyOf(box));
  const thread = panel.querySelector('[data-thread]');
  if (thread) {
    thread.sticks = true;
    thread.scrollTop = thread.scrollHeight;
  } else {
    panel.querySelector('.answer')?.scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  }
}

export function back(panel) {
  if (!panel) return;
  const at = document.activeElement;
  if (at === document.body || panel.querySelector('.composer').contains(at)) panel.querySelector('[data-draft]').focus({ preventScroll: true });
}

export async function keep(stream) {
  return URL.createObjectURL(new Blob([await stream.arrayBuffer()], { type: 'image/png' }));
}

export function drop(pictures) {
  for (const picture of pictures) URL.revokeObjectURL(picture);
}

// A finger's Enter is a new line: there is a button beside it, and no Shift. An input method's Enter ends a character.
function sends(event) {
  if (event.isComposing || event.shiftKey) return false;
  return event.ctrlKey || event.metaKey || !matchMedia('(pointer: coarse)').matches;
}

function keyOf(box) {
  return `playground.${box.dataset.draft}`;
}

function restore(box) {
  // What was written before the script was there.
  if (box.value) sessionStorage.setItem(keyOf(box), box.value);
  const draft = sessionStorage.getItem(keyOf(box));
  if (!draft || box.value) return;
  box.value = draft;
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

// Follows what is written as long as its end was in view.
function stick(thread) {
  thread.sticks = true;
  thread.scrollTop = thread.scrollHeight;
  thread.addEventListener('scroll', () => thread.sticks = thread.scrollHeight - thread.scrollTop - thread.clientHeight < nearEnd, { passive: true });
  new MutationObserver(() => { if (thread.sticks) thread.scrollTop = thread.scrollHeight; }).observe(thread, { childList: true, subtree: true, characterData: true });
}
