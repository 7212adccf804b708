// Enhancement only: without it, every Continue posts the page and saves it.
// Nothing is sent before somebody has chosen something, so a mail scanner that runs it changes nothing.
(() => {
  'use strict';
  const form = document.getElementById('f');
  const saved = document.getElementById('saved');
  const alert = document.querySelector('[role=alert]:not([hidden])');
  if (alert && !('autofocus' in alert)) alert.focus(); // Safari before 16.4
  if (!form || !saved || !window.fetch) return;

  const say = saved.dataset;
  const offline = document.getElementById('offline');
  const done = document.getElementById('done') || {}; // pages after the ratings count nothing
  const key = 'answers:' + say.key;
  const pause = 15000;
  let queue = kept();
  let busy = false;
  const elsewhere = Number(done.textContent) - answered();

  function kept() {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { return {}; }
  }

  function keep() {
    try {
      if (Object.keys(queue).length) localStorage.setItem(key, JSON.stringify(queue));
      else localStorage.removeItem(key);
    } catch (error) { /* private browsing: the page itself still holds the answers */ }
  }

  function answered() {
    return new Set(Array.from(form.querySelectorAll('input[name^=q]:checked'), (input) => input.name)).size;
  }

  function show(text, failed) {
    saved.textContent = text;
    if (!offline) return;
    offline.hidden = !failed;
    offline.textContent = failed ? text : '';
  }

  async function send() {
    if (busy || !Object.keys(queue).length) return;
    busy = true;
    const batch = queue;
    queue = {};
    show(say.saving, false);
    try {
      const body = new URLSearchParams({ ...batch, autosave: '1' });
      const reply = await fetch(say.save, { method: 'POST', body, keepalive: true, credentials: 'omit' });
      if (reply.status >= 500) throw reply;
      keep();
      if (!reply.ok) return location.reload();
      show(say.saved, false);
    } catch (error) {
      queue = { ...batch, ...queue };
      keep();
      show(say.unsaved, true);
      setTimeout(send, pause);
      return;
    } finally {
      busy = false;
    }
    send();
  }

  function later(name, value) {
    queue[name] = value;
    keep();
    send();
  }

  function unflag(input) {
    const item = input.closest('.miss');
    if (!item || Array.from(item.querySelectorAll('fieldset')).some((one) => !one.querySelector(':checked'))) return;
    item.classList.remove('miss');
    item.querySelector('.flag').remove();
  }

  // No more than may be tapped: the other boxes wait until one is taken back.
  function bound() {
    const boxes = document.getElementById('boxes');
    if (!boxes) return;
    const full = boxes.querySelectorAll(':checked').length >= Number(boxes.dataset.most);
    boxes.querySelectorAll('input').forEach((box) => { box.disabled = full && !box.checked; });
  }

  // No topic at both ends of a set. Without scripts the server says so, and of too many taps.
  function settle(input) {
    const ends = input.closest('.ends');
    if (ends) ends.querySelectorAll('input').forEach((other) => { if (other !== input) other.checked = false; });
  }

  form.addEventListener('change', (event) => {
    const input = event.target;
    settle(input);
    bound();
    if (input.type === 'radio') {
      done.textContent = elsewhere + answered();
      unflag(input);
    }
    later(input.name, input.type === 'checkbox' && !input.checked ? '' : input.value);
  });

  form.addEventListener('submit', (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    show(say.unsaved, true);
  });

  const count = document.getElementById('count');
  if (count) {
    const comment = document.getElementById('comment');
    const most = comment.maxLength;
    const rule = count.textContent;
    const tell = () => {
      const used = comment.value.length;
      count.textContent = used < most - 100 ? rule : used + ' / ' + most;
    };
    comment.addEventListener('input', tell);
    tell();
  }

  for (const [name, value] of Object.entries(queue)) {
    const field = form.elements[name];
    if (field && field.type === 'checkbox') field.checked = Boolean(value);
    else if (field) field.value = value;
  }
  bound();
  done.textContent = elsewhere + answered();
  window.addEventListener('online', send);
  send();
})();
