/* rules.js: how scores become tiers (docs/method.md, 4 and 7), as the server computes them. */
(() => {
  'use strict';
  const TOLERANCE = 1e-9;
  const known = (value) => value !== null;
  const highest = (values) => values.filter(known).reduce((a, b) => Math.max(a, b), -Infinity);
  const orNull = (value) => (Number.isFinite(value) ? value : null);
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

  function overall(rule, points, x, y) {
    if (rule.kind === 'either') return orNull(highest([x, y]));
    if (!known(x) || !known(y)) return null;
    if (rule.kind === 'both') return Math.min(x, y);
    if (rule.kind === 'product') return x * y;
    if (rule.kind === 'distance') return Math.sqrt((x - 1) ** 2 + (y - 1) ** 2) / ((points - 1) * Math.SQRT2);
    const share = rule.x / (rule.x + rule.y);
    return share * x + (1 - share) * y;
  }

  const missed = (value, cuts) => cuts.filter((cut) => value < cut - TOLERANCE).length;
  const byCuts = (rule) => ({ overall: score, before }) => {
    const shift = (tier) => rule.band * (before ? (before <= tier ? -1 : 1) : 0);
    return known(score) ? 1 + missed(score, rule.cuts.map((cut, at) => cut + shift(at + 1))) : 0;
  };
  const byQuadrants = ({ axisCuts, tiers }) => ({ x, y }) => {
    if (!known(x) || !known(y)) return 0;
    const [across, up] = [missed(x, axisCuts.x), missed(y, axisCuts.y)];
    if (tiers === 2) return across + up ? 2 : 1;
    return 1 + (tiers === 4 ? 2 : 1) * across + up; // of four, x alone comes before y alone
  };

  function byShares(shares, scores) { // equal scores share the better rank
    const ordered = scores.filter(known), ends = shares.map((_, at) => shares.slice(0, at + 1).reduce((a, b) => a + b, 0));
    const nine = (value) => Math.round(value * 1e9), ahead = (score) => ordered.filter((other) => nine(other) > nine(score)).length / ordered.length;
    return (score) => (known(score) ? 1 + ends.filter((end) => ahead(score) >= end - TOLERANCE).length : 0);
  }

  function byNaturalBreaks(scores, tiers) { // the classes with the least squared spread (Fisher 1958)
    const ordered = scores.filter(known).sort((a, b) => a - b), size = ordered.length;
    const classes = Math.min(tiers, new Set(ordered).size);
    const cost = ordered.map((_, from) => ordered.map((_, to) => {
      const one = ordered.slice(from, to + 1), middle = mean(one);
      return from > to ? Infinity : one.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    }));
    let best = size ? cost[0] : [];
    const starts = [];
    for (let at = 1; at < classes; at += 1) {
      const before = [Infinity, ...best.slice(0, -1)];
      const first = ordered.map((_, end) => before.reduce((low, value, from) => (value + cost[from][end] < before[low] + cost[low][end] ? from : low), 0));
      best = first.map((from, end) => before[from] + cost[from][end]);
      starts.push(first);
    }
    const lowest = [];
    let end = size - 1;
    for (const first of starts.reverse()) { lowest.push(ordered[first[end]]); end = first[end] - 1; }
    return (score) => (known(score) ? 1 + missed(score, lowest) : 0);
  }

  function assign(rule, topics) { // [{x, y, overall, before}] to tiers, 0 where undefined
    if (rule.kind === 'quadrants') return topics.map(byQuadrants(rule));
    const scores = topics.map((topic) => topic.overall);
    if (rule.kind === 'quantiles') return scores.map(byShares(rule.shares, scores));
    if (rule.kind === 'natural_breaks') return scores.map(byNaturalBreaks(scores, rule.tiers));
    return topics.map(byCuts(rule));
  }

  function severity(rule, factors) {
    const judged = factors.filter(known);
    if (!judged.length) return null;
    const most = Math.max(...judged);
    return { max: most, mean: mean(judged), mean_max: (mean(judged) + most) / 2 }[rule];
  }
  function significance(made, topic, severe, likely) {
    if (topic.actual || topic.humanRights || !made.likelihood) return severe;
    if (!known(severe) || !known(likely)) return null;
    return made.likelihoodRule === 'scaled' ? severe * likely / made.points : Math.min(severe, (severe + likely) / 2);
  }
  function compose(made, topic, scoreOf) { // one number of the parts of a composite dimension
    if (made.kind === 'financial') {
      return orNull(highest(made.horizons.map(({ magnitude, likelihood }) => {
        const [large, likely] = [scoreOf(magnitude), scoreOf(likelihood)];
        return known(large) && known(likely) ? large * likely / made.points : null;
      })));
    }
    return significance(made, topic, severity(made.severityRule, made.factors.map(scoreOf)), made.likelihood ? scoreOf(made.likelihood) : null);
  }

  window.materialityRules = { overall, assign, compose };
})();
