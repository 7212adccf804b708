/* labels.js: a label can be dragged; its two number fields say the same in millimetres. */
(() => {
  'use strict';
  const figure = document.getElementById('figure'), drawing = figure && figure.querySelector('svg');
  if (!drawing) return;
  const rows = new Map([...document.querySelectorAll('tr[data-code]')].map((row) => [row.dataset.code, row]));
  const codes = figure.dataset.codes.split(' '), labels = drawing.querySelectorAll('#labels > text');
  const places = (code) => rows.get(code).querySelectorAll('input[type=number]');
  const STEP = 0.5, write = (field, value) => {
    const drawn = Number(field.defaultValue);
    field.value = (drawn + Math.round((value - drawn) / STEP) * STEP).toFixed(1);
  };

  labels.forEach((label, at) => {
    const [right, up] = places(codes[at]), drawn = [Number(right.value), Number(up.value)];
    const show = () => label.setAttribute('transform', `translate(${Number(right.value) - drawn[0]} ${drawn[1] - Number(up.value)})`);
    [right, up].forEach((field) => field.addEventListener('input', show));
    label.classList.add('drag');
    label.addEventListener('pointerdown', (event) => {
      const scale = drawing.viewBox.baseVal.width / drawing.getBoundingClientRect().width;
      const from = [event.clientX, event.clientY, Number(right.value), Number(up.value)];
      const move = (now) => {
        write(right, from[2] + (now.clientX - from[0]) * scale);
        write(up, from[3] - (now.clientY - from[1]) * scale);
        show();
      };
      event.preventDefault();
      label.setPointerCapture(event.pointerId);
      label.addEventListener('pointermove', move);
      label.addEventListener('pointerup', () => label.removeEventListener('pointermove', move), { once: true });
    });
  });
})();
