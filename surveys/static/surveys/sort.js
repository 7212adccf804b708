// Enhancement only: the three radios of each topic sort it by tap, keyboard and without script.
// With a mouse, a pen or a finger, a topic is also dragged by its grip onto one of three places.
(() => {
  'use strict';
  const sort = document.getElementById('sort');
  const bins = document.getElementById('bins');
  if (!sort || !bins || !window.PointerEvent) return;
  const places = Array.from(bins.children);
  let drag = null;

  function tally() {
    for (const bin of places) {
      const chosen = sort.querySelectorAll('input[value="' + bin.dataset.place + '"]:checked');
      bin.querySelector('b').textContent = chosen.length;
    }
  }

  function below(event) {
    const under = document.elementFromPoint(event.clientX, event.clientY);
    return places.find((bin) => bin.contains(under)) || null;
  }

  function mark(chosen) {
    for (const bin of places) bin.classList.toggle('over', bin === chosen);
  }

  function put(card, place) {
    const input = card.querySelector('input[value="' + place + '"]');
    if (input.checked) return;
    input.checked = true;
    input.dispatchEvent(new Event('change', { bubbles: true })); // survey.js saves it
  }

  sort.addEventListener('pointerdown', (event) => {
    const grip = event.target.closest('.grip');
    if (!grip || event.button) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    drag = { card: grip.closest('[data-card]'), x: event.clientX, y: event.clientY };
    drag.card.classList.add('drag');
  });

  sort.addEventListener('pointermove', (event) => {
    if (!drag) return;
    drag.card.style.transform = 'translate(' + (event.clientX - drag.x) + 'px,' + (event.clientY - drag.y) + 'px)';
    mark(below(event));
  });

  function drop(event) {
    if (!drag) return;
    const bin = event.type === 'pointerup' ? below(event) : null;
    const card = drag.card;
    drag = null;
    card.classList.remove('drag');
    card.style.transform = '';
    mark(null);
    if (bin) put(card, bin.dataset.place);
  }

  sort.addEventListener('pointerup', drop);
  sort.addEventListener('pointercancel', drop);
  sort.addEventListener('change', tally);
  for (const grip of sort.querySelectorAll('.grip')) grip.hidden = false;
  bins.hidden = false;
  tally();
})();
