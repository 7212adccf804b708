// What a person sees: the checks, and the way from a dot to the answers it rests on.
'use strict';
(function () {
  var words = JSON.parse(document.getElementById('words').textContent);
  var names = JSON.parse(document.getElementById('names').textContent);
  var packed = JSON.parse(document.getElementById('files').textContent);
  var files = {};
  Object.keys(packed).forEach(function (name) {
    var bytes = Uint8Array.from(atob(packed[name]), function (letter) {
      return letter.charCodeAt(0);
    });
    files[name] = new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes);
  });
  var bundle = JSON.parse(files['bundle.json']);
  var lock = JSON.parse(files['lock.json']);
  var own = Recompute.topics(bundle.inputs);

  function put(parent, kind, text, style) {
    var part = document.createElement(kind);
    part.textContent = text === undefined || text === null ? '–' : String(text);
    if (style) {
      part.className = style;
    }
    parent.appendChild(part);
    return part;
  }

  function figure(value) {
    return typeof value === 'number' ? value.toFixed(4) : '–';
  }

  function tier(value) {
    return names.tiers[String(value)] || '–';
  }

  function showChecks() {
    var list = document.getElementById('checks');
    Checks.all(files).forEach(function (check) {
      var wrong = check[1];
      var sign = wrong.length ? words.no : words.yes;
      var line = put(list, 'li', sign + ' · ' + words[check[0]], wrong.length ? 'no' : 'yes');
      line.setAttribute('data-check', check[0]);
      wrong.slice(0, 8).forEach(function (place) {
        put(line, 'p', place);
      });
    });
    facts(list.parentNode.insertBefore(document.createElement('div'), list.nextSibling), [
      [words.locked, signed(lock.locked_at, lock.locked_by)],
      [words.approved, signed(lock.approved_at, lock.approved_by)],
    ]);
  }

  // -- from a dot to the answers -----------------------------------------------------------------

  // style: of all cells but the first, such as figures at the right.
  function row(table, cells, kind, style) {
    var line = document.createElement('tr');
    cells.forEach(function (cell, at) {
      put(line, kind, cell, at ? style : '');
    });
    table.appendChild(line);
  }

  function facts(parent, pairs) {
    var list = document.createElement('dl');
    list.className = 'facts';
    pairs.forEach(function (pair) {
      put(list, 'dt', pair[0]);
      put(list, 'dd', pair[1]);
    });
    parent.appendChild(list);
  }

  function showDimension(walk, code, score, at) {
    put(walk, 'h3', (names.dimensions[code] || code) + ' ' + figure(score.score));
    var units = bundle.inputs.units[code];
    if (!units) {
      return;
    }
    var table = document.createElement('table');
    var scale = [];
    for (var rating = 1; rating <= bundle.inputs.scale.points; rating += 1) {
      scale.push(String(rating));
    }
    row(table, [words.unit, words.weight, words.share, words.mean, words.ratings]
      .concat(scale, [words.cannot_judge]), 'th', 'r');
    units.forEach(function (unit) {
      var told = score.units[unit.code];
      var isHeld = told.mean === null && told.n > 0;
      var counts = bundle.inputs.counts[code][unit.code][at];
      row(table, [
        names.units[unit.code] || unit.code,
        unit.weight,
        (told.share * 100).toFixed(1) + '%',
        isHeld ? words.withheld : figure(told.mean),
        told.n,
      ].concat(counts), 'td', 'r');
    });
    var frame = document.createElement('div');
    frame.className = 'scroll';
    frame.appendChild(table);
    walk.appendChild(frame);
  }

  function show(code) {
    var walk = document.getElementById('walk');
    var at = own.findIndex(function (topic) {
      return topic.code === code;
    });
    var topic = own[at];
    var kept = bundle.results.topics[at];
    var decision = (bundle.inputs.decisions || []).find(function (one) {
      return one.topic === code;
    });
    walk.textContent = '';
    put(walk, 'h2', names.topics[code]);
    facts(walk, [
      [words.rank, topic.rank],
      [words.overall, figure(topic.overall)],
      [words.rule, names.rule['']],
      [words.suggested, tier(topic.suggested_tier)],
      [words.decided, tier(topic.tier)],
      [words.reason, decision && decision.reason ? decision.reason : '–'],
      [words.recorded, figure(kept.overall) + ' · ' + tier(kept.tier)],
      [words.stability, typeof kept.stability === 'number' ? kept.stability.toFixed(2) : '–'],
    ]);
    Object.keys(topic.scores).forEach(function (dimension) {
      showDimension(walk, dimension, topic.scores[dimension], at);
    });
    mark(code);
  }

  function mark(code) {
    document.querySelectorAll('[data-code]').forEach(function (part) {
      part.classList.toggle('on', part.getAttribute('data-code') === code);
    });
  }

  function subject(entry) {
    return names.topics[entry.subject] || names.units[entry.subject] || entry.subject;
  }

  function signed(at, by) {
    return at ? String(at).slice(0, 16).replace('T', ' ') + ' · ' + by : words.nobody;
  }

  function showLog() {
    var table = document.getElementById('log');
    row(table, [words.entry, words.when, words.who, words.what, words.reason], 'th');
    files['event-log.jsonl'].split('\n').filter(Boolean).forEach(function (line) {
      var entry = JSON.parse(line);
      row(table, [
        entry.number,
        String(entry.at).slice(0, 16).replace('T', ' '),
        entry.name || '–',
        (names.verbs[entry.verb] || entry.verb) + (entry.subject ? ' · ' + subject(entry) : ''),
        entry.reason || '–',
      ], 'td');
    });
  }

  showChecks();
  showLog();
  document.querySelectorAll('.pt').forEach(function (point) {
    point.setAttribute('tabindex', '0');
    point.setAttribute('role', 'button');
    point.addEventListener('click', function () {
      show(point.getAttribute('data-code'));
    });
    point.addEventListener('keydown', function (event) {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        show(point.getAttribute('data-code'));
      }
    });
  });
})();
