/** The look of the page, in light, dark and on paper. Contrast of text is at least 4.5 : 1 in both. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --card: #f6f8fa; --line: #d0d7de; --accent: #0b57b0; --bad: #a40e26; --good: #116329; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9aa4af; --paper: #0d1117; --card: #161b22; --line: #30363d; --accent: #79b8ff; --bad: #ff9a9a; --good: #7ee787; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; margin: 0.5rem 0 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
p { margin: 0.5rem 0; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem 1rem; }
#choice { font-weight: 600; }
.controls { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 0.75rem 1.5rem; margin: 0.75rem 0; }
.controls label { display: flex; justify-content: space-between; gap: 0.5rem; }
.controls input { width: 100%; accent-color: var(--accent); }
output { font-variant-numeric: tabular-nums; }
fieldset { border: 1px solid var(--line); border-radius: 6px; display: inline-flex; flex-wrap: wrap; gap: 0 1rem; margin: 0.25rem 0.5rem 0.25rem 0; padding: 0.25rem 0.75rem; }
fieldset label { white-space: nowrap; min-height: 24px; }
button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.15rem 0.75rem; min-height: 28px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
svg { display: block; width: 100%; min-width: 34rem; height: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; margin: 0.5rem 0; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
.grid { stroke: var(--line); }
.target { stroke: var(--bad); stroke-dasharray: 6 4; }
.front { fill: none; stroke: var(--soft); stroke-dasharray: 2 4; }
.point { cursor: pointer; stroke: var(--paper); }
.point.search { fill-opacity: 0.15; stroke-width: 1.5; }
.point.disturbed { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 3 2; }
.interval { stroke-width: 1.5; opacity: 0.7; }
.selected { fill: none; stroke: var(--ink); stroke-width: 2; }
.chosen { fill: none; stroke: var(--accent); stroke-width: 3; }
.curve { fill: none; stroke-width: 2; }
.c0 { --c: #0b6bcb; } .c1 { --c: #c2410c; } .c2 { --c: #15803d; } .c3 { --c: #a21caf; } .c4 { --c: #6d5bd0; }
.c5 { --c: #8a6d1b; } .c6 { --c: #0e7490; } .c7 { --c: #b91c1c; } .c8 { --c: #64748b; } .c9 { --c: #5f7a12; }
.point { fill: var(--c); }
.point.search { stroke: var(--c); }
.interval, .curve { stroke: var(--c); }
.swatch { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 50%; background: var(--c); }
ul.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1.25rem; padding: 0; margin: 0.5rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; width: 100%; }
caption { text-align: left; font-weight: 600; padding: 0.25rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: 0.2rem 0.6rem; text-align: left; font-weight: normal; }
thead th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.good { background: color-mix(in srgb, var(--good) 18%, transparent); }
td.bad { background: color-mix(in srgb, var(--bad) 14%, transparent); }
td.best { outline: 2px solid var(--good); outline-offset: -2px; font-weight: 600; }
@media (prefers-color-scheme: dark) { .point, .interval, .curve, .swatch { filter: brightness(1.6); } }
@media print {
  :root { color-scheme: light; --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --card: #f6f8fa; --line: #d0d7de; --accent: #0b57b0; --bad: #a40e26; --good: #116329; }
  .point, .interval, .curve, .swatch { filter: none; }
  body { max-width: none; font-size: 11pt; }
  .controls, .tools, .keys { display: none; }
  svg, table, .card { break-inside: avoid; }
  .scroll { overflow: visible; }
  svg { min-width: 0; }
  table { font-size: 8pt; }
  .number { white-space: normal; }
}
`;
