/** Colours have a contrast of 4.5 or more on their ground (WCAG 2.2, 1.4.3), in the light and in the dark. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --raised: #f6f8fa; --line: #d1d9e0; --text: #1f2328; --quiet: #59636e;
  --passed: #1a7f37; --failed: #cf222e; --error: #8a5a00; --mark: #fff3a3; --link: #0757b8; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --raised: #161b22; --line: #30363d; --text: #e6edf3;
  --quiet: #9aa4af; --passed: #3fb950; --failed: #ff7b72; --error: #d9a53a; --mark: #6b5a00; --link: #6cb0ff; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 4rem; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 64rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.25rem 0 .75rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
section:first-child h2 { margin-top: 0; border-top: 0; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre { font: .85rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
pre { margin: .5rem 0; padding: .6rem .75rem; background: var(--raised); border: 1px solid var(--line); border-radius: .4rem;
  white-space: pre-wrap; overflow: auto; max-height: 20rem; }
pre.log { max-height: 32rem; }
.passed { color: var(--passed); } .failed { color: var(--failed); } .error, .cancelled { color: var(--error); }
.skipped, .quiet { color: var(--quiet); } .quiet { font-size: .9rem; }
.badge { display: inline-block; border: 1px solid; border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; line-height: 1.5;
  vertical-align: middle; white-space: nowrap; }
.reason { border-left: .25rem solid var(--failed); padding: .1rem 0 .1rem 1rem; }
.reason h3 { margin: 0; font: .9rem ui-monospace, monospace; color: var(--quiet); } .reason p { margin: .25rem 0; }
#search { position: sticky; top: 0; z-index: 1; background: var(--ground); border-bottom: 1px solid var(--line); padding: .5rem 0; }
#search[hidden] { display: none; }
#search div { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; max-width: 64rem; margin: 0 auto; padding: 0 1rem; }
#search input { flex: 1 1 14rem; min-width: 0; font: inherit; padding: .35rem .6rem; color: inherit; background: var(--raised);
  border: 1px solid var(--quiet); border-radius: .4rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { font-weight: 600; color: var(--quiet); }
.time-line { display: block; overflow: visible; } .time-line text { font: 13px system-ui, sans-serif; fill: currentColor; }
.time-line .took, .time-line .axis { fill: var(--quiet); } .time-line .axis { font-size: 11px; }
.tick { stroke: var(--line); } .track { fill: var(--line); opacity: .35; } .bar { fill: currentColor; }
.findings { list-style: none; padding: 0; margin: 0; }
.findings li { padding: .6rem 0; border-bottom: 1px solid var(--line); } .findings p { margin: .3rem 0 0; }
.subject { font-weight: 600; }
.stage { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; }
.stage summary { cursor: pointer; padding: .5rem .75rem; } .stage .inside { padding: 0 .75rem .5rem; } .inside p { margin: .4rem 0; }
.hits { font-size: .85rem; font-weight: 600; } mark.current, .findings li.current { outline: 2px solid var(--link); } mark { background: var(--mark); color: inherit; } .no { color: var(--quiet); user-select: none; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .5rem 1.5rem; margin: 0; }
@media (min-width: 48rem) { .facts { grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); } }
.facts dt { color: var(--quiet); font-size: .85rem; } .facts dd { margin: 0; }
footer { margin-top: 2rem; padding-bottom: 2rem; }
@media print { #search { display: none; } pre { max-height: none; } }
`;
