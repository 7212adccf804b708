// The method once more, in the auditor's browser: counts in, scores, ranks and tiers out.
// Written from docs/method.md and docs/bundle.md; it shares no line with the program it checks.
// What comes from draws (stability, ellipses, tier probabilities) is not computed here.
'use strict';
var Recompute = (function () {
  var TOLERANCE = 1e-9;
  var LIVES_ON = ['continued', 'renamed', 'widened'];
  var BY_CUTS = ['weighted_sum', 'either', 'both', 'distance', 'product'];
  var SEVERITY = ['scale', 'scope', 'irremediability'];

  function isKnown(value) {
    return value !== null && value !== undefined && isFinite(value);
  }

  function sum(values) {
    return values.reduce(function (total, value) {
      return total + value;
    }, 0);
  }

  function rounded(value) {
    return Math.round(value * 1e9) / 1e9;
  }

  // -- unit means ------------------------------------------------------------------------------

  // counts: how often each rating 1, 2, … was given; the last number is "cannot judge".
  function meanOf(counts) {
    var ratings = counts.slice(0, -1);
    var n = sum(ratings);
    var total = sum(ratings.map(function (times, at) {
      return times * (at + 1);
    }));
    return {n: n, dontKnow: counts[counts.length - 1], mean: n ? total / n : null};
  }

  function leastOf(inputs, dimension) {
    var own = inputs.dimensions.find(function (row) {
      return row.code === dimension && 'minimum_group' in row;
    });
    if (own) {
      return own.minimum_group;
    }
    return 'minimum_group' in inputs ? inputs.minimum_group : 5;
  }

  function standingWeights(inputs, dimension) {
    var saved = (inputs.standing_weights || {})[dimension] || {};
    return inputs.units[dimension].map(function (unit) {
      return unit.code in saved ? saved[unit.code] : unit.weight;
    });
  }

  // Which part of its weight a unit carries on a topic: groups that were not asked are silent.
  function askedShare(inputs, dimension, unit, topic) {
    var skipped = (inputs.not_asked || {})[dimension] || {};
    var whole = dimension.split('.')[0];
    var weights = {};
    inputs.groups.forEach(function (group) {
      var own = group.weights || {};
      if (dimension in own) {
        weights[group.code] = own[dimension];
      } else if (whole in own) {
        weights[group.code] = own[whole];
      }
    });
    function weigh(groups) {
      return sum(groups.map(function (group) {
        return group in weights ? weights[group] : 1;
      }));
    }
    if (!Object.keys(skipped).length) {
      return 1;
    }
    var heard = unit.groups.filter(function (group) {
      return (skipped[group] || []).indexOf(topic.code) < 0;
    });
    var total = weigh(unit.groups);
    return total ? weigh(heard) / total : 1;
  }

  // Means of few ratings are withheld, and further ones until no few people follow from the score.
  function withheldUnits(rows, weights, least) {
    var held = rows.map(function (row) {
      return row.n > 0 && row.n < least;
    });
    function follows() {
      var left = rows.filter(function (row, at) {
        return held[at] && weights[at] > 0;
      });
      var people = sum(left.map(function (row) {
        return row.n;
      }));
      return left.length > 0 && (left.length < 2 || people < least);
    }
    if (held.indexOf(true) < 0) {
      return held;
    }
    while (follows()) {
      var smallest = -1;
      rows.forEach(function (row, at) {
        var open = !held[at] && weights[at] > 0 && row.n > 0;
        if (open && (smallest < 0 || row.n < rows[smallest].n)) {
          smallest = at;
        }
      });
      if (smallest < 0) {
        break;
      }
      held[smallest] = true;
    }
    return held;
  }

  // -- the score of a topic on one dimension -----------------------------------------------------

  function scoreOf(inputs, dimension, at) {
    var units = inputs.units[dimension];
    var topic = inputs.topics[at];
    var least = leastOf(inputs, dimension);
    var rows = units.map(function (unit) {
      return meanOf(inputs.counts[dimension][unit.code][at]);
    });
    var standing = standingWeights(inputs, dimension);
    var held = withheldUnits(rows, standing, least);
    var asked = units.map(function (unit) {
      return askedShare(inputs, dimension, unit, topic);
    });
    var weights = units.map(function (unit, place) {
      return unit.weight * asked[place];
    });
    if (inputs.standing_weights && Object.keys(inputs.standing_weights).length) {
      weights = sharedAmongHeld(weights, standing, asked, held);
    }
    var spoke = weights.map(function (weight, place) {
      return rows[place].n > 0 ? weight : 0;
    });
    var total = sum(spoke);
    var score = null;
    if (total > 0) {
      score = sum(rows.map(function (row, place) {
        return spoke[place] ? (spoke[place] / total) * row.mean : 0;
      }));
    }
    var n = sum(rows.map(function (row) {
      return row.n;
    }));
    var backing = sum(rows.map(function (row, place) {
      return weights[place] > 0 ? row.n : 0;
    }));
    var reason = null;
    if (n === 0) {
      reason = 'no_answers';
    } else if (n < least || (backing > 0 && backing < least)) {
      reason = 'suppressed';
    } else if (score === null) {
      reason = 'zero_weight';
    }
    var told = {};
    units.forEach(function (unit, place) {
      told[unit.code] = {
        share: total ? spoke[place] / total : 0,
        mean: held[place] ? null : rows[place].mean,
        n: rows[place].n,
        dont_know: rows[place].dontKnow,
      };
    });
    return {score: reason ? null : score, n: n, reason: reason, units: told};
  }

  function sharedAmongHeld(weights, standing, asked, held) {
    var among = sum(held.map(function (is, at) {
      return is ? standing[at] * asked[at] : 0;
    }));
    var theirs = sum(held.map(function (is, at) {
      return is ? weights[at] : 0;
    }));
    return weights.map(function (weight, at) {
      if (!held[at]) {
        return weight;
      }
      return among ? (standing[at] * asked[at] / among) * theirs : 0;
    });
  }

  // -- dimensions made of several questions ------------------------------------------------------

  function highest(values) {
    var known = values.filter(isKnown);
    return known.length ? Math.max.apply(null, known) : null;
  }

  function severityOf(factors, rule) {
    var known = factors.filter(isKnown);
    if (!known.length) {
      return null;
    }
    var mean = sum(known) / known.length;
    var most = highest(known);
    return {max: most, mean: mean, mean_max: (mean + most) / 2}[rule];
  }

  function significanceOf(inputs, composite, side, topic, scores, isNegative) {
    var factors = SEVERITY.filter(function (name) {
      return name in side;
    }).map(function (name) {
      return scores[side[name]].score;
    });
    var severity = severityOf(factors, composite.severity_rule || 'max');
    if (!('likelihood' in side) || topic.actual || (isNegative && topic.human_rights)) {
      return severity;
    }
    var likelihood = scores[side.likelihood].score;
    if (!isKnown(severity) || !isKnown(likelihood)) {
      return null;
    }
    if ((composite.likelihood_rule || 'scaled') === 'scaled') {
      return severity * likelihood / inputs.scale.points;
    }
    return Math.min(severity, (severity + likelihood) / 2);
  }

  function compositeScore(inputs, composite, topic, scores) {
    if (composite.kind === 'financial') {
      return highest(composite.horizons.map(function (row) {
        var magnitude = scores[row.magnitude].score;
        var likelihood = scores[row.likelihood].score;
        var isThere = isKnown(magnitude) && isKnown(likelihood);
        return isThere ? magnitude * likelihood / inputs.scale.points : null;
      }));
    }
    var negative = significanceOf(inputs, composite, composite.parts, topic, scores, true);
    var sides = [negative];
    if (composite.positive && Object.keys(composite.positive).length) {
      sides.push(significanceOf(inputs, composite, composite.positive, topic, scores, false));
    }
    return highest(sides);
  }

  function scoresOf(inputs, at) {
    var scores = {};
    inputs.dimensions.forEach(function (row) {
      if (!row.composite) {
        scores[row.code] = scoreOf(inputs, row.code, at);
      }
    });
    inputs.dimensions.forEach(function (row) {
      if (row.composite) {
        var score = compositeScore(inputs, row.composite, inputs.topics[at], scores);
        scores[row.code] = {score: score, units: {}};
      }
    });
    return withRegister(inputs, inputs.topics[at], scores);
  }

  // -- the register of impacts, risks and opportunities ------------------------------------------

  var SIDES = {impact: ['negative', 'positive'], financial: ['risk', 'opportunity']};

  function judgedValue(inputs, entry, said) {
    var top = inputs.scale.points;
    if (SIDES.financial.indexOf(entry.kind) >= 0) {
      return highest(Object.keys(said.effects || {}).map(function (horizon) {
        return said.effects[horizon].magnitude * said.effects[horizon].likelihood / top;
      }));
    }
    var marks = [said.scale, said.scope, entry.kind === 'negative' ? said.irremediability : null];
    var severity = highest(marks);
    if (severity === null || entry.is_actual || entry.human_rights) {
      return severity;
    }
    if (!isKnown(said.likelihood)) {
      return null;
    }
    return inputs.register.likelihood_rule === 'scaled'
      ? severity * said.likelihood / top
      : Math.min(severity, (severity + said.likelihood) / 2);
  }

  function entryValue(inputs, entry) {
    var agreed = entry.consensus ? judgedValue(inputs, entry, entry.consensus) : null;
    if (agreed !== null) {
      return agreed;
    }
    var known = (entry.judgements || []).map(function (said) {
      return judgedValue(inputs, entry, said);
    }).filter(isKnown).sort(function (one, other) {
      return one - other;
    });
    var half = Math.floor(known.length / 2);
    if (!known.length) {
      return null;
    }
    return known.length % 2 ? known[half] : (known[half - 1] + known[half]) / 2;
  }

  function withRegister(inputs, topic, scores) {
    var register = inputs.register;
    if (!register || ['register', 'worst'].indexOf(register.feeds) < 0) {
      return scores;
    }
    Object.keys(SIDES).forEach(function (axis) {
      var value = highest(register.entries.filter(function (entry) {
        return entry.topic === topic.code && SIDES[axis].indexOf(entry.kind) >= 0;
      }).map(function (entry) {
        return entryValue(inputs, entry);
      }));
      if (value === null && register.feeds === 'worst') {
        return;
      }
      var fed = register.feeds === 'register' ? value : highest([value, scores[axis].score]);
      scores[axis] = Object.assign({}, scores[axis], {
        score: fed,
        reason: fed === null ? 'not_in_register' : null,
      });
    });
    return scores;
  }

  // -- one number of two, and tiers --------------------------------------------------------------

  function overallOf(inputs, x, y) {
    var rule = inputs.rule;
    if (rule.kind === 'either') {
      return highest([x, y]);
    }
    if (!isKnown(x) || !isKnown(y)) {
      return null;
    }
    if (rule.kind === 'both') {
      return Math.min(x, y);
    }
    if (rule.kind === 'product') {
      return x * y;
    }
    if (rule.kind === 'distance') {
      return Math.hypot(x - 1, y - 1) / ((inputs.scale.points - 1) * Math.SQRT2);
    }
    var share = rule.weights.x / (rule.weights.x + rule.weights.y);
    return share * x + (1 - share) * y;
  }

  function tierCount(rule) {
    if (BY_CUTS.indexOf(rule.kind) >= 0 && rule.cuts) {
      return rule.cuts.length + 1;
    }
    if (rule.kind === 'quantiles' && rule.shares) {
      return rule.shares.length + 1;
    }
    return rule.tiers || 3;
  }

  function missed(value, cuts) {
    return cuts.filter(function (cut) {
      return value < cut - TOLERANCE;
    }).length;
  }

  function quadrant(rule, x, y) {
    var tiers = tierCount(rule);
    if (!isKnown(x) || !isKnown(y)) {
      return null;
    }
    function cutsOf(axis) {
      var cuts = [rule.axis_cuts[axis]];
      return tiers === 5 ? cuts.concat([rule.axis_cuts_low[axis]]) : cuts;
    }
    var left = missed(x, cutsOf('x'));
    var right = missed(y, cutsOf('y'));
    if (tiers === 2) {
      return Math.min(1 + left + right, 2);
    }
    return tiers === 4 ? 1 + 2 * left + right : 1 + left + right;
  }

  function quantileTiers(overall, shares) {
    var known = overall.filter(isKnown).map(rounded);
    var ends = [];
    shares.forEach(function (share) {
      ends.push((ends[ends.length - 1] || 0) + share);
    });
    return overall.map(function (value) {
      if (!isKnown(value)) {
        return null;
      }
      var above = known.filter(function (other) {
        return other > rounded(value);
      }).length;
      return 1 + ends.filter(function (end) {
        return above / known.length >= end - TOLERANCE;
      }).length;
    });
  }

  // Fisher 1958: the classes with the least squared spread, by dynamic programming.
  function naturalTiers(overall, classes) {
    var values = overall.filter(isKnown).sort(function (one, other) {
      return one - other;
    });
    if (!values.length) {
      return overall.map(function () {
        return null;
      });
    }
    var distinct = values.filter(function (value, at) {
      return at === 0 || value !== values[at - 1];
    }).length;
    var lowest = lowestOfClasses(values, Math.min(classes, distinct));
    return overall.map(function (value) {
      return isKnown(value) ? missed(value, lowest) + 1 : null;
    });
  }

  function spread(values, from, to) {
    var part = values.slice(from, to + 1);
    var mean = sum(part) / part.length;
    return sum(part.map(function (value) {
      return (value - mean) * (value - mean);
    }));
  }

  function lowestOfClasses(values, classes) {
    var last = values.length - 1;
    var best = values.map(function (_value, to) {
      return spread(values, 0, to);
    });
    var firsts = [];
    for (var made = 1; made < classes; made += 1) {
      var first = [];
      var next = values.map(function (_value, to) {
        var least = Infinity;
        for (var from = 1; from <= to; from += 1) {
          var cost = best[from - 1] + spread(values, from, to);
          if (cost < least - 1e-12) {
            least = cost;
            first[to] = from;
          }
        }
        return least;
      });
      firsts.push(first);
      best = next;
    }
    var lowest = [];
    var end = last;
    for (var at = firsts.length - 1; at >= 0; at -= 1) {
      var start = firsts[at][end];
      lowest.push(values[start]);
      end = start - 1;
    }
    return lowest;
  }

  function topicsBefore(inputs) {
    return (inputs.previous || {}).topics || [];
  }

  function previousTiers(inputs) {
    var before = topicsBefore(inputs);
    var was = 'tiers' in (inputs.previous || {}) ? inputs.previous.tiers : null;
    if (was === null) {
      var tiered = before.some(function (row) {
        return row.tier;
      });
      was = tiered ? 3 : tierCount(inputs.rule);
    }
    return inputs.topics.map(function (topic) {
      if (was !== tierCount(inputs.rule)) {
        return 0;
      }
      var line = (inputs.successions || []).filter(function (row) {
        return LIVES_ON.indexOf(row.kind) >= 0 && row.after === topic.code;
      }).pop();
      var old = line && before.find(function (row) {
        return row.code === line.before;
      });
      return (old && old.tier) || 0;
    });
  }

  function suggestedTiers(inputs, x, y, overall) {
    var rule = inputs.rule;
    if (rule.kind === 'quadrants') {
      return x.map(function (_value, at) {
        return quadrant(rule, x[at], y[at]);
      });
    }
    if (rule.kind === 'natural_breaks') {
      return naturalTiers(overall, tierCount(rule));
    }
    if (rule.kind === 'quantiles') {
      return quantileTiers(overall, rule.shares);
    }
    var before = rule.band ? previousTiers(inputs) : [];
    var cuts = rule.cuts.slice().sort(function (one, other) {
      return other - one;
    });
    return overall.map(function (value, at) {
      if (!isKnown(value)) {
        return null;
      }
      var shifted = cuts.map(function (cut, place) {
        if (!rule.band || !before[at]) {
          return cut;
        }
        return before[at] <= place + 1 ? cut - rule.band : cut + rule.band;
      });
      return missed(value, shifted) + 1;
    });
  }

  // Equal scores keep the order of the list.
  function ranksOf(overall) {
    var order = overall.map(function (_value, at) {
      return at;
    }).filter(function (at) {
      return isKnown(overall[at]);
    }).sort(function (one, other) {
      return rounded(overall[other]) - rounded(overall[one]) || one - other;
    });
    return overall.map(function (_value, at) {
      return order.indexOf(at) + 1 || null;
    });
  }

  // Return one row a topic: code, x, y, overall, rank, suggested_tier, tier, overridden, scores.
  function topics(inputs) {
    var scores = inputs.topics.map(function (_topic, at) {
      return scoresOf(inputs, at);
    });
    function along(axis) {
      var code = inputs.dimensions.find(function (row) {
        return row.axis === axis;
      }).code;
      return scores.map(function (row) {
        return row[code].score;
      });
    }
    var x = along('x');
    var y = along('y');
    var overall = x.map(function (_value, at) {
      return overallOf(inputs, x[at], y[at]);
    });
    var suggested = suggestedTiers(inputs, x, y, overall);
    var ranks = ranksOf(overall);
    return inputs.topics.map(function (topic, at) {
      var decision = (inputs.decisions || []).find(function (row) {
        return row.topic === topic.code;
      });
      var tier = decision ? decision.tier : suggested[at];
      return {
        code: topic.code,
        x: x[at],
        y: y[at],
        overall: overall[at],
        rank: ranks[at],
        suggested_tier: suggested[at],
        tier: tier,
        overridden: tier !== suggested[at],
        scores: scores[at],
      };
    });
  }

  // Topics that live on and stand in another tier than last round: [code, before, after].
  function moves(inputs, rows) {
    var before = topicsBefore(inputs);
    var found = [];
    rows.forEach(function (row) {
      var line = (inputs.successions || []).find(function (one) {
        return LIVES_ON.indexOf(one.kind) >= 0 && one.after === row.code;
      });
      var old = line && before.find(function (one) {
        return one.code === line.before;
      });
      if (old && old.tier && row.tier && old.tier !== row.tier) {
        found.push([row.code, old.tier, row.tier]);
      }
    });
    return found;
  }

  // -- is what was recorded what comes out? ------------------------------------------------------

  function isSame(kept, found) {
    if (typeof kept === 'number' && typeof found === 'number') {
      var most = Math.max(Math.abs(kept), Math.abs(found));
      return Math.abs(kept - found) <= TOLERANCE * Math.max(1, most);
    }
    return (kept === undefined ? null : kept) === (found === undefined ? null : found);
  }

  var PARTS = ['x', 'y', 'overall', 'rank', 'suggested_tier', 'tier', 'overridden'];

  // Return where what was recorded is not what comes out, by name; an empty list if all is equal.
  function differences(document) {
    var inputs = document.inputs;
    var kept = document.results.topics;
    var found = topics(inputs);
    var places = [];
    if (kept.length !== found.length) {
      return ['results.topics'];
    }
    found.forEach(function (row, at) {
      var place = row.code;
      if (kept[at].code !== row.code) {
        places.push(place);
        return;
      }
      PARTS.forEach(function (part) {
        if (!isSame(kept[at][part], row[part])) {
          places.push(place + ': ' + part);
        }
      });
      Object.keys(row.scores).forEach(function (dimension) {
        var score = row.scores[dimension];
        var was = kept[at].scores[dimension] || {};
        ['score', 'n', 'reason'].forEach(function (part) {
          if (part in score && !isSame(was[part], score[part])) {
            places.push(place + ': ' + dimension + ' ' + part);
          }
        });
        Object.keys(score.units).forEach(function (unit) {
          var told = (was.units || {})[unit] || {};
          ['mean', 'n', 'dont_know', 'share'].forEach(function (part) {
            if (part in told && !isSame(told[part], score.units[unit][part])) {
              places.push(place + ': ' + dimension + ' ' + unit + ' ' + part);
            }
          });
          if (!('mean' in told)) {
            places.push(place + ': ' + dimension + ' ' + unit);
          }
        });
      });
    });
    return places.concat(movedOtherwise(document, found));
  }

  function movedOtherwise(document, found) {
    var kept = (document.results.tier_moves || []).map(function (row) {
      return [row.topic, row.before, row.after].join(' ');
    });
    var own = moves(document.inputs, found).map(function (row) {
      return row.join(' ');
    });
    return kept.filter(function (line) {
      return own.indexOf(line) < 0;
    }).concat(own.filter(function (line) {
      return kept.indexOf(line) < 0;
    })).map(function (line) {
      return 'tier_moves: ' + line;
    });
  }

  return {topics: topics, differences: differences};
})();
