// What the buttons of the reconnect notice do. The notice itself is shown and hidden by classes alone.

const notice = document.getElementById('components-reconnect-modal');

async function reconnect() {
  // False means the server is there and the circuit is not: only a new page helps.
  if (!await Blazor.reconnect()) location.reload();
}

notice.addEventListener('click', event => {
  if (event.target.closest('[data-reload]')) location.reload();
  if (event.target.closest('[data-reconnect]')) reconnect().catch(() => { /* still unreachable: the notice stays */ });
});

// Back on the tab after a pause: try at once rather than at the next interval.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && notice.classList.contains('components-reconnect-failed')) reconnect().catch(() => { });
});
