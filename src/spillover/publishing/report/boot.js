(function (root) {
  root.classList.add("js");
  addEventListener("error", function () { if (!root.dataset.ready) root.classList.remove("js"); });
  try { var theme = localStorage.getItem("spillover-theme"); if (theme === "light" || theme === "dark") root.dataset.theme = theme; } catch (e) {}
})(document.documentElement);
