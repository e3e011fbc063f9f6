// Staff pages: lists that filter as one types. htmx reads only hx- attributes
// that our own templates write; it may not evaluate code nor style the page.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
});
