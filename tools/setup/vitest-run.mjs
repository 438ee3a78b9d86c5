import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { RunProcesses } from './leftover-processes.mjs';
import { program, ROOT } from './repository.mjs';
import { run } from './run-command.mjs';

/** A file that could not be loaded has no tests to fail: it counts as one. */
function count(report) {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

const SHOWN_FAILURES = 20;
const SHOWN_LINES = 8;
const beginning = (text) => text.split('\n').slice(0, SHOWN_LINES).join('\n');

/** What failed in a JSON report, with the beginning of each error. */
export function failuresOf(report) {
  const told = report.testResults.flatMap(({ name, message, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const tests = failed.map(({ fullName, failureMessages }) => [fullName, failureMessages]);
    if (status === 'failed' && tests.length === 0) tests.push(['could not be run', [message]]);
    return tests.map(([test, errors]) => [`${relative(ROOT, name)}: ${test}`, ...errors.map(beginning)].join('\n'));
  });
  const more = told.length - SHOWN_FAILURES;
  return [...told.slice(0, SHOWN_FAILURES), ...(more > 0 ? [`… and ${more} more`] : [])].join('\n\n');
}

/** A directory for the temporary files of the tests, so that it can be seen what they leave there. */
function temporaryFiles(folder) {
  const path = join(folder, 't');
  mkdirSync(path);
  // Services that the tests start run as users of their own.
  chmodSync(folder, 0o711);
  chmodSync(path, 0o1777);
  return path;
}

async function checkWhatIsLeft(tally, project, processes, temporary) {
  await tally.check(`processes of ${project} tests`, async () => {
    const lines = processes.map(({ pid, command }) => `  ${pid} ${command}`);
    return lines.length > 0 ? `left running, and killed now:\n${lines.join('\n')}` : undefined;
  });
  await tally.check(`temporary files of ${project} tests`, async () => {
    const left = readdirSync(temporary).filter((name) => name.startsWith('alts-'));
    return left.length > 0 ? `left behind in the directory for temporary files:\n  ${left.join('\n  ')}` : undefined;
  });
}

/** Runs a vitest project, its output shown as it comes, and adds its tests to the tally. Resolves to the counts. */
export async function runVitest(tally, project, patterns, env) {
  const since = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'alts-vitest-'));
  const file = join(folder, 'report.json');
  const temporary = temporaryFiles(folder);
  const processes = new RunProcesses();
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const args = ['run', '--project', project, '--passWithNoTests', ...reporters, ...patterns];
    console.log(`\nvitest ${project}`);
    const { code } = await run(program('vitest'), args, {
      live: true,
      env: { ...env, ...processes.environment, TMPDIR: temporary },
      timeoutMs: 60 * 60_000,
    });
    const counts = { passed: 0, failed: 0, skipped: 0 };
    let failures = '';
    try {
      const report = JSON.parse(readFileSync(file, 'utf8'));
      Object.assign(counts, count(report));
      failures = failuresOf(report);
    } catch {
      console.log(`vitest ended with exit code ${code} and left no report`);
    }
    // An error outside any test, a crash: red although no test is.
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    tally.add(`${project} tests`, counts, since, failures);
    const left = await processes.killLeft();
    if (counts.passed + counts.failed > 0) await checkWhatIsLeft(tally, project, left, temporary);
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
