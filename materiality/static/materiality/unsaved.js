/* unsaved.js: what is typed is never lost. A bar in view says what is not saved and saves it; the
   browser keeps it and offers it again. Without this script every form works the same. */
(() => {
  'use strict';
  const bar = document.getElementById('unsaved');
  if (!bar) return;
  const $ = (query, root = document) => root.querySelector(query);
  const $$ = (query, root = document) => Array.from(root.querySelectorAll(query));
  const PREFIX = `unsaved:${bar.dataset.person}:`, SENT = 'unsaved-sent', CARRIED = 'unsaved-carried';
  const NOT_TYPED = ['hidden', 'submit', 'button', 'reset', 'image', 'file', 'password'];
  const PAUSE = 300, DOWNLOAD = 8000, KEPT_FOR = 30 * 24 * 3600 * 1000;
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // ---- the browser's store, which may be full or forbidden
  const read = (box, key) => { try { return JSON.parse(box.getItem(key)); } catch { return null; } };
  const write = (box, key, value) => { try { box.setItem(key, JSON.stringify(value)); } catch { /* only the warning is left */ } };
  const drop = (box, key) => { try { box.removeItem(key); } catch { /* nothing was kept */ } };
  const local = () => window.localStorage, session = () => window.sessionStorage;

  // ---- forms and their fields
  const isTyped = (field) => field.name && !field.disabled && !field.readOnly && !NOT_TYPED.includes(field.type);
  const isTicked = (field) => field.type === 'checkbox' || field.type === 'radio';
  const fieldsOf = (form) => {
    const seen = {}, fields = new Map();
    for (const field of Array.from(form.elements).filter(isTyped)) {
      const name = isTicked(field) ? `${field.name}=${field.value}` : field.name;
      seen[name] = (seen[name] || 0) + 1;
      fields.set(`${name}#${seen[name]}`, field);
    }
    return fields;
  };
  const chosen = (field, isOn) => JSON.stringify(Array.from(field.options).filter(isOn).map((option) => option.value));
  const valueOf = (field) => isTicked(field) ? field.checked : field.options ? chosen(field, (option) => option.selected) : field.value;
  function savedValue(field) {
    if (isTicked(field)) return field.defaultChecked;
    if (!field.options) return field.defaultValue;
    const some = Array.from(field.options).some((option) => option.defaultSelected);
    return chosen(field, (option) => some || field.multiple ? option.defaultSelected : option.index === 0);
  }
  function putBack(field, value) {
    if (isTicked(field)) field.checked = value;
    else if (field.options) for (const option of field.options) option.selected = JSON.parse(value).includes(option.value);
    else field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
  function changesOf(form) {
    const changes = {};
    fieldsOf(form).forEach((field, name) => {
      const is = valueOf(field), was = savedValue(field);
      if (is !== was) changes[name] = { is, was };
    });
    return changes;
  }
  // What people answered, said or are called stays out of the browser's store: data-unkept.
  const numbered = {};
  const forms = $$('main form')
    .filter((form) => form.method === 'post' && !$('[type=password]', form) && fieldsOf(form).size)
    .map((form) => {
      const path = new URL(form.getAttribute('action') || '', location.href).pathname;
      numbered[path] = (numbered[path] || 0) + 1;
      return { form, key: `${PREFIX}${path}:${numbered[path]}`, isKept: !form.hasAttribute('data-unkept'), isRefused: false };
    });
  const isDirty = (each) => each.isRefused || Object.keys(changesOf(each.form)).length > 0;

  // ---- what became of what was sent
  const isRefusal = Boolean($('main [role=alert]'));
  const sent = read(session(), SENT), carried = read(session(), CARRIED) || [];
  drop(session(), SENT);
  drop(session(), CARRIED);
  const arrival = performance.getEntriesByType('navigation')[0];
  const isAnswer = sent && document.referrer && new URL(document.referrer).pathname === sent.path
    && (!arrival || arrival.type === 'navigate');
  if (isAnswer && !isRefusal) drop(local(), sent.key);

  const offered = [];
  for (const each of forms) {
    const draft = read(local(), each.key);
    if (sent && sent.key === each.key && isRefusal) each.isRefused = true;
    if (!draft || each.isRefused) continue;
    const fields = fieldsOf(each.form);
    const left = Object.keys(draft.changes).filter((name) => fields.has(name) && valueOf(fields.get(name)) !== draft.changes[name].is);
    if (!left.length || Date.now() - draft.at > KEPT_FOR) drop(local(), each.key);
    else if (carried.includes(each.key)) bringBack({ each, draft });
    else offered.push({ each, draft });
  }
  function bringBack({ each, draft }) {
    const fields = fieldsOf(each.form);
    let others = 0;
    for (const name of Object.keys(draft.changes)) {
      const field = fields.get(name), { is, was } = draft.changes[name];
      if (!field) continue;
      if (savedValue(field) !== was && savedValue(field) !== is) others += 1;
      putBack(field, is);
    }
    return others;
  }

  // ---- the bar
  const list = $('ul', bar), status = $('[role=status]', bar), offer = $('[data-offer]', bar);
  const nameOf = (form) => {
    const label = document.getElementById(form.getAttribute('aria-labelledby') || '');
    const room = form.closest('section, details'), heading = label || (room && $('h2, h3, summary', room)) || $('h1');
    return heading ? heading.textContent.trim() : document.title;
  };
  function saveButton(form) { // the one button that saves; none where buttons mean different things
    const buttons = Array.from(form.elements).filter((field) => field.type === 'submit' && !field.hasAttribute('formaction'));
    return buttons.find((button) => !button.name) || (buttons.length === 1 ? buttons[0] : null);
  }
  function line({ form }) {
    const row = document.createElement('li'), button = saveButton(form), press = document.createElement('button');
    const label = document.createElement('span'), count = Object.keys(changesOf(form)).length;
    // What was refused is unsaved too, though nothing was changed since: it is named without a count.
    label.textContent = count ? say(bar.dataset.line, { name: nameOf(form), count }) : nameOf(form);
    press.type = 'button';
    press.className = 'btn sm';
    press.textContent = button ? bar.dataset.save : bar.dataset.go;
    press.addEventListener('click', () => {
      if (button) return button.click();
      form.scrollIntoView();
      return fieldsOf(form).values().next().value.focus();
    });
    row.append(label, press);
    return row;
  }
  let shown = '';
  function writeBar() {
    const dirty = forms.filter(isDirty);
    const now = dirty.map((each) => `${each.key}${Object.keys(changesOf(each.form)).length}`).join();
    bar.hidden = !dirty.length && !offered.length;
    document.body.classList.toggle('has-unsaved', !bar.hidden);
    offer.hidden = !offered.length;
    if (now === shown) return;
    shown = now;
    status.textContent = dirty.length ? bar.dataset.unsaved : '';
    list.textContent = '';
    list.append(...dirty.map(line));
  }
  if (offered.length) {
    const at = new Date(Math.max(...offered.map(({ draft }) => draft.at)));
    $('[data-when]', offer).textContent = say(bar.dataset.kept, { when: at.toLocaleString(document.documentElement.lang) });
    $('[data-bring]', offer).addEventListener('click', () => {
      const others = offered.splice(0).reduce((sum, one) => sum + bringBack(one), 0);
      writeBar();
      if (others) status.textContent = say(bar.dataset.others, { count: others });
    });
    $('[data-drop]', offer).addEventListener('click', () => {
      for (const { each } of offered.splice(0)) drop(local(), each.key);
      writeBar();
    });
  }

  // ---- hands
  function keep() {
    for (const each of forms) {
      if (offered.some((one) => one.each === each) || each.isRefused) continue;
      const changes = changesOf(each.form);
      if (!Object.keys(changes).length) drop(local(), each.key);
      else if (each.isKept) write(local(), each.key, { at: Date.now(), changes });
    }
  }
  let timer = 0, isSending = false;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { keep(); writeBar(); }, PAUSE);
  };
  document.addEventListener('input', later);
  document.addEventListener('change', later);
  document.addEventListener('reset', later);
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    keep();
    const mine = forms.find(({ form }) => form === event.target);
    const others = forms.filter((each) => each !== mine && each.isKept && isDirty(each)).map(({ key }) => key);
    if (mine) write(session(), SENT, { key: mine.key, path: location.pathname });
    write(session(), CARRIED, others);
    isSending = true;
    setTimeout(() => { isSending = false; }, DOWNLOAD); // the page stays when the answer is a file
  });
  window.addEventListener('beforeunload', (event) => {
    keep();
    if (isSending || !forms.some(isDirty)) return;
    event.preventDefault();
    event.returnValue = '';
  });
  writeBar();
})();
