/* results.js: live weights, linked matrix, table and detail. The page is complete without it. */
(() => {
  'use strict';
  const store = document.getElementById('data');
  if (!store) return;
  const { topics, units, axes, rule, points, texts } = JSON.parse(store.textContent), rules = window.materialityRules;
  const $ = (query, root = document) => root.querySelector(query);
  const $$ = (query, root = document) => [...root.querySelectorAll(query)];
  const form = $('#try'), view = $('#view'), detail = $('#detail'), chosen = $('#chosen');
  const figures = $$('.fig');
  const TOLERANCE = 1e-9, NOTICEABLE = 0.005, RADIUS = 6.5, PAUSE = 250;
  const saved = new Map(topics.map((topic) => [topic.code, { ...topic }]));
  const decisions = $('#decide');
  const read = (cell) => { const value = Number(cell.textContent.replace('−', '-')); return Number.isNaN(value) ? null : value; };
  function takeScores(page) { // the server's answer, under a rule that only it knows
    for (const topic of topics) {
      const row = $(`#rows tr[data-code="${CSS.escape(topic.code)}"]`, page), tier = $('[data-mark] svg', row).dataset.tierNumber;
      topic.tier = topic.suggested = tier ? Number(tier) : null;
      Object.assign(topic, { x: read($('[data-x]', row)), y: read($('[data-y]', row)), overall: read($('[data-s]', row)) });
    }
    writeTable();
    writeDetail();
    $('#effect').textContent = $('#effect', page).textContent;
  }
  let selected = chosen ? chosen.value : '', timer = 0, request = null;

  // ---- the same rules as the server's
  const number = (axis, code) => $(`[name="${CSS.escape(axis)}\\:${CSS.escape(code)}"]`, form);
  const weightsOf = (axis) => units[axis].map((unit) => Math.max(0, Number(number(axis, unit.code).value) || 0));
  const weightedMean = (means, weights) => {
    let sum = 0, total = 0;
    means.forEach((mean, at) => { if (mean !== null) { sum += weights[at] * mean; total += weights[at]; } });
    return total > 0 ? sum / total : null;
  };
  // Withheld means count only together, in the proportion of the saved weights.
  function scoreOf(part, axis, weights) {
    if (part.n < part.minimum) return null;
    const hidden = part.held ? part.held.units : [], mean = part.held ? part.held.mean : null;
    const together = hidden.reduce((sum, at) => sum + weights[at], 0);
    const shares = [...weights.map((weight, at) => hidden.includes(at) ? 0 : weight), mean !== null ? together : 0];
    const weighs = (at) => hidden.includes(at) ? together > 0 && units[axis][at].weight > 0 : weights[at] > 0;
    const backing = part.counts.reduce((sum, count, at) => sum + (weighs(at) ? count : 0), 0);
    return backing > 0 && backing < part.minimum ? null : weightedMean([...part.means, mean], shares);
  }
  function placeOf(topic, axis, weights) {
    const { code, composite } = axes[axis], score = (part) => scoreOf(topic.parts[part], axis, weights);
    return composite ? rules.compose(composite, topic, score) : score(code);
  }
  const onlyOne = () => (view && view.value ? units.y.map((unit) => Number(unit.code === view.value)) : null);

  function compute() {
    const weights = { x: weightsOf('x'), y: onlyOne() || weightsOf('y') };
    if (rule.kind === 'asked') return weights; // only the server knows this rule
    for (const topic of topics) {
      for (const axis of 'xy') topic[axis] = placeOf(topic, axis, weights[axis]);
      topic.overall = rules.overall(rule, points, topic.x, topic.y);
    }
    const tiers = rules.assign(rule, topics);
    topics.forEach((topic, at) => {
      topic.suggested = tiers[at] || null;
      topic.tier = topic.decided ? saved.get(topic.code).tier : topic.suggested || null;
    });
    return weights;
  }

  // ---- writing
  const toEven = (value) => Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
  const two = (value) => { // a tie goes to the even digit, as on the server
    if (value === null) return '–';
    const tie = Number.isInteger(value * 8) && !Number.isInteger(value * 4);
    return (tie ? toEven(value * 100) / 100 : value).toFixed(2).replace('-', '−');
  };
  const between = ([low, high]) => low === null ? '' : `${two(low)}–${two(high)}`;
  const inPercent = (value, whole) => { // only what is exactly all or nothing is written so, as on the server
    if (value < 1 && whole >= 100) return '>99%';
    return value > 0 && whole === 0 ? '<1%' : `${whole}%`;
  };
  const percent = (value) => value === null ? '–' : inPercent(value, toEven(value * 100));
  const tenths = (value) => value === null ? '–' : `${(value * 100).toFixed(1)}%`;
  const percents = (shares) => { // parts that add up: what is missing goes to those who lost most
    const points = shares.map((share) => Math.floor(share * 100 + 1e-9));
    const sum = (values) => values.reduce((total, one) => total + one, 0);
    const lost = (at) => Math.round((shares[at] * 100 - points[at]) * 1e9);
    const order = points.map((_, at) => at).sort((a, b) => lost(b) - lost(a) || a - b);
    for (const at of order.slice(0, Math.round(sum(shares) * 100) - sum(points))) points[at] += 1;
    return shares.map((share, at) => inPercent(share, points[at]));
  };
  const say = (text, values) => text.replace(/%\((\w+)\)[sd]/g, (_, name) => values[name]);
  const byScore = () => topics.filter((topic) => topic.overall !== null)
    .sort((a, b) => Math.round((b.overall - a.overall) * 1e9) || topics.indexOf(a) - topics.indexOf(b));
  const svgTag = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  };
  function sign(tier, x, y, r, line) { // the shape carries the tier as well as its colour
    const d = r * 1.28, q = r * 0.9, half = r * 1.3, high = r * 2.3, shape = texts.shapes[tier || 0];
    const drawn = { class: `m ${shape}` };
    if (shape === 'circle') return svgTag('circle', { ...drawn, cx: x, cy: y, r });
    if (shape === 'ring') return svgTag('circle', { ...drawn, cx: x, cy: y, r: r - line / 2, 'stroke-width': line });
    if (shape === 'diamond') return svgTag('path', { ...drawn, d: `M${x} ${y - d}L${x + d} ${y}L${x} ${y + d}L${x - d} ${y}Z` });
    if (shape === 'triangle') return svgTag('path', { ...drawn, d: `M${x} ${y - high * 0.58}L${x + half} ${y + high * 0.42}L${x - half} ${y + high * 0.42}Z` });
    if (shape === 'square') return svgTag('rect', { ...drawn, x: x - q, y: y - q, width: 2 * q, height: 2 * q, 'stroke-width': line });
    return svgTag('circle', { class: 'm m0', cx: x, cy: y, r, 'stroke-dasharray': '2 2' });
  }

  function effect(weights) {
    const one = onlyOne();
    if (one) return say(texts.only, { group: units.y[one.indexOf(1)].name });
    if (!weights.x.some(Boolean) || !weights.y.some(Boolean)) return texts.none;
    if (rule.kind === 'asked') return texts.wait;
    const moved = topics.filter((topic) => topic.suggested !== saved.get(topic.code).suggested); // a decided tier stays
    if (moved.length) return say(texts.tiers, { count: moved.length, names: moved.map((topic) => topic.name).join(texts.comma) });
    const same = topics.every((topic) => 'xy'.split('').every((axis) => near(topic[axis], saved.get(topic.code)[axis])));
    return same ? texts.same : texts.moved;
  }

  const orNull = (value) => value === undefined ? null : value;
  const near = (a, b) => a === null || b === null ? a === b : Math.abs(a - b) < NOTICEABLE;
  const fill = (element, child) => { // replaceChildren, for Safari 13
    while (element.firstChild) element.removeChild(element.firstChild);
    element.append(child);
  };
  function writeTable() {
    const ranks = byScore();
    for (const topic of topics) {
      const row = $(`#rows tr[data-code="${CSS.escape(topic.code)}"]`);
      row.classList.toggle('sel', topic.code === selected);
      $('[data-x]', row).textContent = two(topic.x);
      $('[data-y]', row).textContent = two(topic.y);
      $('[data-s]', row).textContent = two(orNull(topic.overall));
      $('[data-rank]', row).textContent = ranks.indexOf(topic) + 1 || '–';
      fill($('[data-mark] svg', row), sign(topic.tier, 7, 7, 5.2, 1.7));
      const choice = $('select', row);
      if (choice) writeSuggestion(row, choice, topic);
    }
    const isTried = topics.some((topic) => ['x', 'y', 'overall'].some((name) => !near(orNull(topic[name]), orNull(saved.get(topic.code)[name]))));
    for (const mark of $$('.if-tried')) mark.hidden = !isTried;
  }
  // What the rule gives stands beside a decision; the decision itself is the person's alone.
  function writeSuggestion(row, choice, topic) {
    const differs = topic.suggested && choice.value && Number(choice.value) !== topic.suggested;
    const isTried = topic.suggested !== saved.get(topic.code).suggested;
    let note = $('.c1 .hint', row);
    if (!note && differs) $('.c1', row).append(note = Object.assign(document.createElement('span'), { className: 'tiny muted hint' }));
    if (note) note.textContent = differs ? say(isTried ? texts.would : texts.suggested, { tier: texts.tierNames[topic.suggested] }) : '';
  }

  function writeDetail() {
    const topic = topics.find((each) => each.code === selected);
    if (!detail || !topic) return;
    const rank = byScore().indexOf(topic) + 1;
    fill($('h2 svg', detail), sign(topic.tier, 7, 7, 5.2, 1.7));
    const fields = {
      name: topic.name, rank: say(texts.rank, { rank: rank || '–' }), unknown: say(texts.unknown, { share: percent(topic.unknown) }),
      x: two(topic.x), y: two(topic.y), stability: percent(topic.stability), tier: texts.tierNames[topic.tier || 0],
      xh: between(topic.ends.x), yh: between(topic.ends.y),
    };
    for (const key in fields) $(`[data-${key}]`, detail).textContent = fields[key];
    const chances = percents(topic.chances);
    for (const chance of $$('[data-chance]', detail)) chance.textContent = chances[chance.dataset.chance - 1] || '–';
    const weights = { x: weightsOf('x'), y: onlyOne() || weightsOf('y') };
    for (const part of $$('[data-part]', detail)) { // what a composed score was made of
      const axis = part.dataset.part.startsWith(`${axes.x.code}.`) ? 'x' : 'y';
      part.textContent = two(scoreOf(topic.parts[part.dataset.part], axis, weights[axis]));
    }
    const place = (value) => `${((value - 1) / (points - 1)) * 100}%`;
    $$('.dots tr', detail).forEach((row, at) => {
      const mean = topic.parts[axes.y.code].means[at], picture = $('svg', row);
      row.lastElementChild.textContent = two(mean);
      if (!picture) return;
      $('circle', picture).setAttribute('cx', place(mean === null ? 1 : mean));
      picture.classList.toggle('gone', mean === null);
      const mark = $('rect', picture);
      if (mark && topic.y !== null) mark.setAttribute('x', place(topic.y));
    });
  }

  // ---- the matrix: points move at once, the server places the labels anew when the hand rests
  const numbers = (text) => text.match(/-?[\d.]+/g).map(Number);
  function readFigure(figure) {
    const svg = $('svg', figure), [left, top, bottom, right] = numbers($('.ax', svg).getAttribute('d'));
    const ticks = $$('[id$="-axes"] .tkt', svg).map((tick) => Number(tick.textContent));
    const low = Math.min(...ticks), high = Math.max(...ticks);
    const parts = new Map();
    for (const group of $$('.pt', svg)) {
      const hit = $('.hit', group), x = Number(hit.getAttribute('cx')), y = Number(hit.getAttribute('cy'));
      const ends = (element) => { const at = numbers(element.getAttribute('d')); return Math.hypot(at[2] - x, at[3] - y) < 0.05; };
      parts.set(group.dataset.code, { group, x, y, tail: $$('.tail path', svg).find(ends), region: $(`.ell[data-of="${CSS.escape(group.dataset.code)}"]`, svg) });
    }
    return { svg, parts, toX: (v) => left + ((v - low) / (high - low)) * (right - left), toY: (v) => bottom - ((v - low) / (high - low)) * (bottom - top) };
  }
  let drawings = [];
  function readFigures() {
    drawings = figures.map(readFigure);
    for (const { parts } of drawings) for (const { group } of parts.values()) group.setAttribute('role', 'button');
  }
  const turnOf = (part) => {
    if (part.turn === undefined) part.turn = part.region.getAttribute('transform') || '';
    return part.turn;
  };
  function movePoints() {
    for (const { parts, toX, toY } of drawings) for (const topic of topics) {
      const part = parts.get(topic.code);
      if (!part || topic.x === null || topic.y === null) continue;
      const dx = toX(topic.x) - part.x, dy = toY(topic.y) - part.y, there = `translate(${dx} ${dy})`;
      part.group.setAttribute('transform', there);
      if (part.region) part.region.setAttribute('transform', `${there} ${turnOf(part)}`);
      if (part.tail) part.tail.setAttribute('d', part.tail.getAttribute('d').replace(/L.*/, `L${part.x + dx} ${part.y + dy}`));
      if (!part.group.classList.contains(`t${topic.tier}`)) {
        part.group.setAttribute('class', `pt t${topic.tier}`);
        $('.m', part.group).replaceWith(sign(topic.tier, part.x, part.y, RADIUS, 1.4));
      }
    }
  }
  function markSelected() {
    for (const { svg, parts } of drawings) {
      for (const old of $$('.halo', svg)) old.remove();
      for (const [code, { group, region, x, y }] of parts) {
        const is = code === selected;
        group.classList.toggle('sel', is);
        group.setAttribute('tabindex', is ? 0 : -1);
        group.setAttribute('aria-pressed', is);
        if (region) region.classList.toggle('on', is);
        if (is) group.append(svgTag('circle', { class: 'halo', cx: x, cy: y, r: RADIUS * 1.6 }));
      }
    }
  }

  function query() {
    const data = new FormData(form);
    for (const name of ['csrfmiddlewaretoken', 'version']) data.delete(name);
    return new URLSearchParams(data);
  }
  function keepAddress() { // a reload, a bookmark or the other language show the same
    const now = query(), plain = $('#effect').textContent === texts.same && !(view && view.value);
    if (plain) for (const name of [...now.keys()]) if (/^[xy]:/.test(name)) now.delete(name);
    history.replaceState(null, '', `?${now}`);
    if (decisions) decisions.action = `${location.pathname}?${now}`; // saving decisions keeps what is tried
    const other = $('.who a[hreflang]');
    now.set('lang', other.hreflang.toLowerCase());
    other.search = now;
  }
  async function place() {
    if (request) request.abort();
    request = new AbortController();
    const figure = figures.find((each) => each.offsetParent) || figures[0], asked = query();
    asked.set('size', figure.dataset.size);
    try {
      const source = rule.kind === 'asked' ? form.action : figure.dataset.source;
      const answer = await fetch(`${source}?${asked}`, { signal: request.signal, credentials: 'same-origin' });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html'), held = figure.contains(document.activeElement);
      if (rule.kind === 'asked') takeScores(page);
      fill(figure, document.adoptNode($(`.fig.${figure.dataset.size} svg`, page) || $('svg', page)));
      readFigures();
      markSelected();
      if (held) focusSelected();
      document.dispatchEvent(new Event('placed'));
    } catch { /* the moved points stay until the next change */ }
  }

  function writeShares(weights) {
    for (const axis of 'xy') units[axis].forEach((unit, at) => {
      const whole = weights[axis].reduce((sum, one) => sum + one, 0), mark = $(`[data-share="${CSS.escape(number(axis, unit.code).id)}"]`);
      if (mark) mark.textContent = tenths(whole ? weights[axis][at] / whole : null);
    });
  }
  function update() {
    const weights = compute();
    writeShares({ x: weightsOf('x'), y: weightsOf('y') });
    movePoints();
    writeTable();
    writeDetail();
    markSelected();
    const said = $('#effect').textContent = effect(weights);
    $('#stale').hidden = said === texts.same;
  }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => { keepAddress(); place(); }, PAUSE);
  }
  function pick(code) {
    selected = code;
    if (chosen) chosen.value = code;
    writeTable();
    writeDetail();
    markSelected();
    keepAddress();
  }
  function focusSelected() {
    const seen = drawings.find(({ svg }) => svg.clientWidth);
    const part = seen && seen.parts.get(selected);
    if (part) part.group.focus();
  }
  function lockVertical() {
    const one = Boolean(view && view.value);
    for (const unit of units.y) {
      const field = number('y', unit.code);
      field.readOnly = one;
      $(`[data-for="${CSS.escape(field.id)}"]`).disabled = one;
    }
  }

  // ---- hands
  form.addEventListener('input', (event) => {
    const from = event.target, partner = from.dataset.for ? document.getElementById(from.dataset.for) : $(`[data-for="${CSS.escape(from.id)}"]`);
    if (!partner) return;
    partner.value = from.type === 'range' ? Math.round(from.value) : from.value;
    update();
    later();
  });
  const matrix = $('#matrix');
  if (matrix) matrix.addEventListener('change', () => { for (const axis of 'xy') for (const unit of units[axis]) number(axis, unit.code).disabled = true; form.submit(); });
  if (view) view.addEventListener('change', () => { lockVertical(); update(); later(); });
  for (const box of $$('#tails, #names')) box.addEventListener('change', later);
  const regions = $('#ellipses');
  if (regions) regions.addEventListener('change', () => { figures.forEach((each) => each.classList.toggle('ells', regions.checked)); keepAddress(); });
  $('#reset').addEventListener('click', (event) => {
    event.preventDefault();
    if (view) view.value = '';
    for (const axis of 'xy') for (const unit of units[axis]) {
      const field = number(axis, unit.code);
      field.value = $(`[data-for="${CSS.escape(field.id)}"]`).value = unit.weight;
    }
    lockVertical();
    update();
    later();
  });
  for (const figure of figures) {
    figure.addEventListener('click', (event) => { const point = event.target.closest('.pt'); if (point) pick(point.dataset.code); });
    figure.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && view) return view.focus();
      if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); return pick(selected); }
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
      if (!step) return undefined;
      event.preventDefault();
      const ranked = byScore(), at = ranked.findIndex((topic) => topic.code === selected);
      pick(ranked[Math.max(0, Math.min(ranked.length - 1, at + step))].code);
      return focusSelected();
    });
  }
  $('#rows').addEventListener('click', (event) => {
    const row = event.target.closest('tr');
    if (!row || event.target.closest('select,input')) return;
    if (event.target.closest('a')) event.preventDefault();
    pick(row.dataset.code);
  });
  $('#rows').addEventListener('change', (event) => {
    if (event.target.tagName !== 'SELECT') return;
    const row = event.target.closest('tr'), topic = topics.find((each) => each.code === row.dataset.code);
    writeSuggestion(row, event.target, topic);
  });

  document.addEventListener('topic', (event) => pick(event.detail)); // a click in the exploring view

  readFigures();
  compute();
  markSelected();
  lockVertical();
})();
