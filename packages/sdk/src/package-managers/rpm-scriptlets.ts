import type { ScriptletFailure } from '../contracts/facts.ts';
import type { EndedCommand } from './output-text.ts';

/** rpm's words for scripts in messages, and what a spec file calls them. */
const SCRIPTS: Readonly<Record<string, string>> = {
  prein: '%pre',
  postin: '%post',
  'pre-install': '%pre',
  'post-install': '%post',
  'pre-uninstall': '%preun',
  'post-uninstall': '%postun',
  'pre-transaction': '%pretrans',
  'post-transaction': '%posttrans',
};

/** `%post` for `POSTIN`, `post`, `post-install`; `%preun` for `PREUN`. */
export function scriptName(word: string): string {
  const lower = word.toLowerCase();
  return SCRIPTS[lower] ?? `%${lower}`;
}

/**
 * What the package managers say of a script that failed. dnf 4 and yum say it on stderr, where scripts cannot write:
 * `Error in POSTIN scriptlet in rpm package x`, `Non-fatal POSTIN scriptlet failure in rpm package x`; dnf 5 in lines
 * that begin with `>>>`.
 */
const SAID =
  /^(?:>>> )?(?:Non-critical error|Error) in (\S+) scriptlet(?: in rpm package|:) (\S+)|^Non-fatal (\S+) scriptlet failure in rpm package (\S+)/gm;
/** rpm's own words, which come with the output of scripts. */
const RPM_SAID = /^(?:>>> )?(?:\[RPM\] )?(?:warning: |error: )?%(\w+)\((\S+?)\) scriptlet failed, (.+)$/gm;

/** Scripts of packages that failed: those that end a transaction, and those that do not. */
export function failedScriptlets({ stdout, stderr }: EndedCommand): ScriptletFailure[] {
  // dnf 5 writes all that it says to one of the two; a line of a script cannot begin with its marks.
  const marked = stdout.split('\n').filter((line) => line.startsWith('>>> '));
  const said = [...`${stderr}\n${marked.join('\n')}`.matchAll(SAID)];
  const details = [...`${stdout}\n${stderr}`.matchAll(RPM_SAID)].map(([, word = '', owner = '', how = '']) => ({
    script: scriptName(word),
    owner,
    how,
  }));
  return said.map(([, word, subject, otherWord, otherSubject]) => {
    const script = scriptName(word ?? otherWord ?? '');
    const name = subject ?? otherSubject ?? '';
    // The last one: rpm speaks after the script, which may have said the same of itself.
    const detail = details.findLast((each) => each.script === script && isOf(each.owner, name));
    return detail ?? { script, owner: name, how: 'a failure' };
  });
}

/** `nginx-1.20.1-1.el9.x86_64`, with an epoch or without, is of the package `nginx`. */
function isOf(owner: string, name: string): boolean {
  const rest = owner.slice(name.length);
  return owner === name || (owner.startsWith(name) && /^-[^-]+-[^-]+$/.test(rest));
}
