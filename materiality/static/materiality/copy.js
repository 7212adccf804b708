/* copy.js: a button beside each link that is handed over. Without it the text can be marked. */
(() => {
  'use strict';
  const written = (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done ? Promise.resolve() : Promise.reject(new Error('copy'));
  };
  document.querySelectorAll('[data-copy]').forEach((place) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn alt sm';
    button.textContent = place.dataset.copy;
    button.addEventListener('click', async () => {
      await written(place.textContent.trim());
      button.textContent = place.dataset.copied;
    });
    place.after(' ', button);
  });
})();
