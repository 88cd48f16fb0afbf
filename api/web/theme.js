// The theme that was chosen, set before anything is painted. A script of its own: modules run too late.
document.documentElement.dataset.theme = localStorage.getItem("rr.theme") || "auto";
