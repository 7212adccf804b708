/* plotly-loading.js: window.loadPlotly(button) fetches Plotly once, when a button asks for it. */
(() => {
  'use strict';
  const load = (tag, attributes) => new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement(tag), attributes, { onload: done, onerror: failed }));
  });
  // Plotly finds its style sheet by this id and class, and the rules of its maps by the other id (a
  // hash of them); then it writes none of its own, which the page's policy would refuse.
  const MAPS = '9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53';
  document.head.append(Object.assign(document.createElement('meta'), { id: MAPS }));
  let loaded = null;
  window.loadPlotly = ({ dataset: { style, script } }) => (loaded = loaded ||
    load('link', { id: 'plotly.js-style-global', className: 'no-inline-styles', rel: 'stylesheet', href: style })
      .then(() => load('script', { src: script }))
      .catch((problem) => { loaded = null; throw problem; }));
})();
