/**
 * The search in findings and logs; without it the page is all there, folded. While something is looked for, logs show
 * the lines that have it, numbered, and Enter goes from hit to hit. Texts of the page are only ever put back as text.
 */
export const SCRIPT = `
'use strict';
(() => {
  // Each hit is an element of its own: thousands of them, and a browser no longer answers.
  const LINES_OF_A_LOG = 200;
  const LINES_OF_ALL = 1000;
  const MARKS_OF_A_LINE = 20;
  const box = document.getElementById('search');
  const field = box.querySelector('input');
  const said = box.querySelector('output');
  const findings = Array.from(document.querySelectorAll('[data-finding]'), (item) => ({ item, text: item.textContent.toLowerCase() }));
  const logs = Array.from(document.querySelectorAll('[data-log]'), (pre) => {
    const details = pre.closest('details');
    return { pre, details, hits: details.querySelector('.hits'), text: pre.textContent, open: false, lines: undefined };
  });
  let wanted = '';
  let timer;
  let at = -1;
  let room = 0;

  const marked = (line, lower) => {
    const parts = document.createDocumentFragment();
    let from = 0;
    let marks = 0;
    // Where lower case has another length (\\u0130), places in it are none in the line.
    if (line.length === lower.length) {
      for (let start = lower.indexOf(wanted); start >= 0 && marks < MARKS_OF_A_LINE; start = lower.indexOf(wanted, from)) {
        const mark = document.createElement('mark');
        mark.textContent = line.slice(start, start + wanted.length);
        parts.append(line.slice(from, start), mark);
        from = start + wanted.length;
        marks += 1;
      }
    }
    parts.append(line.slice(from), '\\n');
    return parts;
  };

  const lookInto = (log) => {
    log.lines ??= log.text.split('\\n').map((line) => [line, line.toLowerCase()]);
    const found = [];
    const most = Math.min(LINES_OF_A_LOG, room);
    let count = 0;
    log.lines.forEach(([line, lower], index) => {
      if (!lower.includes(wanted)) return;
      count += 1;
      if (found.length < most) found.push([index + 1, line, lower]);
    });
    const lines = document.createDocumentFragment();
    for (const [number, line, lower] of found) {
      const no = document.createElement('span');
      no.className = 'no';
      no.textContent = number + ': ';
      lines.append(no, marked(line, lower));
    }
    room -= found.length;
    if (count > found.length) lines.append('… and ' + (count - found.length) + ' more');
    log.pre.replaceChildren(lines);
    log.details.open = count > 0;
    log.hits.textContent = count === 0 ? '' : count === 1 ? '1 line' : count + ' lines';
    return count;
  };

  const restore = (log) => {
    log.pre.textContent = log.text;
    log.details.open = log.open;
    log.hits.textContent = '';
  };

  const look = () => {
    const before = wanted;
    wanted = field.value.trim().toLowerCase();
    if (wanted === before) return;
    at = -1;
    document.querySelector('.current')?.classList.remove('current');
    if (before === '') for (const log of logs) log.open = log.details.open;
    for (const { item, text } of findings) item.hidden = !text.includes(wanted);
    if (wanted === '') {
      logs.forEach(restore);
      said.textContent = '';
      return;
    }
    room = LINES_OF_ALL;
    const lines = logs.reduce((sum, log) => sum + lookInto(log), 0);
    const items = findings.filter(({ item }) => !item.hidden).length;
    said.textContent = items + (items === 1 ? ' finding, ' : ' findings, ') + lines + (lines === 1 ? ' line' : ' lines') + ' of logs';
  };

  const goOn = (step) => {
    const hits = wanted === '' ? [] : Array.from(document.querySelectorAll('[data-finding]:not([hidden]), mark'));
    if (hits.length === 0) return;
    hits[at]?.classList.remove('current');
    at = (Math.max(at, step < 0 ? 0 : -1) + step + hits.length) % hits.length;
    hits[at].classList.add('current');
    hits[at].scrollIntoView({ block: 'center' });
  };

  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && event.target !== field && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    } else if (event.key === 'Enter' && event.target === field) {
      clearTimeout(timer);
      look();
      goOn(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && event.target === field) {
      field.value = '';
      look();
    }
  });
  box.hidden = false;
  look();
})();
`;
