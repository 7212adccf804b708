/* method.js: of the rule's settings, show those that count. Without it “Preview” does the same. */
(() => {
  'use strict';
  const rule = document.getElementById('rule_tier_rule'), tiers = document.getElementById('rule_tier_count');
  if (!rule || !tiers) return;
  function show() {
    for (const one of document.querySelectorAll('#rule [data-rules]')) {
      const rules = one.dataset.rules.split(' ').filter(Boolean);
      one.hidden = rules.length > 0 && !(rules.includes(rule.value) && Number(tiers.value) >= Number(one.dataset.tiers));
    }
    for (const section of document.querySelectorAll('#rule [data-section]')) {
      section.hidden = !section.querySelector('[data-rules]:not([hidden])');
    }
  }
  rule.addEventListener('change', show);
  tiers.addEventListener('change', show);
})();
