// Four checks of the evidence in this page; each returns what is wrong, nothing if it holds.
'use strict';
var Checks = (function () {
  // SHA-256 (FIPS 180-4) of a text, as 64 hexadecimal digits: the browser's own is not there in
  // pages that are opened from a disk.
  function sha256(text) {
    var bytes = new TextEncoder().encode(text);
    var length = bytes.length;
    var blocks = ((length + 8) >> 6) + 1;
    var words = new Int32Array(blocks * 16);
    for (var at = 0; at < length; at += 1) {
      words[at >> 2] |= bytes[at] << (24 - (at & 3) * 8);
    }
    words[length >> 2] |= 0x80 << (24 - (length & 3) * 8);
    words[blocks * 16 - 2] = Math.floor(length / 0x20000000);
    words[blocks * 16 - 1] = length << 3;
    var state = INITIAL.slice();
    for (var start = 0; start < words.length; start += 16) {
      compress(state, words.subarray(start, start + 16));
    }
    return state.map(function (word) {
      return (word >>> 0).toString(16).padStart(8, '0');
    }).join('');
  }

  function fraction(root) {
    return ((root - Math.floor(root)) * 0x100000000) | 0;
  }

  var PRIMES = [];
  for (var candidate = 2; PRIMES.length < 64; candidate += 1) {
    if (PRIMES.every(function (prime) {
      return candidate % prime;
    })) {
      PRIMES.push(candidate);
    }
  }
  var INITIAL = PRIMES.slice(0, 8).map(function (prime) {
    return fraction(Math.sqrt(prime));
  });
  var ROUNDS = PRIMES.map(function (prime) {
    return fraction(Math.cbrt(prime));
  });

  function turned(word, by) {
    return (word >>> by) | (word << (32 - by));
  }

  function compress(state, block) {
    var w = new Int32Array(64);
    w.set(block);
    for (var at = 16; at < 64; at += 1) {
      var s0 = turned(w[at - 15], 7) ^ turned(w[at - 15], 18) ^ (w[at - 15] >>> 3);
      var s1 = turned(w[at - 2], 17) ^ turned(w[at - 2], 19) ^ (w[at - 2] >>> 10);
      w[at] = (w[at - 16] + s0 + w[at - 7] + s1) | 0;
    }
    var h = state.slice();
    for (var round = 0; round < 64; round += 1) {
      var e1 = turned(h[4], 6) ^ turned(h[4], 11) ^ turned(h[4], 25);
      var choice = (h[4] & h[5]) ^ (~h[4] & h[6]);
      var first = (h[7] + e1 + choice + ROUNDS[round] + w[round]) | 0;
      var a0 = turned(h[0], 2) ^ turned(h[0], 13) ^ turned(h[0], 22);
      var majority = (h[0] & h[1]) ^ (h[0] & h[2]) ^ (h[1] & h[2]);
      var second = (a0 + majority) | 0;
      h = [(first + second) | 0, h[0], h[1], h[2], (h[3] + first) | 0, h[4], h[5], h[6]];
    }
    h.forEach(function (word, at) {
      state[at] = (state[at] + word) | 0;
    });
  }

  // A canonical text without the member that holds its own digest: keys are sorted, no blanks.
  function without(text, key, value) {
    var member = JSON.stringify(key) + ':' + JSON.stringify(value);
    return text.indexOf(member + ',') >= 0
      ? text.replace(member + ',', '')
      : text.replace(',' + member, '');
  }

  function digest(evidence) {
    var text = evidence.text['bundle.json'].trim();
    var found = 'sha256:' + sha256(without(text, 'digest', evidence.bundle.digest));
    var wrong = [];
    if (evidence.bundle.digest !== found) {
      wrong.push('bundle.json: ' + evidence.bundle.digest + ' ≠ ' + found);
    }
    if (evidence.lock.digest !== found) {
      wrong.push('lock.json: ' + evidence.lock.digest + ' ≠ ' + found);
    }
    return wrong;
  }

  function log(evidence) {
    var previous = '0'.repeat(64);
    var wrong = [];
    var seen = {};
    evidence.lines.forEach(function (line, at) {
      var entry = JSON.parse(line);
      if (entry.number !== at + 1) {
        wrong.push(entry.number + ' ≠ ' + (at + 1));
      }
      if (entry.previous !== previous) {
        wrong.push(entry.number + ': previous');
      }
      if (entry.hash !== sha256(without(line, 'hash', entry.hash))) {
        wrong.push(entry.number + ': hash');
      }
      previous = entry.hash;
      seen[entry.hash] = true;
    });
    var end = evidence.lock.log_end || (evidence.lines.length ? previous : '');
    if (evidence.lines.length && previous !== end) {
      wrong.push('log_end');
    }
    if (evidence.lock.log_head && !seen[evidence.lock.log_head]) {
      wrong.push('log_head');
    }
    return wrong;
  }

  // Rows of a csv without its headings; answers are codes and numbers, so no cell breaks a line.
  function rowsOf(text) {
    return text.replace(/^\ufeff/, '').split('\r\n').filter(Boolean).slice(1).map(function (line) {
      return cells(line);
    });
  }

  function cells(line) {
    var found = [];
    line.replace(/("([^"]|"")*"|[^,]*)(,|$)/g, function (_all, cell) {
      found.push(cell.charAt(0) === '"' ? cell.slice(1, -1).replace(/""/g, '"') : cell);
      return '';
    });
    return found;
  }

  function answers(evidence) {
    var inputs = evidence.bundle.inputs;
    var points = inputs.scale.points;
    var wrong = [];
    Object.keys(inputs.counts).forEach(function (dimension) {
      var counted = {};
      Object.keys(inputs.counts[dimension]).forEach(function (unit) {
        counted[unit] = inputs.topics.map(function () {
          return new Array(points + 1).fill(0);
        });
      });
      var text = evidence.text['answers-' + dimension + '.csv'];
      if (text === undefined) {
        wrong.push('answers-' + dimension + '.csv');
        return;
      }
      rowsOf(text).forEach(function (row) {
        inputs.topics.forEach(function (_topic, at) {
          var rating = row[at + 1];
          if (rating && counted[row[0]]) {
            counted[row[0]][at][rating === 'cannot judge' ? points : Number(rating) - 1] += 1;
          }
        });
        if (!counted[row[0]]) {
          wrong.push(dimension + ': ' + row[0]);
        }
      });
      Object.keys(counted).forEach(function (unit) {
        if (JSON.stringify(counted[unit]) !== JSON.stringify(inputs.counts[dimension][unit])) {
          wrong.push(dimension + ': ' + unit);
        }
      });
    });
    return wrong;
  }

  function results(evidence) {
    return Recompute.differences(evidence.bundle);
  }

  // files: text of each file by name. Return [name of the check, what is wrong], one a check.
  function all(text) {
    var evidence = {text: text};
    evidence.bundle = JSON.parse(text['bundle.json']);
    evidence.lock = JSON.parse(text['lock.json']);
    evidence.lines = text['event-log.jsonl'].split('\n').filter(Boolean);
    return [
      ['digest', digest(evidence)],
      ['log', log(evidence)],
      ['answers', answers(evidence)],
      ['results', results(evidence)],
    ];
  }

  return {all: all, sha256: sha256};
})();
