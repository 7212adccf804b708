// Enhancement only: without it, every Continue posts the page and saves it.
// Nothing is sent before somebody has chosen something, so a mail scanner that runs it changes nothing.
//
// What is chosen is in local storage at once. It is sent after a pause, at the latest nine and a half seconds
// after the first tap that is not sent yet; with the page; and when the page is hidden or closed. It leaves the
// storage only when the server has said that it has it. Sent twice, it is the same: the last choice wins.
//
// A page that was sent is answered by the next one, which takes its place here: one request and not two.
(() => {
  'use strict';
  const PAUSE = 6000; // whoever goes through quickly sends nothing before the page is done
  const LATEST = 9500; // and half a second to arrive: four answers at three seconds each go together
  const AGAIN = 15000; // after a failure
  let form, saved, say, offline, done, key, elsewhere; // of the page that is shown
  let unconfirmed = {}; // chosen, and not known to be on the server
  let busy = false;
  let flight = Promise.resolve(); // the last save; it never fails
  let leaving = false;
  let due = 0; // when the first of them that was not sent has to be
  let timer = 0;
  let shown = location.pathname + location.search;

  function kept() {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { return {}; }
  }

  function keep() {
    try {
      if (Object.keys(unconfirmed).length) localStorage.setItem(key, JSON.stringify(unconfirmed));
      else localStorage.removeItem(key);
    } catch (error) { /* private browsing: the page itself still holds the answers */ }
  }

  // The server has these. What was chosen anew meanwhile is still to be sent.
  function confirm(answers) {
    for (const [name, value] of Object.entries(answers)) if (unconfirmed[name] === value) delete unconfirmed[name];
    keep();
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

  // Of a first page also what was seen since when: with its first answers the person begins.
  function body(answers) {
    const fields = new URLSearchParams({ ...answers, autosave: '1' });
    if (form.elements.seen) fields.set('seen', form.elements.seen.value);
    return fields;
  }

  function send() {
    clearTimeout(timer);
    if (!form || busy || leaving || !Object.keys(unconfirmed).length) return;
    busy = true;
    due = 0;
    show(say.saving, false);
    flight = save({ ...unconfirmed });
  }

  async function save(answers) {
    try {
      const options = { method: 'POST', keepalive: true, credentials: 'omit' };
      const reply = await fetch(say.save, { ...options, body: body(answers) });
      if (reply.status >= 500 || reply.status === 429) throw reply;
      if (reply.redirected) return location.reload(); // nothing is begun: the landing page comes first
      confirm(answers);
      if (!reply.ok) return location.reload(); // the page says why
      show(Object.keys(unconfirmed).length ? say.kept : say.saved, false);
    } catch (error) {
      fail();
      return;
    } finally {
      busy = false;
    }
    if (Object.keys(unconfirmed).length) plan(PAUSE);
  }

  // The server is away, or the phone is: what is chosen stays and is sent again.
  function fail() {
    keep();
    show(say.unsaved, true);
    plan(AGAIN);
  }

  function later(name, value) {
    const now = Date.now();
    unconfirmed[name] = value;
    keep();
    if (navigator.onLine) show(say.kept, false);
    else show(say.unsaved, true);
    due = due || now + LATEST;
    plan(Math.max(0, Math.min(PAUSE, due - now)));
  }

  // Nobody waits for a reply here, so all of it stays in the storage until the next page of this link.
  function hand_over() {
    if (!form || leaving || !Object.keys(unconfirmed).length || !navigator.sendBeacon) return;
    keep();
    navigator.sendBeacon(say.save, body(unconfirmed));
  }

  // A page that waits for its reply loses nothing when the server is away: it stays where it is.
  async function go_on(button) {
    if (leaving) return;
    leaving = true;
    clearTimeout(timer);
    const answers = { ...unconfirmed }; // what is chosen while the page is on its way is sent by the next one
    due = 0;
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.set(button.name, button.value);
    fields.set('script', '1');
    show(say.saving, false);
    await flight; // what was chosen first arrives first
    try {
      const reply = await fetch(form.action, { method: 'POST', body: fields, credentials: 'same-origin' });
      if (reply.status >= 500 || reply.status === 429) throw reply;
      const address = reply.headers.get('Content-Location');
      const is_address = (reply.headers.get('Content-Type') || '').startsWith('text/plain');
      if (!reply.ok || !(address || is_address)) return native(button); // the page says what is wrong
      const text = await reply.text();
      confirm(answers);
      if (address) turn(text, address);
      else location.assign(text);
    } catch (error) {
      leaving = false;
      fail();
    }
  }

  // Put the next page in this one's place. What it needs beyond this one's files, a visit loads.
  function turn(html, address) {
    const next = new DOMParser().parseFromString(html, 'text/html');
    const files = (page) => Array.from(page.querySelectorAll('link[rel=stylesheet], script[src]'),
      (file) => file.getAttribute('href') || file.getAttribute('src'));
    if (files(next).some((file) => !files(document).includes(file))) return location.assign(address);
    history.pushState(null, '', address);
    shown = location.pathname + location.search;
    document.title = next.title;
    document.body.replaceWith(next.body);
    window.scrollTo(0, 0);
    leaving = false;
    begin();
    const first = document.querySelector('[role=alert]:not([hidden])') || document.querySelector('h1');
    first.tabIndex = -1;
    first.focus({ preventScroll: first.tagName === 'H1' });
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
      if (unconfirmed[other.name] === other.value) delete unconfirmed[other.name];
    }
  }

  function change(event) {
    const input = event.target;
    settle(input);
    bound();
    if (input.type === 'radio') {
      done.textContent = elsewhere + answered();
      unflag(input);
    }
    later(input.name, input.type === 'checkbox' && !input.checked ? '' : input.value);
  }

  function submit(event) {
    if (!('submitter' in event)) return; // Safari before 15.4 posts the page itself
    event.preventDefault();
    go_on(event.submitter);
  }

  function count() {
    const rest = document.getElementById('count');
    if (!rest) return;
    const comment = document.getElementById('comment');
    const most = comment.maxLength;
    const rule = rest.textContent;
    const tell = () => {
      const used = comment.value.length;
      rest.textContent = used < most - 100 ? rule : used + ' / ' + most;
    };
    comment.addEventListener('input', tell);
    tell();
  }

  // What the server's page shows already has arrived; the rest of what was kept is put back and sent.
  function put_back() {
    for (const [name, value] of Object.entries(unconfirmed)) {
      const field = form.elements[name];
      if (field && field.type === 'checkbox') field.checked = Boolean(value);
      else if (field) field.value = value;
    }
    bound();
    done.textContent = elsewhere + answered();
  }

  function begin() {
    form = document.getElementById('f');
    saved = document.getElementById('saved');
    if (!form || !saved) form = null;
    if (!form) return;
    say = saved.dataset;
    offline = document.getElementById('offline');
    done = document.getElementById('done') || {}; // pages after the ratings count nothing
    if (key !== 'answers:' + say.key) {
      key = 'answers:' + say.key;
      unconfirmed = kept();
    }
    elsewhere = Number(done.textContent) - answered();
    form.addEventListener('change', change);
    form.addEventListener('submit', submit);
    count();
    put_back();
    send();
  }

  const alert = document.querySelector('[role=alert]:not([hidden])');
  if (alert && !('autofocus' in alert)) alert.focus(); // Safari before 16.4
  if (!window.fetch) return;
  begin();
  window.addEventListener('online', send);
  window.addEventListener('offline', () => { if (form) show(say.unsaved, true); });
  window.addEventListener('pagehide', hand_over);
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted || !form) return;
    leaving = false;
    unconfirmed = kept();
    send();
  });
  window.addEventListener('popstate', () => { if (location.pathname + location.search !== shown) location.reload(); });
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') send(); });
})();
