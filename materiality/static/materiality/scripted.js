/* scripted.js: tells the style sheet that scripts run; older browsers cannot ask for it in CSS. */
document.documentElement.classList.add('scripted');
