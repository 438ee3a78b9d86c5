import type { Script } from './read-script.ts';

/** Files that come along with tests and are none: documents, data, sources, archives. */
const DATA =
  /\.(md|rst|txt|adoc|html?|json5?|jsonl|toml|ini|cfg|conf|cnf|xml|xsl|csv|tsv|sql|log|in|out|exp|expected|patch|diff|spec|repo|list|rpm|deb|gz|xz|bz2|zst|zip|tar|tgz|pem|crt|key|pub|asc|gpg|c|cc|cpp|h|hpp|java|go|rs|js|ts|css|png|svg|jpe?g|pdf|fmf|j2|tmpl|bak|orig|swp)$|~$/i;
const DOCUMENT =
  /^(readme|license|licence|copying|notice|authors|maintainers|contributing|changelog|changes|news|todo|makefile|dockerfile|containerfile|vagrantfile|jenkinsfile|codeowners|owners)([._-].*)?$/i;
/** What python and pytest read, and nobody runs. */
const PYTHON_PART = /^(__init__|conftest|setup)\.py$/;

/**
 * Why a file is no test; undefined: it is one. What begins with `#!` always is. Without, an executable bit is not enough
 * to make a test of a document: where file systems know no modes, all files have it.
 */
export function whyData(name: string, { shebang, isElf, isBinary, isEmpty, beginning }: Script): string | undefined {
  if (isEmpty) return 'empty';
  if (PYTHON_PART.test(name)) return 'part of others';
  if (/\.ya?ml$/.test(name)) return isPlaybook(beginning) ? undefined : 'no playbook';
  if (shebang || isElf) return undefined;
  if (DOCUMENT.test(name) || DATA.test(name)) return 'document or data';
  return isBinary ? 'binary data' : undefined;
}

/** A playbook is a list of plays, and a play has `hosts`, or is that of another file. */
function isPlaybook(beginning: string): boolean {
  return /^[ \t]*(-[ \t]+)?(hosts|import_playbook|ansible\.builtin\.import_playbook)[ \t]*:/m.test(beginning);
}
