/* forms.js: small helps on plain forms. Without it every page works the same by its buttons. */
(() => {
  'use strict';
  const alert = document.querySelector('[role=alert]');
  if (alert) alert.focus();

  // a new line opens where it is asked for
  const add = document.getElementById('add'), fresh = document.getElementById('new');
  if (add && fresh) add.addEventListener('click', () => {
    fresh.open = true;
    fresh.querySelector('select').focus();
  });

  // preview and files follow the options
  const options = document.getElementById('export'), parts = ['package', 'desk', 'move'];
  const chosen = () => {
    const sent = new URLSearchParams(new FormData(options));
    sent.delete('csrfmiddlewaretoken');
    return sent;
  };
  let latest = 0;
  if (options) options.addEventListener('change', async () => {
    const mine = ++latest, address = `${options.action}?${chosen()}`;
    try {
      const answer = await fetch(address, { credentials: 'same-origin' });
      if (!answer.ok) throw answer;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (mine !== latest) return;
      parts.forEach((id) => document.getElementById(id).replaceWith(page.getElementById(id)));
      history.replaceState(null, '', address);
      watch();
    } catch {
      options.requestSubmit();
    }
  });

  // making files takes seconds: look again until they are there, in the end have them made here
  const BUSY = ['waiting', 'making'], GAP = 1000, MOST = 5;
  let timer = 0;
  const watch = (seen = 0) => {
    const files = document.getElementById('package');
    clearTimeout(timer);
    if (!files || !BUSY.includes(files.dataset.state)) return;
    timer = setTimeout(async () => {
      const told = await fetch(files.dataset.progress, { credentials: 'same-origin' }).then((answer) => answer.json(), () => ({ state: 'waiting' }));
      if (told.state === 'waiting' && seen >= MOST) options.requestSubmit(files.querySelector('[name=wait]'));
      else if (BUSY.includes(told.state)) watch(seen + 1);
      else location.reload();
    }, GAP);
  };
  watch();
})();
