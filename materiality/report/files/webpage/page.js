// Points and rows that answer to pointer, touch and keys, and the height told to a frame around.
'use strict';
(function () {
  var topics = JSON.parse(document.getElementById('topics').textContent);
  var detail = document.getElementById('detail');
  var hint = document.getElementById('hint');
  var points = Array.prototype.slice.call(document.querySelectorAll('.pt'));
  var chosen = '';

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  function line(list, label, value) {
    var term = document.createElement('dt');
    var text = document.createElement('dd');
    term.textContent = label;
    text.textContent = value;
    list.appendChild(term);
    list.appendChild(text);
  }

  function mark(code) {
    each('[data-code]', function (part) {
      part.classList.toggle('on', part.getAttribute('data-code') === code);
    });
    each('[data-of]', function (part) {
      part.classList.toggle('on', part.getAttribute('data-of') === code);
    });
  }

  function show(code) {
    var topic = topics[code];
    mark(code);
    detail.textContent = '';
    detail.hidden = !topic;
    hint.hidden = Boolean(topic);
    if (topic) {
      var heading = document.createElement('h2');
      var list = document.createElement('dl');
      heading.textContent = topic.name;
      topic.lines.forEach(function (pair) {
        line(list, pair[0], pair[1]);
      });
      detail.appendChild(heading);
      detail.appendChild(list);
    }
    tellHeight();
  }

  function choose(code) {
    chosen = chosen === code ? '' : code;
    show(chosen);
  }

  // One stop for the Tab key in each figure; arrows go on from point to point.
  function reach(point) {
    var group = point.parentNode;
    Array.prototype.forEach.call(group.querySelectorAll('.pt'), function (other) {
      other.setAttribute('tabindex', other === point ? '0' : '-1');
    });
    point.focus();
  }

  function middle(point) {
    var hit = point.querySelector('.hit');
    return { x: Number(hit.getAttribute('cx')), y: Number(hit.getAttribute('cy')) };
  }

  // The nearest point that lies rather in this direction than beside it.
  function neighbour(point, dx, dy) {
    var here = middle(point);
    var best = null;
    var least = Infinity;
    Array.prototype.forEach.call(point.parentNode.querySelectorAll('.pt'), function (other) {
      var there = middle(other);
      var along = (there.x - here.x) * dx + (there.y - here.y) * dy;
      var across = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
      var cost = along + 2 * across;
      if (other !== point && along > 0 && cost < least) {
        best = other;
        least = cost;
      }
    });
    return best;
  }

  var KEYS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1]
  };

  function onKey(event) {
    var point = event.currentTarget;
    var code = point.getAttribute('data-code');
    if (KEYS[event.key]) {
      var next = neighbour(point, KEYS[event.key][0], KEYS[event.key][1]);
      if (next) {
        reach(next);
      }
      event.preventDefault();
    } else if (event.key === 'Enter' || event.key === ' ') {
      choose(code);
      event.preventDefault();
    } else if (event.key === 'Escape') {
      chosen = '';
      show('');
    }
  }

  points.forEach(function (point) {
    var code = point.getAttribute('data-code');
    point.addEventListener('keydown', onKey);
    point.addEventListener('focus', function () { show(code); });
    point.addEventListener('click', function () { choose(code); });
    point.addEventListener('mouseenter', function () { show(code); });
    point.addEventListener('mouseleave', function () { show(chosen); });
  });
  each('tr[data-code]', function (row) {
    var code = row.getAttribute('data-code');
    row.addEventListener('click', function () { choose(code); });
    // The scores open above the table and would push the row from under the pointer: mark only.
    row.addEventListener('mouseenter', function () { mark(code); });
    row.addEventListener('mouseleave', function () { mark(chosen); });
  });

  function tellHeight() {
    if (window.parent !== window) {
      var height = Math.ceil(document.documentElement.getBoundingClientRect().height);
      window.parent.postMessage({ materialityHeight: height }, '*');
    }
  }

  window.addEventListener('resize', tellHeight);
  window.addEventListener('load', tellHeight);
  show('');
}());
