/* Runs before the page is drawn: says that scripts run, and brings back the colours that were chosen. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("scripted");
  try {
    var theme = localStorage.getItem("understudy-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (refused) {
    /* a browser may keep nothing for files: then the system decides */
  }
})();
