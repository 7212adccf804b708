/* look.js: a picker beside each colour that is written as #rrggbb; the two are one value. */
(() => {
  'use strict';
  const COLOUR = /^#[0-9a-f]{6}$/;
  for (const field of document.querySelectorAll('[data-picker]')) {
    const picker = document.createElement('input');
    const name = document.querySelector(`label[for="${field.id}"]`);
    picker.type = 'color';
    picker.className = 'picker';
    picker.disabled = field.disabled;
    picker.setAttribute('aria-label', `${field.dataset.picker}: ${name ? name.textContent : ''}`);
    const follow = () => {
      const written = field.value.trim().toLowerCase();
      picker.value = COLOUR.test(written) ? written : field.placeholder;
    };
    follow();
    field.addEventListener('input', follow);
    picker.addEventListener('input', () => {
      field.value = picker.value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    field.parentElement.classList.add('picked');
    field.after(picker);
  }
})();
