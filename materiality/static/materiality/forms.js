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

  // the preview follows its options
  const options = document.getElementById('export');
  if (options) options.addEventListener('change', (event) => { if (event.target.name !== 'parts') options.requestSubmit(); });

  // making files takes seconds: say so, and say when it is done
  const download = document.getElementById('download');
  if (download && window.fetch) download.addEventListener('click', async (event) => {
    event.preventDefault();
    const state = document.getElementById('state'), told = download.textContent;
    download.disabled = true;
    download.textContent = download.dataset.busy;
    try {
      const answer = await fetch(`${download.formAction}?${new URLSearchParams(new FormData(options))}`, { credentials: 'same-origin' });
      if (!answer.ok) throw answer;
      const link = document.createElement('a'), name = /filename\*?=(?:utf-8'')?"?([^";]+)/i.exec(answer.headers.get('Content-Disposition'));
      link.href = URL.createObjectURL(await answer.blob());
      link.download = name ? decodeURIComponent(name[1]) : 'report.zip';
      link.textContent = link.download;
      state.replaceChildren(link);
      link.click();
    } catch {
      state.textContent = download.dataset.failed;
    }
    download.disabled = false;
    download.textContent = told;
  });
})();
