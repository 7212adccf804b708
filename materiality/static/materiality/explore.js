/* explore.js: the matrix in Plotly, to hover and zoom, loaded only when it is asked for. */
(() => {
  'use strict';
  const button = document.getElementById('explore'), place = document.getElementById('plot');
  if (!button || !place) return;
  const form = document.getElementById('try'), wait = button.dataset.busy, told = button.textContent;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function themed({ data, layout, config }) { // the page's colours, light or dark
    const colours = { circle: '--t1', diamond: '--t2', 'square-open': '--t3', 'triangle-up': '--t4', 'circle-open': '--t5' };
    for (const { marker } of data) marker.color = colour(colours[marker.symbol]);
    layout.font.color = colour('--ink');
    layout.hoverlabel = { ...layout.hoverlabel, bgcolor: colour('--bg'), font: { color: colour('--ink') } };
    for (const axis of [layout.xaxis, layout.yaxis]) Object.assign(axis, { linecolor: colour('--ink2'), tickcolor: colour('--ink2') });
    const tiers = data.length, bands = tiers === 2 ? ['--b3'] : ['--b4', '--b3', '--b2', '--b1'].slice(0, tiers - 1);
    for (const shape of layout.shapes) {
      if (shape.fillcolor) shape.fillcolor = colour(bands.shift());
      else shape.line.color = colour('--ink2');
    }
    return [data, layout, config];
  }
  async function draw() {
    const asked = new URLSearchParams(new FormData(form));
    for (const name of ['csrfmiddlewaretoken', 'version']) asked.delete(name);
    const answer = await fetch(`${button.dataset.source}?${asked}`, { credentials: 'same-origin' });
    if (!answer.ok) throw answer;
    const [data, layout, config] = themed(await answer.json()), fresh = !place.data;
    await window.Plotly.react(place, data, layout, config);
    if (fresh) place.on('plotly_click', ({ points: [point] }) => document.dispatchEvent(new CustomEvent('topic', { detail: point.customdata })));
  }
  button.addEventListener('click', async () => {
    const shown = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', !shown);
    place.hidden = shown;
    if (shown) return;
    button.textContent = wait;
    try { await window.loadPlotly(button); await draw(); } catch { place.textContent = button.dataset.failed; }
    button.textContent = told;
  });
  const again = () => { if (!place.hidden && window.Plotly) draw().catch(() => {}); };
  document.addEventListener('placed', again);
  matchMedia('(prefers-color-scheme:dark)').addEventListener('change', again);
})();
