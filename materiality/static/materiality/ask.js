/* ask.js: small helps on the tabs of “Ask”. Without it every page works the same by its buttons. */
(() => {
  'use strict';
  const alert = document.querySelector('[role=alert]');
  if (alert) alert.focus();

  // how long it takes, as questions are chosen
  const groups = document.getElementById('groups');
  if (groups) groups.addEventListener('change', () => {
    const { perRating, around, most } = groups.dataset;
    for (const row of groups.querySelectorAll('[data-row]')) {
      const boxes = [...row.querySelectorAll('[data-ratings]')];
      if (!boxes.length) continue;
      const asked = boxes.filter((box) => box.checked).reduce((sum, box) => sum + Number(box.dataset.ratings), 0);
      const ratings = most ? Math.min(asked, Number(most)) : asked;
      row.querySelector('[data-ratings-sum]').textContent = ratings;
      row.querySelector('[data-minutes]').textContent = Math.ceil((ratings * perRating + Number(around)) / 60);
    }
  });

  // mails, lists or tables on their way: look again until they are through
  const again = () => {
    const delivery = document.getElementById('delivery');
    if (!delivery || !delivery.dataset.refresh) return;
    setTimeout(async () => {
      try {
        const answer = await fetch(location.href, { credentials: 'same-origin' });
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const fresh = page.getElementById('delivery');
        if (answer.ok && fresh) delivery.replaceWith(fresh);
      } catch { /* offline: the next look may succeed */ }
      again();
    }, Number(delivery.dataset.refresh));
  };
  again();

  // the curve in Plotly, loaded only when it is asked for
  const button = document.getElementById('draw'), place = document.getElementById('plot');
  if (!button || !place) return;
  const told = button.textContent;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  async function draw() {
    await window.loadPlotly(button);
    const answer = await fetch(button.dataset.source, { credentials: 'same-origin' });
    if (!answer.ok) throw answer;
    const [data, layout, config] = await answer.json();
    data[0].line.color = colour('--accent');
    data[1].marker.color = colour('--t2');
    layout.font.color = colour('--ink');
    for (const axis of [layout.xaxis, layout.yaxis]) Object.assign(axis, { linecolor: colour('--ink2'), gridcolor: colour('--line') });
    await window.Plotly.react(place, data, layout, config);
  }
  button.addEventListener('click', async () => {
    const shown = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', !shown);
    place.hidden = shown;
    if (shown) return;
    button.textContent = button.dataset.busy;
    try { await draw(); } catch { place.textContent = button.dataset.failed; }
    button.textContent = told;
  });
})();
