// Enhancement only: without it, every Continue posts the page and saves it.
// Nothing is sent before somebody has chosen something, so a mail scanner that runs it changes nothing.
//
// What is chosen is in local storage at once. It is sent after a pause, at the latest nine and a half seconds
// after the first tap that is not sent yet; with the page; and when the page is hidden or closed. It leaves the
// storage only when the server has said that it has it. Sent twice, it is the same: the last choice wins.
(() => {
  'use strict';
  const form = document.getElementById('f');
  const saved = document.getElementById('saved');
  const alert = document.querySelector('[role=alert]:not([hidden])');
  if (alert && !('autofocus' in alert)) alert.focus(); // Safari before 16.4
  if (!form || !saved || !window.fetch) return;

  const PAUSE = 6000; // whoever goes through quickly sends nothing before the page is done
  const LATEST = 9500; // and half a second to arrive: four answers at three seconds each go together
  const AGAIN = 15000; // after a failure
  const say = saved.dataset;
  const offline = document.getElementById('offline');
  const done = document.getElementById('done') || {}; // pages after the ratings count nothing
  const key = 'answers:' + say.key;
  let queue = kept(); // chosen, not sent yet
  let carried = {}; // sent, not confirmed yet
  let busy = false;
  let leaving = false;
  let due = 0; // when the first of the queue has to be sent
  let timer = 0;
  const elsewhere = Number(done.textContent) - answered();

  function kept() {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { return {}; }
  }

  function keep() {
    const unconfirmed = { ...carried, ...queue };
    try {
      if (Object.keys(unconfirmed).length) localStorage.setItem(key, JSON.stringify(unconfirmed));
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

  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  function body(answers, how) {
    return new URLSearchParams({ ...answers, [how]: '1' });
  }

  async function send() {
    clearTimeout(timer);
    if (busy || leaving || !Object.keys(queue).length) return;
    busy = true;
    carried = queue;
    queue = {};
    due = 0;
    show(say.saving, false);
    try {
      const options = { method: 'POST', keepalive: true, credentials: 'omit' };
      const reply = await fetch(say.save, { ...options, body: body(carried, 'autosave') });
      if (reply.status >= 500 || reply.status === 429) throw reply;
      carried = {};
      keep();
      if (!reply.ok) return location.reload();
      show(Object.keys(queue).length ? say.kept : say.saved, false);
    } catch (error) {
      fail();
      return;
    } finally {
      busy = false;
    }
    if (Object.keys(queue).length) plan(PAUSE);
  }

  // The server is away, or the phone is: what is chosen stays and is sent again.
  function fail() {
    queue = { ...carried, ...queue };
    carried = {};
    keep();
    show(say.unsaved, true);
    plan(AGAIN);
  }

  function later(name, value) {
    const now = Date.now();
    queue[name] = value;
    keep();
    if (navigator.onLine) show(say.kept, false);
    else show(say.unsaved, true);
    due = due || now + LATEST;
    plan(Math.max(0, Math.min(PAUSE, due - now)));
  }

  // Nobody waits for a reply here, so all of it stays in the storage until the next page of this link.
  function hand_over() {
    const unconfirmed = { ...carried, ...queue };
    if (leaving || !Object.keys(unconfirmed).length || !navigator.sendBeacon) return;
    keep();
    navigator.sendBeacon(say.save, body(unconfirmed, 'autosave'));
  }

  // A page that waits for its reply loses nothing when the server is away: it stays where it is.
  async function go_on(button) {
    if (leaving) return;
    leaving = true;
    clearTimeout(timer);
    carried = { ...carried, ...queue };
    queue = {}; // what is chosen while the page is on its way is sent by the next one
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.set(button.name, button.value);
    fields.set('script', '1');
    show(say.saving, false);
    try {
      const reply = await fetch(form.action, { method: 'POST', body: fields, credentials: 'same-origin' });
      if (reply.status >= 500 || reply.status === 429) throw reply;
      const is_address = (reply.headers.get('Content-Type') || '').startsWith('text/plain');
      if (!reply.ok || !is_address) return native(button); // the page says what is wrong
      carried = {};
      keep();
      location.assign(await reply.text());
    } catch (error) {
      leaving = false;
      fail();
    }
  }

  function native(button) {
    if (button && button.name) {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = button.name;
      field.value = button.value;
      form.append(field);
    }
    form.submit();
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
    if (!ends) return;
    for (const other of ends.querySelectorAll('input')) {
      if (other === input) continue;
      other.checked = false;
      for (const unsent of [queue, carried]) if (unsent[other.name] === other.value) delete unsent[other.name];
    }
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
    if (!('submitter' in event)) return; // Safari before 15.4 posts the page itself
    event.preventDefault();
    go_on(event.submitter);
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

  // What the server's page shows already has arrived; the rest of what was kept is put back and sent.
  for (const [name, value] of Object.entries(queue)) {
    const field = form.elements[name];
    if (field && field.type === 'checkbox') field.checked = Boolean(value);
    else if (field) field.value = value;
  }
  bound();
  done.textContent = elsewhere + answered();
  window.addEventListener('online', send);
  window.addEventListener('offline', () => show(say.unsaved, true));
  window.addEventListener('pagehide', hand_over);
  window.addEventListener('pageshow', (event) => { if (event.persisted) { leaving = false; queue = kept(); send(); } });
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') send(); });
  send();
})();
