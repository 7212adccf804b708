/* tried.js: what a form would do, shown while it is filled in. Without it “Preview” does the same.
   The form names the address that answers with the page; what is shown is the part “preview” of it. */
(() => {
  'use strict';
  const PAUSE = 400; // milliseconds, so that a number being typed is asked about once
  const form = document.querySelector('form[data-tried]');
  if (!form || !form.querySelector('[data-preview]')) return; // who may not decide changes nothing
  let waiting = 0, asked = 0;

  async function preview() {
    const before = document.getElementById('preview'), mine = asked += 1;
    if (!before) return;
    before.setAttribute('aria-busy', 'true');
    let found = null;
    try {
      const answer = await fetch(form.dataset.tried, { method: 'POST', body: new FormData(form), credentials: 'same-origin' });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      found = page.getElementById('preview');
    } catch (_away) { /* what is shown stays, marked as not of what is entered */ }
    if (mine === asked && found) before.replaceWith(document.adoptNode(found));
  }

  form.addEventListener('input', (event) => {
    if (event.target.name === 'reason') return;
    clearTimeout(waiting);
    waiting = setTimeout(preview, PAUSE);
  });
})();
