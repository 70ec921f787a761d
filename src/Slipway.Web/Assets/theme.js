'use strict';
// Before the first paint: the theme that was chosen, or none, which follows the system; and whether a tour is offered.
const chosen = localStorage.getItem('theme');
if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
if (!localStorage.getItem('tour')) document.documentElement.dataset.tour = 'offered';
