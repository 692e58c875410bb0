document.documentElement.classList.add("js");
(function () {
  "use strict";
  var slider = document.getElementById("when");
  if (slider) {
    var says = document.getElementById("says");
    var periods = JSON.parse(slider.dataset.periods);
    var show = function () {
      var place = Number(slider.value);
      document.querySelectorAll("[data-states]").forEach(function (dot) {
        dot.setAttribute("class", "dot s-" + dot.dataset.states.split(" ")[place]);
      });
      says.textContent = periods[place];
      slider.setAttribute("aria-valuetext", periods[place]);
    };
    slider.addEventListener("input", show);
    show();
  }
  // A link to a line's entries opens what hides them.
  var open = function () {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    for (var each = target; each; each = each.parentElement) {
      if (each.tagName === "DETAILS") { each.open = true; }
    }
    if (target) { target.scrollIntoView(); }
  };
  window.addEventListener("hashchange", open);
  open();
})();
